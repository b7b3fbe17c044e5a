/** How the days pass: five minutes of texts and people's acts, at times a plant, and the run at their end. Everything is judged on the spot. */
import { changePattern } from '../../lib/change-pattern.js';
import { togglePattern } from '../../lib/toggle-pattern.js';
import type { Random } from '../quo/random.js';
import { readState } from '../safety/support.js';
import { ADMIN, type Line } from './days-line.js';
import type { Found, Kind, Planted } from './days-plants.js';
import type { Arrival } from './days-traffic.js';

/** Texts within so long arrive at once. */
const AT_ONCE_MS = 20_000;
/** Runs between two acts of the admin. */
const ADMIN_EVERY = 5;

export type Report = {
  plants: Record<string, number>;
  found: number;
  missed: string[];
  falseIncidents: string[];
  deliveries: Record<string, number>;
  runMs: number[];
  activated: number;
  edited: number;
  expired: number;
  learned: number[];
};

export class Days {
  readonly report: Report = {
    plants: {},
    found: 0,
    missed: [],
    falseIncidents: [],
    deliveries: {},
    runMs: [],
    activated: 0,
    edited: 0,
    expired: 0,
    learned: [],
  };
  private planted: { kind: Kind; what: Planted } | null = null;
  private mending: { kind: Kind; what: Planted } | null = null;
  /** Runs until the admin's release; null while nothing is latched. */
  private untilRelease: number | null = null;
  private again: Arrival[] = [];

  private readonly line: Line;
  private readonly random: Random;
  private readonly endOf: (run: number) => number;

  /** @param endOf the moment of a run */
  constructor(line: Line, random: Random, endOf: (run: number) => number) {
    this.line = line;
    this.random = random;
    this.endOf = endOf;
  }

  /** Five minutes and the run at their end. */
  async pass(run: number, arrivals: readonly Arrival[], kind: Kind | undefined): Promise<void> {
    const { line, random, report } = this;
    await this.work(run, kind !== undefined);
    const batches = batch([...this.again.splice(0), ...arrivals]);
    const at = kind?.isLast ? batches.length : random.pick(batches.length + 1);
    for (const [index, texts] of batches.entries()) {
      if (kind && index === at) await this.plant(kind);
      await this.deliver(texts);
    }
    if (kind && at === batches.length) await this.plant(kind);
    await line.setClock(this.endOf(run));
    const [{ n }] = (await line.owner.sql<{
      n: number;
    }>(`select count(*)::int as n from decision_patterns p where is_active
      and not exists (select from activations a where a.pattern_id = p.id and a.version = p.version and a.expires_at > v3pls_now())
      and exists (select from activations a where a.pattern_id = p.id and a.version = p.version)`)) as [{ n: number }];
    const { status, ms } = await line.run().catch(error => ({ status: `failed: ${error}`, ms: 0 }));
    report.runMs.push(ms);
    if (this.planted) await this.judge(run, status);
    else if (this.untilRelease !== null) this.expect(run, status, 'latched');
    else {
      this.expect(run, status, 'clean');
      report.expired += n;
    }
  }

  private expect(run: number, status: string, expected: string): void {
    if (status !== expected) this.report.falseIncidents.push(`run ${run} was ${status} instead of ${expected}`);
  }

  /** The owner mends what was planted, an admin releases, and at other times activates, rewords and switches off. */
  private async work(run: number, isPlanted: boolean): Promise<void> {
    const { line, random, report } = this;
    if (this.untilRelease !== null) {
      if (this.mending) await this.mend(this.mending);
      this.mending = null;
      this.untilRelease -= 1;
      if (this.untilRelease >= 0) return;
      this.untilRelease = null;
      await line.release();
      report.learned.push(await countLearned(line));
    } else if (isPlanted) {
      for (let tries = 0; tries < 3 || (await this.find('is_active')).length === 0; tries++) await this.activate();
    } else if (run % ADMIN_EVERY === 0) {
      await this.activate();
      const [active] = await this.find('is_active');
      const { id, version: expectedVersion } = active ?? { id: '', version: 0 };
      const act = active && random.pick(6);
      if (act === 0) {
        const responseTemplate = `${active!.template.slice(0, 300)} Edition ${run}.`;
        await changePattern(id, { expectedVersion, responseTemplate, reason: 'said better' }, ADMIN);
        report.edited += 1;
      } else if (act === 1) await togglePattern(id, { active: false, expectedVersion }, ADMIN);
    }
  }

  /** Patterns that ask for review first: three customers taught them. */
  private async activate(): Promise<void> {
    const waiting = await this.find('not is_active and customer_count >= 3');
    const pattern = waiting[0] ?? (await this.find('not is_active'))[0];
    if (!pattern) return;
    await this.line.activate(pattern);
    this.report.activated += 1;
  }

  /** In an order of the seed's. */
  private async find(where: string) {
    const found = await this.line.owner.sql<{ id: string; version: number; template: string }>(
      `select id, version, response_template as template from decision_patterns
       where retired_at is null and ${where} order by first_seen, trigger_text`,
    );
    const from = found.length > 0 ? this.random.pick(found.length) : 0;
    return [...found.slice(from), ...found.slice(0, from)];
  }

  private async deliver(texts: readonly Arrival[]): Promise<void> {
    const { line, report } = this;
    const atMs = texts.at(-1)!.atMs;
    if (atMs > line.nowMs()) await line.setClock(atMs);
    const outcomes = await Promise.all(texts.map(text => line.deliver(text)));
    for (const [index, outcome] of outcomes.entries()) {
      report.deliveries[outcome] = (report.deliveries[outcome] ?? 0) + 1;
      if (outcome === 'later') this.again.push(texts[index]!);
    }
  }

  private async plant(kind: Kind): Promise<void> {
    const { line, report } = this;
    report.plants[kind.name] = (report.plants[kind.name] ?? 0) + 1;
    const before = await readState(line.owner);
    if (before.active === 0 || before.latched) report.falseIncidents.push(`nothing was on before ${kind.name}`);
    this.planted = { kind, what: await kind.plant(line, this.random) };
    if (kind.isAtOnce) report.missed.push(...(await this.listLeftOn(kind)));
  }

  /** After the run that had to find it. */
  private async judge(run: number, status: string): Promise<void> {
    const { kind, what } = this.planted!;
    this.mending = this.planted;
    this.untilRelease = 1 + this.random.pick(3);
    const wrong = await this.listLeftOn(kind);
    this.planted = null;
    const named = await this.line.owner.sql<{ check_id: Found[0]; key: string }>(
      `select check_id, key from incident_evidence where incident_id = (select id from incidents order by opened_at desc limit 1)`,
    );
    const isNamed = ([check, key]: Found) =>
      named.some(row => row.check_id === check && (/[:@]$/.test(key) ? row.key.startsWith(key) : row.key === key));
    if (!what.expected.every(isNamed) || named.length !== what.expected.length)
      wrong.push(`${kind.name} was named ${JSON.stringify(named)}`);
    if (status !== (kind.isAtOnce ? 'latched' : 'rolled_back'))
      wrong.push(`run ${run} after ${kind.name} was ${status}`);
    this.report.missed.push(...wrong);
    if (wrong.length === 0) this.report.found += 1;
  }

  /** Mended, everything is as off as it was. */
  private async mend({ kind, what }: { kind: Kind; what: Planted }): Promise<void> {
    await what.mend?.();
    this.report.missed.push(...(await this.listLeftOn(kind)));
  }

  /** What is still on though everything has to be off, latched and counted: one incident for each plant. */
  private async listLeftOn(kind: Kind): Promise<string[]> {
    const { inForce, ...state } = await readState(this.line.owner);
    const incidents = Object.values(this.report.plants).reduce((sum, n) => sum + n, 0);
    const off = { active: 0, executable: 0, latched: true, enabled: 'false', queued: 0, incidents, pending: 0 };
    // A view that was replaced answers nothing about what is in force; once it is mended it does.
    const isForced = inForce > 0 && !(kind.replacesForce && this.planted?.kind === kind);
    return JSON.stringify(state) === JSON.stringify(off) && !isForced
      ? []
      : [`after ${kind.name}: ${JSON.stringify({ ...state, inForce })}`];
  }
}

function batch(arrivals: readonly Arrival[]): Arrival[][] {
  const batches: Arrival[][] = [];
  for (const arrival of arrivals) {
    const last = batches.at(-1);
    if (last && arrival.atMs - last[0]!.atMs < AT_ONCE_MS) last.push(arrival);
    else batches.push([arrival]);
  }
  return batches;
}

export const countLearned = async ({ owner }: Line) =>
  (await owner.sql<{ n: number }>('select count(*)::int as n from exchanges where pattern_id is not null'))[0]!.n;

/** A line on a real PostgreSQL whose time is the test's: deliveries through the webhook's use case, people's acts, runs. */
import { actOnIncidents } from '../../lib/act-on-incidents.js';
import { updateConfig } from '../../lib/change-config.js';
import type { Caller } from '../../lib/http/caller.js';
import { forgetMatcher } from '../../lib/matcher.js';
import { receiveDelivery } from '../../lib/receive-delivery.js';
import { togglePattern } from '../../lib/toggle-pattern.js';
import { admitReplacedClock, runWatchdog, type WatchdogAnswer } from '../../lib/watch.js';
import { encodeEvent } from '../../scripts/quo/encode.js';
import { setLineEnvironment, sign } from '../line/support/quo-line.js';
import { connect, type Session } from '../safety/support.js';
import { createTestDatabase } from '../support/postgres.js';
import type { Arrival } from './days-traffic.js';

export const ADMIN: Caller = { actor: 'admin:ada', name: 'ada', role: 'admin', operatorId: null, expiresAt: null };

export type Line = {
  /** As the owner of the tables, who is also the foreign writer of these days. */
  owner: Session;
  nowMs(): number;
  setClock(atMs: number): Promise<void>;
  /** @returns what became of it; `later` where the sender is told to try again */
  deliver(arrival: Arrival): Promise<string>;
  run(): Promise<WatchdogAnswer & { ms: number }>;
  activate(pattern: { id: string; version: number }): Promise<void>;
  release(): Promise<void>;
  close(): Promise<void>;
};

/** In a schema of its own: what is in `public` the watchdog looks at. */
const TEST_CLOCK = `create schema clock; create table clock.moment (at timestamptz not null);
  insert into clock.moment values (now()); grant usage on schema clock to public; grant select on clock.moment to public;
  create or replace function v3pls_now() returns timestamptz language sql stable parallel safe as $$ select at from clock.moment $$`;

/** Learning on and the cron in time; deliveries let no run of their own follow, so that every run is one of the test's. */
export async function openLine(startMs: number): Promise<Line> {
  setLineEnvironment();
  forgetMatcher();
  const database = await createTestDatabase();
  const owner = await connect(database.url);
  await owner.script(TEST_CLOCK);
  await owner.script(`update inline_runs set claimed_at = 'infinity'`);
  await database.use();
  admitReplacedClock(true);
  let nowMs = startMs;
  const line: Line = {
    owner,
    nowMs: () => nowMs,
    async setClock(atMs) {
      nowMs = atMs;
      await owner.sql('update clock.moment set at = $1', [new Date(atMs)]);
    },
    async deliver({ item, dialect, deliveryId }) {
      const body = encodeEvent(item, dialect);
      const headers = new Headers(sign(body, dialect === 'standard' ? 'standard' : 'legacy', deliveryId, nowMs));
      return receiveDelivery(headers, Buffer.from(body), new Date(nowMs)).then(
        ({ status }) => status,
        () => 'later',
      );
    },
    async run() {
      const startedMs = performance.now();
      const answer = await runWatchdog();
      return { ...answer, ms: performance.now() - startedMs };
    },
    async activate({ id, version }) {
      await togglePattern(id, { active: true, expectedVersion: version, reason: 'read on the page' }, ADMIN);
    },
    async release() {
      await actOnIncidents({ action: 'release', reason: 'mended' }, ADMIN);
      await updateConfig({ values: { enabled: true }, reason: 'mended' }, ADMIN.actor);
    },
    async close() {
      admitReplacedClock(false);
      await owner.close();
      await database.close();
    },
  };
  await line.setClock(startMs);
  await updateConfig({ values: { enabled: true }, reason: 'the test begins' }, ADMIN.actor);
  return line;
}

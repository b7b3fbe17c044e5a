// What people do: the kill switch, a rollback by hand, a second one, and the plan's own rollback SQL.
import { sql } from 'drizzle-orm';
import { execute, readResult, writeBatch } from '../../db/client.js';
import { engageKillSwitch } from '../../db/watchdog.js';
import { actOnIncidents } from '../../lib/act-on-incidents.js';
import { togglePattern } from '../../lib/toggle-pattern.js';
import { ADMIN, OPERATOR, REASON } from './line.js';
import { PLAN_ROLLBACK } from './plan-sql.js';
import { queueRow } from './plants.js';
import type { Scene } from './rehearse.js';
import { count, describeRollback, findShortcomings, readState, type State } from './state.js';
import { findProblem, timed, Unexpected } from './step.js';

export const isSentence = (line: string | false): line is string => line !== false;

export const killSwitch: Scene = {
  id: 'kill switch',
  async play({ steps }, { inactive }) {
    const before = await readState();
    await steps.take(
      this.id,
      'The kill switch stops everything',
      'nothing is in force from that moment on',
      async () => {
        const { ms } = await timed(() => engageKillSwitch('manual', OPERATOR.actor));
        const after = await readState();
        const shortcomings = [
          !after.isLatched && 'it is not engaged',
          after.inForce > 0 && `${count(after.inForce, 'pattern')} stayed in force`,
        ].filter(isSentence);
        return { shortcomings, seen: `engaged; ${before.inForce} patterns were in force, now ${after.inForce}`, ms };
      },
    );
    await steps.take(
      this.id,
      'Behind it an admin can activate nothing',
      'refused with 409 and the gate that refuses',
      async () => {
        const body = { active: true, expectedVersion: 1, reason: REASON };
        const problem = await findProblem(togglePattern(inactive[0]!, body, ADMIN));
        const gates = (problem?.extra.gates ?? []) as { id: string; ok: boolean }[];
        const refusing = gates.filter(gate => !gate.ok).map(gate => gate.id);
        const shortcomings = refusing.includes('kill_switch') ? [] : ['the gate "kill_switch" did not refuse'];
        return { shortcomings, seen: `409 blocked: ${refusing.join(', ')}` };
      },
    );
    await steps.take(this.id, 'An operator rolls back by hand', 'everything off, with an incident', async () => {
      const { ms } = await timed(rollBack);
      const after = await readState();
      return { shortcomings: findShortcomings(before, after), seen: describeRollback(after), ms };
    });
  },
};

export const twice: Scene = {
  id: 'rollback twice',
  async play({ steps }) {
    await rollBack();
    await steps.take(
      this.id,
      'A second rollback changes nothing',
      'patterns, settings and queue as before; recorded',
      async () => {
        const once = await readState();
        const then = await hashWhatItMayChange();
        const { ms } = await timed(rollBack);
        const twice = await readState();
        const shortcomings = [
          then !== (await hashWhatItMayChange()) && 'a pattern, a setting or a queue row was changed',
          twice.incidents <= once.incidents && 'it was not recorded',
        ].filter(isSentence);
        return { shortcomings, seen: 'nothing changed, one incident more', ms };
      },
    );
  },
};

export const planRollback: Scene = {
  id: 'plan',
  async play({ steps }, { active: [id = ''] }) {
    await writeBatch([queueRow(id), queueRow(id)]);
    const { active, waiting } = await readState();
    const last = await readResult<number>(sql`select coalesce(max(id), 0)::int as result from audit_log`);
    const expected = 'nothing active, learning off, shadow mode on, nothing waiting, and the audit says so';
    await steps.take(this.id, "The plan's own rollback SQL, by hand", expected, async () => {
      const { ms } = await timed(async () => {
        for (const statement of PLAN_ROLLBACK) await execute(sql.raw(statement));
      });
      const state = await readState();
      const audited = await readResult<{ patterns: number; learning: number }>(sql`select jsonb_build_object(
        'patterns', (select count(*) from audit_log where id > ${last} and action = 'pattern_safety_changed'
          and details ->> 'isActive' = 'false'),
        'learning', (select count(*) from audit_log where id > ${last} and action = 'config_changed' and subject = 'enabled'
          and details ->> 'new' = 'false')) as result`);
      const shortcomings = [
        ...listSwitchedOn(state),
        state.waiting > 0 && `${count(state.waiting, 'queue row')} stayed waiting`,
        audited.patterns < active && `the audit names ${audited.patterns} of ${active} patterns`,
        audited.learning === 0 && 'the audit does not say that learning was switched off',
      ].filter(isSentence);
      const seen = `${count(active, 'pattern')} switched off, ${count(waiting, 'queue row')} cancelled, learning off; ${audited.patterns + audited.learning} audit rows`;
      return { shortcomings, seen, ms };
    });
  },
};

/** What nothing but an admin's activation may do, a sentence each. */
export function listSwitchedOn(state: State): string[] {
  return [
    state.active > 0 && `${count(state.active, 'pattern')} are active`,
    state.inForce > 0 && `${count(state.inForce, 'pattern')} are in force`,
    state.executable > 0 && `${count(state.executable, 'pattern')} can be executed without a person`,
    state.isLearning && 'learning is on',
    !state.isShadow && 'shadow mode is off',
  ].filter(isSentence);
}

/** @returns the incident's id */
export async function rollBack(): Promise<string> {
  const answer = await actOnIncidents({ action: 'rollback', reason: REASON }, OPERATOR);
  if (!('incidentId' in answer) || answer.incidentId === undefined)
    throw new Unexpected('the rollback named no incident');
  if (answer.status !== 'rolled_back') throw new Unexpected(`the rollback is ${answer.status}`);
  return answer.incidentId;
}

function hashWhatItMayChange(): Promise<string> {
  return readResult(sql`select concat_ws(' ',
    (select count(*) || ':' || coalesce(sum(hashtextextended(p::text, 0)::numeric), 0) from decision_patterns p),
    (select count(*) || ':' || coalesce(sum(hashtextextended(c::text, 0)::numeric), 0) from pattern_learning_config c),
    (select count(*) || ':' || coalesce(sum(hashtextextended(q::text, 0)::numeric), 0) from pattern_execution_queue q)) as result`);
}

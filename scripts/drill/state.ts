// What stands in the tables, read by plain SQL of the drill's own: a witness that is not the code it judges.
import { type SQL, sql } from 'drizzle-orm';
import { readResult } from '../../db/client.js';

export type State = {
  isLatched: boolean;
  active: number;
  inForce: number;
  /** Rows that could be executed without a person. */
  executable: number;
  /** Rows in the execution queue that wait. */
  waiting: number;
  isLearning: boolean;
  isShadow: boolean;
  incidents: number;
  /** Incidents whose rollback is not done. */
  pending: number;
  newest: Incident | null;
};

export type Incident = {
  id: string;
  source: string;
  rollback: 'pending' | 'done';
  /** The SQLSTATE that a rollback could not be done for. */
  pendingBecause: string | null;
  patternsOff: number | null;
  cancelled: number | null;
  /** The checks that its evidence belongs to. */
  checks: string[];
};

export const stateStatement: SQL = sql`select jsonb_build_object(
  'isLatched', v3pls_is_latched(),
  'active', (select count(*) from decision_patterns where is_active),
  'inForce', (select count(*) from patterns_in_force),
  'executable', (select count(*) from decision_patterns where auto_executable or not requires_confirmation),
  'waiting', (select count(*) from pattern_execution_queue where status = 'pending'),
  'isLearning', exists (select from pattern_learning_config where config_key = 'enabled' and config_value <> 'false'),
  'isShadow', exists (select from pattern_learning_config where config_key = 'shadow_mode' and config_value = 'true'),
  'incidents', (select count(*) from incidents),
  'pending', (select count(*) from incidents where rollback = 'pending'),
  'newest', (select jsonb_build_object('id', i.id, 'source', i.source, 'rollback', i.rollback,
      'pendingBecause', i.pending_because, 'patternsOff', jsonb_array_length(i.changed -> 'patterns'),
      'cancelled', jsonb_array_length(i.changed -> 'queue'),
      'checks', (select coalesce(jsonb_agg(distinct e.check_id), '[]') from incident_evidence e where e.incident_id = i.id))
    from incidents i order by i.opened_at desc limit 1)) as result`;

export function readState(): Promise<State> {
  return readResult<State>(stateStatement);
}

/** What a rollback should have done and did not, a sentence each; none when it is total. */
export function findShortcomings(before: State, after: State): string[] {
  const { newest } = after;
  const pending = newest?.rollback === 'pending' ? ` (${newest.pendingBecause ?? 'nothing was tried'})` : '';
  return [
    !after.isLatched && 'the kill switch was not engaged',
    after.incidents <= before.incidents && 'no incident was opened',
    after.pending > 0 && `the rollback is pending${pending}`,
    after.active > 0 && `${count(after.active, 'pattern')} stayed active`,
    after.inForce > 0 && `${count(after.inForce, 'pattern')} stayed in force`,
    after.executable > 0 && `${count(after.executable, 'pattern')} can be executed without a person`,
    after.waiting > 0 && `${count(after.waiting, 'queue row')} stayed waiting`,
    after.isLearning && 'learning stayed on',
    !after.isShadow && 'shadow mode is off',
  ].filter(shortcoming => shortcoming !== false);
}

export function describeRollback({ newest }: State): string {
  const checks = newest && newest.checks.length > 0 ? ` (${newest.checks.join(', ')})` : '';
  return `kill switch engaged; an incident from "${newest?.source}"${checks}, rolled back: ${count(newest?.patternsOff ?? 0, 'pattern')} switched off, ${count(newest?.cancelled ?? 0, 'queue row')} cancelled; learning off, shadow mode on`;
}

export function count(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? '' : 's'}`;
}

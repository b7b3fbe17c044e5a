// Evidence is never refused, and what says that something was executed switches everything off in its own transaction (I5, I6).
import { accepted, type Probe, refused } from '../probe.js';
import { audited, EXECUTED, NOTHING_ACTIVE } from './statements.js';

const executed = (columns: string, values: string) =>
  `insert into pattern_execution_history (${columns}) values (${values})`;
const ROLLED_BACK = `v3pls_is_latched() and ${NOTHING_ACTIVE} and v3pls_setting('enabled') = 'false'
  and not exists (select from pattern_execution_queue where status = 'pending')
  and exists (select from incidents i join incident_evidence e on e.incident_id = i.id where i.opened_at = now()
    and i.rollback = 'done' and jsonb_array_length(i.snapshot -> 'patterns') = 1 and e.check_id = 'executions')
  and ${audited('incident_opened')} and ${audited('rolled_back')}`;

const ALARMING: Record<string, string> = {
  'that says it was automatic': executed('was_auto_executed', 'true'),
  'that does not say whether it was': executed('approved_by, execution_mode', `'US1', 'manual'`),
  'that names no approver': executed('was_auto_executed, execution_mode', `false, 'manual'`),
  'in an unknown mode': executed('was_auto_executed, approved_by, execution_mode', `false, 'US1', 'auto'`),
  'of no pattern there is': executed('pattern_id, was_auto_executed', 'gen_random_uuid(), true'),
};

export const EVIDENCE: readonly Probe[] = [
  ...Object.entries(ALARMING).map(([what, script]) =>
    accepted(`an execution ${what} switches everything off in its own transaction`, script, ROLLED_BACK),
  ),
  accepted(
    'an execution that a person approved changes nothing',
    executed('was_auto_executed, approved_by, execution_mode', `false, 'US1', 'manual'`),
    'not v3pls_is_latched()',
  ),
  accepted(
    'evidence is recorded at the time it came',
    executed('was_auto_executed, recorded_at', `true, '2001-01-01'`),
    `not exists (select from pattern_execution_history where recorded_at < '2002-01-01')`,
  ),
  accepted(
    'evidence whose rollback cannot be done now is kept: latched, its rollback pending',
    `begin isolation level repeatable read; ${EXECUTED}`,
    `v3pls_is_latched() and exists (select from incidents where rollback = 'pending' and pending_because = 'V3R01')`,
  ),
  accepted(
    'a sequence that was set back keeps no evidence out',
    `select setval('pattern_execution_history_id_seq', 1, false); ${EXECUTED}`,
    'true',
  ),
  refused(
    'evidence is not marked as known before there is any',
    `insert into incident_evidence (check_id, key, incident_id) values ('ground_truth', 'AC1', '$incident')`,
  ),
  accepted(
    'a deleted queue row is cancelled and kept',
    'delete from pattern_execution_queue',
    `(select count(*) filter (where status = 'cancelled') > 0 and count(*) filter (where status = 'pending') = 0
      from pattern_execution_queue)`,
  ),
];

// What is always true, asked by SQL of the test's own in one statement, so of one moment: every number must be 0.
import { expect } from 'vitest';

type Asks = { sql<Row>(text: string, params?: unknown[]): Promise<Row[]> };

const approved = `exists (select from activations a where a.pattern_id = p.id and a.version = p.version
  and a.content_hash = v3pls_content_hash(p.trigger_text, p.response_template, p.slots))`;

/** What each number counts. None leans on what a check of the watchdog says. */
const FAULTS: Record<string, string> = {
  'patterns that execute or do not ask': `select count(*) from decision_patterns where auto_executable or not requires_confirmation`,
  'patterns that are on and were not approved in these words': `select count(*) from decision_patterns p where is_active and not ${approved}`,
  'patterns in force under a latch': `select count(*) from patterns_in_force where exists (select from kill_switch_latches l
    where not exists (select from kill_switch_releases r where r.latch_id = l.id))`,
  'patterns that are on under a latch whose rollback is done': `select count(*) from decision_patterns where is_active and v3pls_is_latched()
    and exists (select from incidents where state = 'open')
    and not exists (select from incidents where rollback = 'pending')
    and not exists (select from kill_switch_latches l where not exists (select from kill_switch_releases r where r.latch_id = l.id)
      and not exists (select from incidents i where i.recorded_at >= l.recorded_at))`,
  'rollbacks without their snapshot, their changes or their audit': `select count(*) from incidents i where rollback = 'done' and (snapshot is null
    or changed is null or rolled_back_at is null or jsonb_typeof(snapshot -> 'patterns') <> 'array' or (select count(*) from audit_log
      where action = 'rolled_back' and subject = i.id::text) <> 1)`,
  'incidents without their audit': `select count(*) from incidents i where (select count(*) from audit_log
    where action = 'incident_opened' and subject = i.id::text) <> 1`,
  'open incidents without a latch': `select count(*) from incidents where state = 'open' and not v3pls_is_latched()`,
  'evidence of an execution without its incident': `select count(*) from pattern_execution_history h where was_auto_executed is distinct from false
    and not exists (select from incident_evidence e join incidents i on i.id = e.incident_id where e.check_id = 'executions' and e.key = h.id::text)`,
  'patterns that are on and whose audit says otherwise': `select count(*) from decision_patterns p where is_active and (select details ->> 'isActive'
    from audit_log where subject = p.id::text and action = 'pattern_safety_changed' order by id desc limit 1) is distinct from 'true'`,
  'settings that are not there, or looser without their audit': `select count(*) from v3pls_config_rules() r left join pattern_learning_config c using (config_key)
    where c.config_key is null or (c.config_value <> r.default_value and c.config_value is distinct from (select details ->> 'new' from audit_log
      where action = 'config_changed' and subject = c.config_key order by id desc limit 1))`,
  'leases that no clean run gave': `select count(*) from watchdog_lease l where run_id is not null
    and not exists (select from watchdog_runs r where r.id = l.run_id and r.status = 'clean')`,
  'rows that wait': `select count(*) from pattern_execution_queue where status = 'pending' and not v3pls_is_latched()`,
  'counters that differ from their evidence': `select count(*) from decision_patterns p
    where exchange_count <> (select count(*) from exchanges e where e.pattern_id = p.id) or confidence_score <> v3pls_confidence(p.id, p.version)`,
  'deliveries that were accepted and whose message is not there': `select count(*) from deliveries d where outcome = 'accepted'
    and not exists (select from messages m where m.id = d.message_id)`,
  'decisions that were judged twice': `select count(*) from (select decision_id, exchange_id, pattern_id, outcome from shadow_judgements
    group by 1, 2, 3, 4 having count(*) > 1) twice`,
};

const QUESTION = `select jsonb_build_object(${Object.entries(FAULTS)
  .map(([name, query]) => `'${name}', (${query})`)
  .join(', ')}) as faults`;

/** @returns the names of what is not as it always has to be */
export async function findFaults(db: Asks): Promise<string[]> {
  const [row] = await db.sql<{ faults: Record<string, number> }>(QUESTION);
  return Object.entries(row!.faults).flatMap(([name, count]) => (count === 0 ? [] : [`${count} ${name}`]));
}

export async function expectSound(db: Asks, when?: string): Promise<void> {
  expect(await findFaults(db), when).toEqual([]);
}

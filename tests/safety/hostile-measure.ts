// What a statement leaves behind, measured inside its own transaction, which is then undone.
import { expect } from 'vitest';
import { EXECUTED, insertActivePattern, insertPattern, insertReason, makeReady, type Session } from './support.js';

/** Safety as one value: what may not grow, what may not loosen, what may not shrink. */
const MEASURE = `create function public.measure_safety() returns jsonb language sql
  set search_path = pg_catalog, public, pg_temp as $$
  select jsonb_build_object(
    'active', (select coalesce(jsonb_agg(id), '[]') from decision_patterns where is_active is distinct from false),
    'executable', (select count(*) from decision_patterns
      where auto_executable is distinct from false or requires_confirmation is distinct from true),
    'trusted', (select count(*) from decision_patterns
      where confidence_score is distinct from v3pls_confidence(id, version) and confidence_score is distinct from 0.50),
    'looser', (select coalesce(jsonb_agg(r.config_key), '[]') from v3pls_config_rules() r join settings_before b using (config_key)
      where b.config_value <> v3pls_setting(r.config_key) and r.config_key <> 'enabled'
        and v3pls_loosens(r.config_key, b.config_value, v3pls_setting(r.config_key))),
    'settings', (select count(*) from pattern_learning_config),
    'latched', v3pls_is_latched(),
    'lease', (select coalesce(v3pls_lease_until() > now() + interval '12 minutes', false)),
    'evidence', (select jsonb_object_agg(name, n) from (
      select 'history' as name, md5(string_agg(to_jsonb(h)::text, '' order by id)) as n from pattern_execution_history h where id <= (select history from kept)
      union all select 'audit', md5(string_agg(to_jsonb(a)::text, '' order by id)) from audit_log a where id <= (select audit from kept)
      union all select 'activations', md5(string_agg(to_jsonb(a)::text, '' order by id)) from activations a where id <= (select activations from kept)
      union all select 'latches', md5(string_agg(to_jsonb(l)::text, '' order by id)) from kill_switch_latches l where id <= (select latches from kept)
      union all select 'incidents', md5(string_agg(snapshot::text || source || rollback, '' order by id)) from incidents where opened_at <= (select incidents from kept)
    ) e)) $$`;

export type Measure = { active: string[]; latched: boolean };
/** What the statements' names stand for: an inactive pattern, an approved one, a closed incident whose rollback is done. */
export type Ids = Record<'off' | 'on' | 'incident', string>;

export type Scene = { ids: Ids; calm: Measure };

/** A database with one approved pattern, learning on, the kill switch released, a waiting queue row, and a row of every kind of evidence. */
export async function prepareHostile(db: Session): Promise<Scene> {
  await makeReady(db);
  await db.script(`${EXECUTED}; insert into shadow_decisions (thread_id, last_message_id, kind) values ('CN1', 'AC1', 'abstained');
    insert into shadow_judgements (decision_id, would_reply, outcome) values (1, true, 'ignored')`);
  const [incident] = await db.sql<{ id: string }>('select id from incidents limit 1');
  await makeReady(db);
  // A setting that an admin loosened once, and that was tightened since.
  await db.sql(
    `insert into config_changes (config_key, new_value, actor, reason_id) values ('activation_days', '31', 'admin:ada', $1)`,
    [await insertReason(db)],
  );
  await db.sql(`update pattern_learning_config set config_value = '30' where config_key = 'activation_days'`);
  await db.sql(`insert into pattern_execution_queue (conversation_id) values ('CN1')`);
  const ids = { off: await insertPattern(db), on: await insertActivePattern(db), incident: incident!.id };
  await db.script(`create table settings_before as select config_key, config_value from pattern_learning_config;
    create table kept as select (select max(id) from pattern_execution_history) as history, (select max(id) from audit_log) as audit,
      (select max(id) from activations) as activations, (select max(id) from kill_switch_latches) as latches,
      (select max(opened_at) from incidents) as incidents;
    ${MEASURE}`);
  const [row] = await db.sql<{ m: Measure }>('select measure_safety() as m');
  return { ids, calm: row!.m };
}

/** @returns the text that `question` (an SQL value) has after the statement, or the code with which it was refused */
export async function ask(
  db: Session,
  ids: Ids,
  statement: string,
  question: string,
): Promise<{ answer: string } | { refused: string }> {
  const name = (text: string) => text.replaceAll(/\$(off|on|incident)\b/g, (_match, key: keyof Ids) => ids[key]);
  const error = await db
    .script(
      `${statement.startsWith('begin') ? '' : 'begin; '}${name(statement)}; do $measure$ begin
       raise exception using errcode = 'V3ZZZ', message = (${name(question)})::text; end $measure$`,
    )
    .then(
      () => expect.unreachable('the measurement always ends the transaction'),
      (thrown: { code: string; message: string }) => thrown,
    );
  return error.code === 'V3ZZZ' ? { answer: error.message } : { refused: error.code };
}

/** @returns the safety that the statement would leave behind, or the code with which it was refused */
export async function attempt(db: Session, ids: Ids, statement: string): Promise<Measure | string> {
  const left = await ask(db, ids, statement, 'public.measure_safety()');
  return 'refused' in left ? left.refused : (JSON.parse(left.answer) as Measure);
}

/** A mistake of the test's own, not a refusal: no syntax, no such column, type, function or table. */
export const MISTAKE = /^42(601|703|804|846|883|P01|P02|P10)/;

/** @returns the code with which the statement was refused; null where it was not, and left everything as safe as it was */
export async function expectHarmless(db: Session, { ids, calm }: Scene, statement: string): Promise<string | null> {
  const left = await attempt(db, ids, statement);
  expect(findLoosened(left, calm, ids)).toBeNull();
  if (typeof left !== 'string') return null;
  expect(left, 'a mistake of this test, not a refusal').not.toMatch(MISTAKE);
  return left;
}

/** @returns what is less safe than it was; null where nothing is */
export function findLoosened(left: Measure | string, calm: Measure, { on }: Ids): Record<string, unknown> | null {
  if (typeof left === 'string') return null;
  const loosened: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(left)) {
    if (key === 'latched' || key === 'active') continue;
    if (JSON.stringify(value) !== JSON.stringify(calm[key as keyof Measure])) loosened[key] = value;
  }
  const switchedOn = left.active.filter(id => id !== on);
  if (switchedOn.length > 0) loosened.active = switchedOn;
  if (calm.latched && !left.latched) loosened.latched = false;
  return Object.keys(loosened).length > 0 ? loosened : null;
}

// Statements that somebody with the owner's password might run: none leaves anything on that was off, a setting looser, or
// evidence less than it was. What each leaves behind is measured inside its own transaction, which is then undone.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOSTILE } from './hostile-statements.js';
import { DATABASES, EXECUTED, insertActivePattern, insertPattern, makeReady, type Session } from './support.js';

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

type Measure = { active: string[]; latched: boolean };

describe.each(DATABASES)('a hostile statement on %s', (_, open) => {
  let db: Session;
  let ids: Record<string, string>;
  let calm: Measure;
  beforeAll(async () => {
    db = await open();
    await makeReady(db);
    await db.script(`${EXECUTED}; insert into shadow_decisions (thread_id, last_message_id, kind) values ('CN1', 'AC1', 'abstained');
      insert into shadow_judgements (decision_id, would_reply, outcome) values (1, true, 'ignored')`);
    const [incident] = await db.sql<{ id: string }>('select id from incidents limit 1');
    await makeReady(db);
    await db.sql(`insert into pattern_execution_queue (conversation_id) values ('CN1')`);
    ids = { off: await insertPattern(db), on: await insertActivePattern(db), incident: incident!.id };
    await db.script(`create table settings_before as select config_key, config_value from pattern_learning_config;
      create table kept as select (select max(id) from pattern_execution_history) as history, (select max(id) from audit_log) as audit,
        (select max(id) from activations) as activations, (select max(id) from kill_switch_latches) as latches,
        (select max(opened_at) from incidents) as incidents;
      ${MEASURE}`);
    calm = (await db.sql<{ m: Measure }>('select measure_safety() as m'))[0]!.m;
  });
  afterAll(() => db.close());

  /** @returns the safety that the statement would leave behind, or the code with which it was refused */
  async function attempt(statement: string): Promise<Measure | string> {
    const text = statement.replaceAll(/\$(off|on|incident)\b/g, (_match, name: string) => ids[name]!);
    const error = await db
      .script(
        `${text.startsWith('begin') ? '' : 'begin; '}${text}; do $measure$ begin
         raise exception using errcode = 'V3ZZZ', message = public.measure_safety()::text; end $measure$`,
      )
      .then(
        () => expect.unreachable('the measurement always ends the transaction'),
        (thrown: { code: string; message: string }) => thrown,
      );
    return error.code === 'V3ZZZ' ? (JSON.parse(error.message) as Measure) : error.code;
  }

  it('begins with one approved pattern, learning on, the kill switch released', () => {
    expect(calm).toMatchObject({
      active: [ids.on],
      executable: 0,
      trusted: 0,
      looser: [],
      settings: 13,
      latched: false,
      lease: false,
      evidence: { history: expect.any(String), audit: expect.any(String), incidents: expect.any(String) },
    });
    expect(HOSTILE.length).toBeGreaterThan(100);
    expect(new Set(HOSTILE).size).toBe(HOSTILE.length);
  });

  it.each(HOSTILE)('leaves everything as safe as it was: %s', async statement => {
    const left = await attempt(statement);
    if (typeof left === 'string')
      return expect(left, 'a mistake of this test, not a refusal').not.toMatch(/^42(601|703|804|846|883|P01|P02|P10)/);
    const { active, latched, ...rest } = left;
    const { active: _active, latched: _latched, ...calmRest } = calm;
    expect(rest).toEqual(calmRest);
    expect(active.filter(id => id !== ids.on)).toEqual([]);
    expect(latched || !calm.latched).toBe(true);
  });
});

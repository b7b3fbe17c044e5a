// The activation plan's own SQL: each statement runs as it stands and does what its comment says.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  ACTIVITY,
  CLEAR_QUEUE,
  DEACTIVATE,
  DEFAULTS,
  DISABLE,
  ENABLE,
  EXECUTIONS,
  NEW_PATTERNS,
  QUICK_CHECK,
  QUICK_COUNT,
  QUICK_ENABLE,
  SHADOW,
} from '../support/plan-sql.js';
import { DATABASES, insertActivePattern, insertPattern, makeReady, readState, type Session } from './support.js';

describe.each(DATABASES)("the activation plan's SQL on %s", (_, open) => {
  let db: Session;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(() => makeReady(db));

  it('phase 1 enables learning and keeps shadow mode on, audited with who did it in SQL', async () => {
    await db.script(DISABLE);
    const [before] = await db.sql<{ id: string }>('select max(id) as id from audit_log');
    await db.script(ENABLE);
    await db.script(SHADOW);
    expect(await db.sql(QUICK_CHECK)).toEqual(
      expect.arrayContaining([
        { config_key: 'enabled', config_value: 'true' },
        { config_key: 'shadow_mode', config_value: 'true' },
      ]),
    );
    const audit = await db.sql<{ actor: string }>(
      'select actor, action, subject, details from audit_log where id > $1',
      [before!.id],
    );
    expect(audit).toEqual([
      {
        actor: 'sql:postgres',
        action: 'config_changed',
        subject: 'enabled',
        details: { old: 'false', new: 'true' },
      },
    ]);
  });

  it('phase 2 shows the defaults: inactive, not auto-executable, asks for confirmation', async () => {
    const rows = await db.sql<{ column_name: string; column_default: string }>(DEFAULTS);
    expect(Object.fromEntries(rows.map(row => [row.column_name, row.column_default]))).toEqual({
      is_active: 'false',
      auto_executable: 'false',
      requires_confirmation: 'true',
    });
    expect(rows).toHaveLength(3);
  });

  it('the thresholds are the plan’s', async () => {
    expect(
      await db.sql(`select config_key, config_value from pattern_learning_config
        where config_key in ('auto_execute_threshold', 'min_executions_for_auto') order by 1`),
    ).toEqual([
      { config_key: 'auto_execute_threshold', config_value: '0.95' },
      { config_key: 'min_executions_for_auto', config_value: '20' },
    ]);
  });

  it('phase 5 lists the new patterns with confidence 0.50, inactive', async () => {
    const id = await insertPattern(db, { trigger: 'is bay 4 free?', template: 'Yes, it is.' });
    const rows = await db.sql<Record<string, unknown>>(NEW_PATTERNS);
    const row = rows.find(candidate => candidate.id === id);
    expect(row).toMatchObject({
      pattern_type: 'faq',
      trigger_text: 'is bay 4 free?',
      response_template: 'Yes, it is.',
      confidence_score: '0.5000',
      is_active: false,
      auto_executable: false,
      created_from: 'external',
    });
    const seen = rows.map(candidate => (candidate.first_seen as Date).getTime());
    expect(seen).toEqual([...seen].sort((one, other) => other - one));
  });

  it('phase 5 counts executions: none, and one automatic one when there is one', async () => {
    expect(await db.sql(EXECUTIONS)).toEqual([{ total_executions: '0', auto_executions: '0' }]);
    await db.sql('insert into pattern_execution_history (was_auto_executed) values (true)');
    expect(await db.sql(EXECUTIONS)).toEqual([{ total_executions: '1', auto_executions: '1' }]);
  });

  it('phase 5 shows learning activity by day, with the active ones counted', async () => {
    await insertActivePattern(db);
    const [today, ...more] = await db.sql<Record<string, string>>(ACTIVITY);
    const [totals] = await db.sql<{ n: string; active: string }>(
      'select count(*) as n, count(*) filter (where is_active) as active from decision_patterns',
    );
    expect(more).toEqual([]);
    expect(today).toMatchObject({ patterns_created: totals!.n, active_patterns: totals!.active });
    expect(Number(today!.active_patterns)).toBeGreaterThan(0);
    expect(Number(today!.avg_confidence)).toBe(0.5);
  });

  it('after the three rollback statements nothing is active, learning is off and nothing is waiting', async () => {
    const active = [await insertActivePattern(db), await insertActivePattern(db)];
    const bystander = await insertPattern(db);
    const [waiting] = await db.sql<{ id: string }>(
      'insert into pattern_execution_queue (pattern_id) values ($1) returning id',
      [active[0]],
    );
    const before = await db.sql('select * from decision_patterns where id = $1', [bystander]);
    for (const statement of [DISABLE, DEACTIVATE, CLEAR_QUEUE]) await db.script(statement);
    expect(await readState(db)).toMatchObject({ active: 0, executable: 0, inForce: 0, enabled: 'false', queued: 0 });
    expect(await db.sql('select status from pattern_execution_queue where id = $1', [waiting!.id])).toEqual([
      { status: 'cancelled' },
    ]);
    expect(await db.sql('select * from decision_patterns where id = $1', [bystander])).toEqual(before);
    const audit = await db.sql(
      `select actor, details ->> 'isActive' as "isActive" from audit_log
       where action = 'pattern_safety_changed' and subject = $1 order by id desc limit 1`,
      [active[1]],
    );
    expect(audit).toEqual([{ actor: 'sql:postgres', isActive: 'false' }]);
  });

  it('the three rollback statements pasted as one leave shadow mode on, and the audit says what was switched off and by whom', async () => {
    const active = [await insertActivePattern(db), await insertActivePattern(db)];
    await db.sql('insert into pattern_execution_queue (pattern_id) values ($1)', [active[0]]);
    const [before] = await db.sql<{ id: string }>('select max(id) as id from audit_log');
    await db.script([DISABLE, DEACTIVATE, CLEAR_QUEUE].join('\n'));
    expect(await readState(db)).toMatchObject({ active: 0, executable: 0, inForce: 0, enabled: 'false', queued: 0 });
    expect(
      await db.sql(`select config_key, config_value from pattern_learning_config where config_key in ('enabled', 'shadow_mode')
        order by 1`),
    ).toEqual([
      { config_key: 'enabled', config_value: 'false' },
      { config_key: 'shadow_mode', config_value: 'true' },
    ]);
    const recorded = await db.sql<{ subject: string }>(
      `select action, subject, actor, coalesce(details ->> 'new', details ->> 'isActive') as now from audit_log where id > $1`,
      [before!.id],
    );
    const off = { action: 'pattern_safety_changed', actor: 'sql:postgres', now: 'false' };
    expect(recorded).toHaveLength(3);
    expect(recorded).toEqual(
      expect.arrayContaining([
        { action: 'config_changed', subject: 'enabled', actor: 'sql:postgres', now: 'false' },
        ...active.map(subject => ({ ...off, subject })),
      ]),
    );
  });

  it('the rollback statements run while the kill switch is engaged, and twice', async () => {
    await insertActivePattern(db);
    await db.sql(`insert into kill_switch_latches (source, actor) values ('test', 'operator:olga')`);
    for (const statement of [DISABLE, DEACTIVATE, CLEAR_QUEUE, DISABLE, DEACTIVATE, CLEAR_QUEUE])
      await db.script(statement);
    expect(await readState(db)).toMatchObject({ active: 0, enabled: 'false', queued: 0, latched: true });
  });

  it('the quick start enables, shows and counts', async () => {
    await db.script(DISABLE);
    await db.script(QUICK_ENABLE);
    expect((await readState(db)).enabled).toBe('true');
    await insertPattern(db);
    const [row] = await db.sql<{ pattern_count: string; latest: Date }>(QUICK_COUNT);
    expect(Number(row!.pattern_count)).toBeGreaterThan(0);
    expect(row!.latest).toBeInstanceOf(Date);
  });
});

// What the plan's checklists ask of the database, on a real PostgreSQL and on the embedded one: counts, moments, no text.
import { beforeAll, describe, expect, it } from 'vitest';
import { askPatternVersions, askPlanFacts } from '../../scripts/doctor/ask-plan-facts.js';
import { createTestPglite } from '../support/pglite.js';
import { createTestDatabase } from '../support/postgres.js';

type Line = { sql(text: string): Promise<unknown>; close(): Promise<void> };

const DATABASES: [name: string, open: () => Promise<Line>][] = [
  [
    'PostgreSQL',
    async () => {
      const database = await createTestDatabase();
      await database.use();
      return database;
    },
  ],
  [
    'PGlite',
    async () => {
      const database = await createTestPglite();
      await database.use();
      return { sql: text => database.exec(text), close: () => database.close() };
    },
  ],
];

const TEXT = 'The code of the back door is 4711';

describe.each(DATABASES)('what the checklists ask of %s', (_, open) => {
  let db: Line;
  beforeAll(async () => {
    db = await open();
    await at('2026-11-23 12:00');
    return () => db.close();
  });
  const at = (moment: string) =>
    db.sql(`create or replace function v3pls_now() returns timestamptz language sql stable parallel safe
      as $$ select timestamptz '${moment}+00' $$`);
  const watch = (status: string, finishedAt: string) =>
    db.sql(`insert into watchdog_runs (status, checks, started_at, finished_at)
      values ('${status}', '[]', '${finishedAt}+00', '${finishedAt}+00')`);
  const enable = (value: boolean) =>
    db.sql(`UPDATE pattern_learning_config SET config_value = '${value}' WHERE config_key = 'enabled'`);

  it('of a new database: the plan’s defaults, no pattern, no execution, learning never on', async () => {
    expect(await askPlanFacts()).toMatchObject({
      now: '2026-11-23T12:00:00+00:00',
      database: expect.stringMatching(/^[0-9a-f-]{36}$/),
      version: expect.stringMatching(/^\d+\.\d+$/),
      defaults: { is_active: 'false', auto_executable: 'false', requires_confirmation: 'true' },
      patterns: { count: 0, active: 0, executable: 0, confident: 0, edited: 0, lastDay: 0, lastWeek: 0 },
      executions: { lastDay: 0, automaticLastDay: 0, automaticEver: 0 },
      enabledAt: null,
      exchanges: { answered: 0, learned: 0, skipped: {} },
      runs: { byStatus: {}, widestGapMinutes: 1_440 },
      incidentsLastDay: 0,
    });
    expect(await askPatternVersions()).toEqual([]);
  });

  it('counts patterns by the day on which they came, and shows ids and versions of all, never a text', async () => {
    for (const moment of ['2026-11-10 12:00', '2026-11-20 12:00', '2026-11-23 09:00']) {
      await at(moment);
      await db.sql(`insert into decision_patterns (pattern_type, trigger_text, response_template)
        values ('faq', '${TEXT}', '${TEXT}')`);
    }
    await at('2026-11-23 12:00');
    const facts = await askPlanFacts();
    expect(facts.patterns).toMatchObject({ count: 3, active: 0, executable: 0, lastDay: 1, lastWeek: 2 });
    const versions = await askPatternVersions();
    expect(versions.map(({ version, isActive }) => [version, isActive])).toEqual(Array(3).fill([1, false]));
    expect(JSON.stringify([facts, versions])).not.toContain('door');
  });

  it('knows since when learning is on, and counts answers from then', async () => {
    const answer = (key: string, skipped: string | null) =>
      db.sql(`insert into exchanges (key, thread_id, line_id, customer_message_ids, operator_message_ids, started_at, skipped, pattern_id)
        values ('${key}', 'CN1', 'PN1', array['${key}'], array['a${key}'], v3pls_now(), ${skipped ? `'${skipped}'` : 'null'},
          ${skipped ? 'null' : '(select id from decision_patterns order by created_at limit 1)'})`);
    await at('2026-11-22 08:00');
    await enable(true);
    await at('2026-11-22 09:00');
    await enable(false);
    await answer('k1', 'learning_off');
    await at('2026-11-22 18:00');
    await enable(true);
    await answer('k2', 'acknowledgement');
    await answer('k3', 'acknowledgement');
    await answer('k4', null);
    await at('2026-11-23 12:00');
    expect(await askPlanFacts()).toMatchObject({
      enabledAt: '2026-11-22T18:00:00+00:00',
      exchanges: { answered: 3, learned: 1, skipped: { acknowledgement: 2 } },
    });
  });

  it('counts the watchdog’s runs since then, and the longest time without one, up to now', async () => {
    for (const moment of ['17:00', '18:05', '18:10', '20:00']) await watch('clean', `2026-11-22 ${moment}`);
    await watch('unknown', '2026-11-23 10:00');
    await watch('clean', '2026-11-23 11:55');
    expect((await askPlanFacts()).runs).toEqual({ byStatus: { clean: 4, unknown: 1 }, widestGapMinutes: 840 });
    await at('2026-11-24 11:55');
    expect((await askPlanFacts()).runs).toEqual({ byStatus: { clean: 1 }, widestGapMinutes: 1_440 });
  });

  it('counts what was executed automatically, or does not say, and the incidents; after a day only as ever', async () => {
    await at('2026-11-24 12:00');
    await db.sql(
      `insert into pattern_execution_history (was_auto_executed, approved_by) values (true, 'x'), (false, 'maria')`,
    );
    await db.sql('insert into pattern_execution_history (was_auto_executed) values (null)');
    const facts = await askPlanFacts();
    expect(facts.executions).toEqual({ lastDay: 3, automaticLastDay: 2, automaticEver: 2 });
    expect(facts.incidentsLastDay).toBeGreaterThan(0);
    await at('2026-11-25 12:01');
    expect(await askPlanFacts()).toMatchObject({
      executions: { lastDay: 0, automaticLastDay: 0, automaticEver: 2 },
      incidentsLastDay: 0,
    });
  });

  it('shows a default that somebody changed by hand', async () => {
    await db.sql('alter table decision_patterns alter column is_active set default true');
    await db.sql('alter table decision_patterns alter column requires_confirmation drop default');
    expect((await askPlanFacts()).defaults).toEqual({
      is_active: 'true',
      auto_executable: 'false',
      requires_confirmation: null,
    });
  });
});

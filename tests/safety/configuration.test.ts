// The settings: a closed set of keys with typed values; raw SQL only tightens, an admin's recorded change loosens (I12).
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CONFIG_RULES, type ConfigKey, isLoosening, parseConfigValue } from '../../lib/safety/config-rules.js';
import { DATABASES, insertReason, makeReady, refusal, type Session } from './support.js';

type Case = { key: ConfigKey; looser?: string; tighter: string; wrong: string[] };

const NUMBERS = [
  'TRUE',
  'off',
  ' true',
  '',
  ' 7',
  '7 ',
  '07',
  '-1',
  '+1',
  '1e3',
  '1.5',
  '٣',
  'NaN',
  'Infinity',
  '0',
  '999999999',
];
const SHARES = [
  'TRUE',
  '',
  ' 0.9',
  '.9',
  '0,9',
  '-0.1',
  '1.5',
  '2',
  '1e-1',
  '0.95000',
  'NaN',
  'Infinity',
  '95%',
  '0x1',
];

/** One of each key; `looser` is missing where no value is less safe than another. */
const CASES: Case[] = [
  {
    key: 'shadow_mode',
    looser: 'false',
    tighter: 'true',
    wrong: ['TRUE', 'off', ' true', 'yes', '1', '', 'on', 'True'],
  },
  { key: 'auto_execute_threshold', looser: '0.94', tighter: '0.96', wrong: [...SHARES, '0.4999', '0'] },
  { key: 'match_threshold', looser: '0.05', tighter: '0.99', wrong: SHARES },
  { key: 'min_executions_for_auto', looser: '19', tighter: '21', wrong: NUMBERS },
  { key: 'review_min_customers', looser: '2', tighter: '4', wrong: NUMBERS },
  { key: 'activation_days', looser: '31', tighter: '29', wrong: NUMBERS },
  { key: 'watchdog_interval_minutes', looser: '6', tighter: '4', wrong: NUMBERS },
  { key: 'silence_hours', looser: '73', tighter: '71', wrong: NUMBERS },
  { key: 'conversation_window_minutes', tighter: '30', wrong: NUMBERS },
  { key: 'message_retention_days', tighter: '90', wrong: NUMBERS },
  { key: 'delivery_retention_days', tighter: '7', wrong: NUMBERS },
  {
    key: 'business_timezone',
    tighter: 'America/Denver',
    wrong: ['', ' ', 'Nowhere/City', 'UTC; drop table x', 'America/Denver ', 'a'.repeat(65), '<b>'],
  },
  { key: 'enabled', tighter: 'false', wrong: ['TRUE', 'off', ' true', 'yes', '1', '', 'on', 'false\n', 'null'] },
];

describe.each(DATABASES)('the settings on %s', (_, open) => {
  let db: Session;
  let defaults: Record<string, string>;
  beforeAll(async () => {
    db = await open();
    await makeReady(db);
    defaults = await readAll();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await makeReady(db);
    const reason = await insertReason(db);
    for (const [key, value] of Object.entries(defaults)) await command(key, value, reason);
  });

  async function readAll(): Promise<Record<string, string>> {
    const rows = await db.sql<{ key: string; value: string }>(
      'select config_key as key, config_value as value from pattern_learning_config order by 1',
    );
    return Object.fromEntries(rows.map(row => [row.key, row.value]));
  }
  const command = (key: string, value: string | null, reason: string | null, actor: string | null = 'admin:ada') =>
    db.sql('insert into config_changes (config_key, new_value, actor, reason_id) values ($1, $2, $3, $4)', [
      key,
      value,
      actor,
      reason,
    ]);
  const set = (key: string, value: string) =>
    db.sql('update pattern_learning_config set config_value = $2 where config_key = $1', [key, value]);
  const upsert = (key: string, value: string) =>
    db.sql(
      `insert into pattern_learning_config (config_key, config_value) values ($1, $2)
       on conflict (config_key) do update set config_value = excluded.config_value`,
      [key, value],
    );

  it('are exactly the thirteen that the code knows, and every one is tried here', () => {
    expect(Object.keys(defaults).sort()).toEqual(Object.keys(CONFIG_RULES).sort());
    expect(CASES.map(({ key }) => key).sort()).toEqual(Object.keys(CONFIG_RULES).sort());
  });

  it.each(CASES)('$key: raw SQL cannot loosen it, and may tighten it', async ({ key, looser, tighter }) => {
    if (looser) {
      await refusal(set(key, looser));
      await refusal(upsert(key, looser));
      await refusal(
        db.sql(`update pattern_learning_config set config_value = $2, updated_by = 'admin:ada' where config_key = $1`, [
          key,
          looser,
        ]),
      );
      expect(await readAll()).toEqual(defaults);
    }
    await set(key, tighter);
    expect(await readAll()).toEqual({ ...defaults, [key]: tighter });
  });

  it.each(CASES)('$key: no other spelling of a value is accepted, not even from an admin', async ({ key, wrong }) => {
    const reason = await insertReason(db);
    for (const value of wrong) {
      await refusal(set(key, value));
      await refusal(upsert(key, value));
      await refusal(command(key, value, reason));
    }
    await refusal(db.sql('update pattern_learning_config set config_value = null where config_key = $1', [key]));
    await refusal(command(key, null, reason));
    expect(await readAll()).toEqual(defaults);
  });

  it.each(CASES.filter(({ key, looser }) => looser && key !== 'shadow_mode'))(
    '$key: an admin’s change loosens it, with a reason and a name',
    async ({ key, looser }) => {
      const reason = await insertReason(db);
      await refusal(command(key, looser!, null));
      await refusal(command(key, looser!, reason, ''));
      await refusal(command(key, looser!, reason, '  '));
      await refusal(command(key, looser!, reason, null));
      expect(await readAll()).toEqual(defaults);
      await command(key, looser!, reason);
      expect(await readAll()).toEqual({ ...defaults, [key]: looser });
      expect(
        await db.sql(
          `select actor, details, reason_id from audit_log where action = 'config_changed' order by id desc limit 1`,
        ),
      ).toEqual([{ actor: 'admin:ada', details: { old: defaults[key], new: looser }, reason_id: reason }]);
      const [row] = await db.sql('select updated_by from pattern_learning_config where config_key = $1', [key]);
      expect(row).toEqual({ updated_by: 'admin:ada' });
    },
  );

  it('shadow mode stays on, whoever asks', async () => {
    await refusal(command('shadow_mode', 'false', await insertReason(db)));
    await refusal(set('shadow_mode', 'false'));
    expect((await readAll()).shadow_mode).toBe('true');
  });

  it.each(CASES.filter(({ looser }) => looser))(
    '$key: a change of another transaction, or of another value, does not help raw SQL',
    async ({ key, looser, tighter }) => {
      await command(key, tighter, null);
      await refusal(set(key, defaults[key] === tighter ? looser! : defaults[key]!));
      await refusal(
        db.script(`insert into config_changes (config_key, new_value, actor) values ('${key}', '${tighter}', 'admin:ada');
          update pattern_learning_config set config_value = '${looser}' where config_key = '${key}'`),
      );
      expect((await readAll())[key]).toBe(tighter);
    },
  );

  it.each(CASES)(
    '$key: its row cannot be deleted or renamed, and a missing one reads as the safest',
    async ({ key, looser }) => {
      expect(await refusal(db.sql('delete from pattern_learning_config where config_key = $1', [key]))).toBe('V3A01');
      expect(
        await refusal(db.sql(`update pattern_learning_config set config_key = 'gone' where config_key = $1`, [key])),
      ).toBe('V3G02');
      const [rule] = await db.sql<{ safest: string }>(
        'select safest_value as safest from v3pls_config_rules() where config_key = $1',
        [key],
      );
      await db.script(`begin;
      alter table pattern_learning_config disable trigger user;
      delete from pattern_learning_config where config_key = '${key}';
      alter table pattern_learning_config enable trigger user;
      do $$ begin
        if v3pls_setting('${key}') is distinct from '${rule!.safest}' then raise exception 'not the safest'; end if;
      end $$;
      rollback`);
      if (!looser) return;
      // Nothing looser than the safest comes in by raw SQL where a row is missing.
      await refusal(
        db.script(`begin;
        alter table pattern_learning_config disable trigger user;
        delete from pattern_learning_config where config_key = '${key}';
        alter table pattern_learning_config enable trigger user;
        insert into pattern_learning_config (config_key, config_value) values ('${key}', '${looser}');
        commit`),
      );
      expect(await readAll()).toEqual(defaults);
    },
  );

  it('an unknown setting is refused', async () => {
    const reason = await insertReason(db);
    for (const key of ['auto_send', 'ENABLED', ' enabled', 'shadow_mode ', '']) {
      await refusal(upsert(key, 'true'));
      await refusal(command(key, 'true', reason));
    }
    expect(await db.sql(`select v3pls_setting('auto_send') as value`)).toEqual([{ value: null }]);
    expect(await readAll()).toEqual(defaults);
  });

  it('the safest value is never looser than the default, and the code agrees with the database on what loosens', async () => {
    const rules = await db.sql<{ key: ConfigKey; value: string; safest: string; loosens: string }>(
      'select config_key as key, default_value as value, safest_value as safest, loosens from v3pls_config_rules()',
    );
    for (const { key, value, safest, loosens } of rules) {
      expect(CONFIG_RULES[key].loosens, key).toBe(loosens);
      expect(isLoosening(key, parseConfigValue(key, value), parseConfigValue(key, safest)), key).toBe(false);
      expect(defaults[key], key).toBe(key === 'enabled' ? 'true' : value);
    }
    for (const { key, looser, tighter } of CASES) {
      for (const next of [looser, tighter].filter(candidate => candidate !== undefined)) {
        const [row] = await db.sql<{ loosens: boolean }>('select v3pls_loosens($1, $2, $3) as loosens', [
          key,
          defaults[key],
          next,
        ]);
        const inCode = isLoosening(key, parseConfigValue(key, defaults[key]!), parseConfigValue(key, next));
        expect([key, next, inCode]).toEqual([key, next, row!.loosens]);
      }
    }
  });

  it('switching learning on by SQL is the plan’s quick start: allowed, and audited', async () => {
    await set('enabled', 'false');
    await set('enabled', 'true');
    expect(await db.sql(`select actor, subject from audit_log order by id desc limit 1`)).toEqual([
      { actor: 'sql:postgres', subject: 'enabled' },
    ]);
    expect(await db.sql(`select updated_by from pattern_learning_config where config_key = 'enabled'`)).toEqual([
      { updated_by: 'sql:postgres' },
    ]);
  });
});

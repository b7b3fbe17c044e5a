/** Two places hold the rules of the settings, the code and the database: they say the same. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  CONFIG_RULES,
  type ConfigKey,
  configValues,
  isLoosening,
  parseConfigValue,
} from '../../lib/safety/config-rules.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test('the same keys, with defaults that both accept', async () => {
  const rows = await database.sql<{ config_key: ConfigKey; default_value: string; loosens: string }>(
    'select * from v3pls_config_rules()',
  );
  expect(rows.map(row => row.config_key).sort()).toEqual(Object.keys(CONFIG_RULES).sort());
  for (const { config_key: key, default_value: text, loosens } of rows) {
    expect(CONFIG_RULES[key].loosens, key).toBe(loosens);
    expect(configValues.safeParse({ [key]: parseConfigValue(key, text) }).success, key).toBe(true);
  }
});

test('the same direction loosens', async () => {
  const samples: [ConfigKey, string, string][] = [
    ['enabled', 'false', 'true'],
    ['enabled', 'true', 'false'],
    ['auto_execute_threshold', '0.95', '0.9'],
    ['auto_execute_threshold', '0.95', '0.99'],
    ['min_executions_for_auto', '20', '19'],
    ['review_min_customers', '3', '4'],
    ['activation_days', '30', '31'],
    ['activation_days', '30', '7'],
    ['watchdog_interval_minutes', '5', '10'],
    ['silence_hours', '72', '24'],
    ['match_threshold', '0.7', '0.6'],
    ['conversation_window_minutes', '60', '90'],
    ['business_timezone', 'UTC', 'America/Denver'],
  ];
  for (const [key, from, to] of samples) {
    const [row] = await database.sql<{ loosens: boolean }>('select v3pls_loosens($1, $2, $3) as loosens', [
      key,
      from,
      to,
    ]);
    expect(isLoosening(key, parseConfigValue(key, from), parseConfigValue(key, to)), `${key} ${from} -> ${to}`).toBe(
      row!.loosens,
    );
  }
});

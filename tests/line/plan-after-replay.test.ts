/** The plan's own SQL, word for word, on a database that has watched a line: the real PostgreSQL and the embedded one. */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { POST } from '../../api/webhook.js';
import { execute } from '../../db/client.js';
import { encodeEvent } from '../../scripts/quo/encode.js';
import { signHeaders } from '../../scripts/quo/sign.js';
import { readMessageFile } from '../../scripts/server/message-file.js';
import { createTestPglite } from '../support/pglite.js';
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
import { createTestDatabase } from '../support/postgres.js';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const SAMPLE = fileURLToPath(new URL('../../scripts/demo/sample-line.jsonl', import.meta.url));

async function run(statement: string): Promise<Record<string, unknown>[]> {
  const rows = await execute(sql.raw(statement));
  return rows;
}

describe.each([
  ['PostgreSQL', createTestDatabase],
  ['PGlite', createTestPglite],
] as const)('after a line was replayed on %s', (_, create) => {
  let close: () => Promise<void>;

  beforeAll(async () => {
    const database = await create();
    close = database.close;
    await database.use();
    process.env.QUO_WEBHOOK_SECRETS = SECRET;
    await run(ENABLE);
    for (const [index, item] of readMessageFile(SAMPLE).entries()) {
      const body = encodeEvent(item, 'standard');
      const headers = signHeaders('standard', SECRET, body, { deliveryId: `msg_${index}`, nowMs: Date.now() });
      const response = await POST(new Request('http://localhost/api/webhook', { method: 'POST', headers, body }));
      expect(response.status).toBe(200);
    }
  });
  afterAll(() => close());

  test('phase 1 keeps learning on and shadow mode on', async () => {
    await run(ENABLE);
    await run(SHADOW);
    await run(QUICK_ENABLE);
    expect(await run(QUICK_CHECK)).toEqual(
      expect.arrayContaining([
        { config_key: 'enabled', config_value: 'true' },
        { config_key: 'shadow_mode', config_value: 'true' },
      ]),
    );
  });

  test('phase 2 finds the safe defaults', async () => {
    const defaults = Object.fromEntries((await run(DEFAULTS)).map(row => [row.column_name, row.column_default]));
    expect(defaults).toEqual({ is_active: 'false', auto_executable: 'false', requires_confirmation: 'true' });
  });

  test('phase 5 sees patterns, all of them inactive, and no execution', async () => {
    const [total] = await run(QUICK_COUNT);
    expect(Number(total!.pattern_count)).toBeGreaterThan(10);
    const [today] = await run(ACTIVITY);
    expect(Number(today!.patterns_created)).toBe(Number(total!.pattern_count));
    expect(Number(today!.active_patterns)).toBe(0);
    expect(await run(EXECUTIONS)).toEqual([{ total_executions: '0', auto_executions: '0' }]);
    for (const row of await run(NEW_PATTERNS)) expect([row.is_active, row.auto_executable]).toEqual([false, false]);
  });

  test('the rollback leaves learning off, nothing active and nothing pending', async () => {
    for (const statement of [DISABLE, DEACTIVATE, CLEAR_QUEUE]) await run(statement);
    const [state] =
      await run(`select (select config_value from pattern_learning_config where config_key = 'enabled') as enabled,
      (select count(*)::int from decision_patterns where is_active or auto_executable) as active,
      (select count(*)::int from pattern_execution_queue where status = 'pending') as pending`);
    expect(state).toEqual({ enabled: 'false', active: 0, pending: 0 });
  });
});

// The databases that tests are given: migrated, their own, and of both kinds.
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { execute } from '../../db/client.js';
import { createTestPglite } from '../support/pglite.js';
import { createTestDatabase } from '../support/postgres.js';

describe.each([
  ['PostgreSQL', createTestDatabase],
  ['PGlite', createTestPglite],
])('a test database on %s', (_, create) => {
  it('is migrated, and nobody else’s', async () => {
    const [one, other] = await Promise.all([create(), create()]);
    const count = async () => execute(sql`select count(*)::int as n from access_tokens`);
    await one.use();
    await execute(sql`create table mine (id int)`);
    expect(await count()).toEqual([{ n: 0 }]);
    await other.use();
    expect(await count()).toEqual([{ n: 0 }]);
    await expect(execute(sql`select * from mine`)).rejects.toMatchObject({ cause: { code: '42P01' } });
    await Promise.all([one.close(), other.close()]);
  });
});

// The hash of what was approved: two different contents never have one, and approvals given before stay what they were.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setTransport } from '../../db/client.js';
import { SCHEMA_LEVEL } from '../../db/level.js';
import { migrate } from '../../db/migrate.js';
import { runWatchdog } from '../../lib/watch.js';
import { openPostgres } from '../../scripts/database/postgres-proxy.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { activate, connect, DATABASES, insertPattern, makeReady, readState, type Session } from './support.js';

const US = String.fromCharCode(31);

describe.each(DATABASES)('on %s, two different contents', (_name, open) => {
  let db: Session;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());

  const hash = async (trigger: string, template: string, slots = '[]') =>
    (
      await db.sql<{ hash: string }>('select v3pls_content_hash($1, $2, $3::jsonb) as hash', [trigger, template, slots])
    )[0]!.hash;

  it.each([
    ['by the sign that once joined them', ['a', `b${US}c`], [`a${US}b`, 'c']],
    ['by a length written within', ['a', '1:b'], ['a1:', 'b']],
    ['by one letter that moved', ['ab', 'c'], ['a', 'bc']],
  ])('have two hashes though %s they look alike', async (_what, one, other) => {
    expect(await hash(one[0]!, one[1]!)).not.toBe(await hash(other[0]!, other[1]!));
  });

  it('have two hashes, of whatever letters, digits and colons they are made', async () => {
    const text = fc.string({ unit: fc.constantFrom('1', '2', ':', 'a', US, '[', ']'), maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(text, text, text, text, async (a, b, c, d) => {
        expect((await hash(a, b)) === (await hash(c, d))).toBe(a === c && b === d);
      }),
      { numRuns: 150 },
    );
  });
});

describe('approvals given before migration 0019', () => {
  let database: TestDatabase;
  let db: Session;
  let closeOwner: () => Promise<void>;
  beforeAll(async () => {
    database = await createTestDatabase({ template: 'template1' });
    db = await connect(database.url);
    await database.use();
    // Migrating is the owner's, whoever the suite runs as.
    const owner = await openPostgres(database.url);
    closeOwner = owner.close;
    setTransport(owner.transport);
    await migrateTo(18);
    await makeReady(db);
  });
  afterAll(async () => {
    await db.close();
    await closeOwner();
    await database.close();
  });

  async function migrateTo(level: number) {
    const folder = new URL('../../db/migrations/', import.meta.url);
    const { entries } = JSON.parse(readFileSync(new URL('meta/_journal.json', folder), 'utf8')) as {
      entries: { idx: number; tag: string }[];
    };
    await db.script(`create table schema_migrations (level integer primary key, tag text not null,
      transaction xid8 not null default pg_current_xact_id(), recorded_at timestamptz not null default now())`);
    for (const { idx, tag } of entries.filter(entry => entry.idx <= level)) {
      await db.script(readFileSync(new URL(`${tag}.sql`, folder), 'utf8'));
      await db.sql('insert into schema_migrations (level, tag) values ($1, $2)', [idx, tag]);
    }
  }

  it('are in force after it as before, also where a version’s words were taken away, and the first run is clean', async () => {
    const ids = [];
    for (const template of ['We open at seven.', `Parking${US}is behind.`, 'The code is {{code}}, as ever.']) {
      ids.push(await insertPattern(db, { template, trigger: `about ${template}` }));
      await activate(db, ids.at(-1)!);
    }
    await db.sql('update pattern_versions set trigger_text = null, response_template = null where pattern_id = $1', [
      ids[2],
    ]);
    const before = await readState(db);
    expect(before).toMatchObject({ active: 3, inForce: 3 });
    expect((await migrate()).applied.length).toBe(SCHEMA_LEVEL - 18);
    expect(await readState(db)).toEqual(before);
    expect((await runWatchdog()).status).toBe('clean');
    expect(await readState(db)).toEqual(before);
  });
});

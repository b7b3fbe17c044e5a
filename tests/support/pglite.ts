// PGlite for a test file: a migrated database in memory. The migrated state is kept in a file between runs, named after
// the migrations it came from, for creating it takes three seconds and copying it a third of one.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { EMBEDDED_URL } from '../../scripts/database/open.js';
import { type Embedded, openInMemory } from '../../scripts/database/pglite.js';

export type TestPglite = Embedded & {
  /** Points db/client at this database for the rest of the test file. */
  use(): Promise<void>;
};

const MIGRATIONS = fileURLToPath(new URL('../../db/migrations', import.meta.url));

export async function createTestPglite(): Promise<TestPglite> {
  const template = path.join(tmpdir(), `v3pls-pglite-${process.getuid?.() ?? 0}-${hashMigrations()}.tar`);
  if (!existsSync(template)) await makeTemplate(template);
  return withUse(await openInMemory(new Blob([readFileSync(template)])));
}

async function makeTemplate(file: string): Promise<void> {
  const database = withUse(await openInMemory());
  await database.use();
  const { migrate } = await import('../../db/migrate.js');
  await migrate();
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, Buffer.from(await (await database.dump()).arrayBuffer()), { mode: 0o600 });
  renameSync(draft, file);
  await database.close();
}

function withUse<Database extends Embedded>(database: Database): Database & TestPglite {
  return {
    ...database,
    async use() {
      process.env.DATABASE_URL = EMBEDDED_URL;
      const { setTransport } = await import('../../db/client.js');
      setTransport(database.transport);
    },
  };
}

function hashMigrations(): string {
  const hash = createHash('sha256');
  const source = fileURLToPath(new URL('../../db/migrate.ts', import.meta.url));
  const files = readdirSync(MIGRATIONS, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.sql') || file.endsWith('_journal.json'))
    .map(file => path.join(MIGRATIONS, file));
  for (const file of [...files.sort(), source]) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

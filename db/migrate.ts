/**
 * Applies the migrations: all of them in one transaction, under an advisory lock, so that two at once are one after the
 * other and a failure leaves nothing. Each is one guarded block, since the HTTP protocol has no interactive transaction.
 */
import { readFileSync } from 'node:fs';
import { type SQL, sql } from 'drizzle-orm';
import { writeBatch } from './client.js';

type Journal = { entries: { idx: number; tag: string }[] };

const FOLDER = new URL('./migrations/', import.meta.url);
const MIGRATION_TIMEOUT_MS = 300_000;

/** @returns the tags this run applied, in order; empty when there was nothing to do */
export async function migrate(): Promise<{ applied: string[] }> {
  const journal = JSON.parse(readFileSync(new URL('meta/_journal.json', FOLDER), 'utf8')) as Journal;
  const results = await writeBatch(
    [
      sql`select pg_advisory_xact_lock(hashtext('v3pls migrations'))`,
      sql`create table if not exists schema_migrations (level integer primary key, tag text not null,
            transaction xid8 not null default pg_current_xact_id(), recorded_at timestamptz not null default now())`,
      ...journal.entries.map(entry => applyOnce(entry.idx, entry.tag)),
      sql`select tag from schema_migrations where transaction = pg_current_xact_id() order by level`,
    ],
    MIGRATION_TIMEOUT_MS,
  );
  return { applied: results.at(-1)!.rows.map(row => String(row.tag)) };
}

function applyOnce(level: number, tag: string): SQL {
  const body = readFileSync(new URL(`${tag}.sql`, FOLDER), 'utf8');
  return sql.raw(`do $v3pls_once$ begin
if not exists (select from schema_migrations where level = ${level}) then
execute $v3pls_migration$${body}$v3pls_migration$;
insert into schema_migrations (level, tag) values (${level}, '${tag}');
end if; end $v3pls_once$`);
}

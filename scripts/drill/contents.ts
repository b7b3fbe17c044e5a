// Every table's rows as a count and a hash, to show that a live drill left nothing. Sequences are left out: PostgreSQL never
// takes their numbers back.
import type pg from 'pg';

/** By table; null where this role may not read it. */
export type Contents = Map<string, string | null>;

/** Whole tables are read, outside the drill's transaction. */
const READ_TIMEOUT_MS = 120_000;

export async function readContents(client: pg.Client): Promise<Contents> {
  const { rows: tables } = await client.query<{
    name: string;
    readable: boolean;
  }>(`select c.oid::regclass::text as name,
      has_table_privilege(c.oid, 'select') as readable
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname not in ('pg_catalog', 'information_schema') order by 1`);
  const contents: Contents = new Map();
  // One snapshot for all, so that a row that moves between two tables is not counted twice.
  await client.query('begin isolation level repeatable read read only');
  try {
    await client.query(`set local statement_timeout = ${READ_TIMEOUT_MS}`);
    for (const { name, readable } of tables) contents.set(name, readable ? await readTable(client, name) : null);
  } finally {
    await client.query('rollback');
  }
  return contents;
}

/** The sum does not depend on the order of the rows. */
async function readTable(client: pg.Client, name: string): Promise<string> {
  const { rows } = await client.query<{ rows: string; hash: string }>(
    `select count(*) as rows, coalesce(sum(hashtextextended(whole_row::text, 0)::numeric), 0) as hash from ${name} whole_row`,
  );
  return `${rows[0]!.rows} rows, ${rows[0]!.hash}`;
}

/** The tables that are not as they were, in order of their names. */
export function listDifferences(before: Contents, after: Contents): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter(name => before.get(name) !== after.get(name)).sort();
}

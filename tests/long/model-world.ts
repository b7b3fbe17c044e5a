// The small model on a database: its clock, its two patterns, what state it is in, and one step of it. Plain SQL goes over one
// session; the watchdog is the system's own, over a transport to that same session.
import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { setTransport } from '../../db/client.js';
import { admitReplacedClock } from '../../lib/watch.js';
import { makeTransport, type Result, type Statement, type Transport } from '../../scripts/database/neon-protocol.js';
import type { Embedded } from '../../scripts/database/pglite.js';
import { FACTS, PATTERNS } from './model-facts.js';
import { LOOK_FUNCTION } from './model-look.js';

export const REASON = '00000000-0000-4000-8000-0000000000ff';

/** One session; every answer is rows of text. */
export type World = {
  /** Any number of statements. */
  script(text: string): Promise<void>;
  /** The first column of the one row that the question has. @param before statements that go out with it */
  ask(question: string, before?: string): Promise<string>;
  transport: Transport;
  /** Everything as it was at the start. */
  reset(): Promise<void>;
  close(): Promise<void>;
};

/** What a prepared database has more than a migrated one. The words have a canary in them, that no snapshot may sing. */
export const PREPARE = `
  create schema model;
  select set_config('model.now', '2026-03-02 09:00:00+00', false), set_config('model.before', '{}', false);
  create or replace function public.v3pls_now() returns timestamptz language sql stable parallel safe
    as $$ select current_setting('model.now')::timestamptz $$;
  create function model.tick(p_by interval) returns text language sql volatile
    as $$ select set_config('model.now', (current_setting('model.now')::timestamptz + p_by)::text, false) $$;
  create function model.remember() returns void language plpgsql set search_path = pg_catalog, public, pg_temp
    as $$ begin perform set_config('model.before', (${FACTS})::text, false); end $$;
  ${LOOK_FUNCTION};
  insert into reasons (id, text) values ('${REASON}', 'checked on the page');
  insert into decision_patterns (id, pattern_type, trigger_text, response_template) values
    ('${PATTERNS.A}', 'faq', 'canary, when do you open?', 'The canary opens at seven.'),
    ('${PATTERNS.B}', 'faq', 'canary, where are you?', 'The canary is at the mill.');
  update pattern_learning_config set config_value = 'true' where config_key = 'enabled';
  insert into watchdog_runs (status, checks, started_at) values ('clean', '[]', v3pls_now());
  update watchdog_lease set run_id = (select max(id) from watchdog_runs)`;

/** Makes `model.reset()`: every row as it is now, however much happened since. Only a session without triggers can call it. */
export const KEEP_START = `
  do $keep$ declare r record; begin
    for r in select tablename as t from pg_tables where schemaname = 'public' and tablename not in ('messages', 'schema_migrations') loop
      execute format('create table model.start_%s as table public.%I', r.t, r.t);
    end loop;
    create table model.start_sequences as select sequencename, coalesce(last_value, 1) as at, last_value is not null as is_called
      from pg_sequences where schemaname = 'public';
  end $keep$;
  create function model.reset() returns void language plpgsql set search_path = pg_catalog, public, pg_temp as $reset$
  declare
    r record;
  begin
    for r in select substr(tablename, 7) as t from pg_tables where schemaname = 'model' and tablename <> 'start_sequences' loop
      execute format('delete from public.%I; insert into public.%I table model.start_%s', r.t, r.t, r.t);
    end loop;
    perform setval(format('public.%I', sequencename)::regclass, at, is_called) from model.start_sequences;
  end $reset$`;
/** Triggers fire for whoever is not a replica. */
const RESET = 'set session_replication_role = replica; select model.reset(); reset session_replication_role';

/** The session's own part of it: it is not kept in the database. */
const BEGIN_SESSION = `select set_config('model.now', '2026-03-02 09:00:00+00', false), set_config('model.before', '{}', false);
  select model.remember()`;

const worlds = new AsyncLocalStorage<World>();

/** What is done within it reaches this world's database, whatever the others do at the same time. */
export function within<T>(world: World, work: () => Promise<T>): Promise<T> {
  return worlds.run(world, work);
}

export function beginWorlds(): void {
  process.env.DATABASE_URL = 'postgres://model@localhost/model';
  setTransport((url, init) => worlds.getStore()!.transport(url, init));
  admitReplacedClock(true);
}

/** @param isNested in a transaction that is always undone: what the system commits is a savepoint */
export async function openPostgresWorld(url: string, isNested: boolean): Promise<World> {
  const client = new pg.Client({
    connectionString: url,
    types: { getTypeParser: () => (value: unknown) => value },
  } as pg.ClientConfig);
  client.on('error', () => {});
  await client.connect();
  // A statement that is sent again and again is planned once.
  await client.query(`${BEGIN_SESSION}; set plan_cache_mode = force_generic_plan; set jit = off`);
  const [begin, commit, undo] = isNested
    ? ['savepoint trip', 'release trip', 'rollback to trip; release trip']
    : ['begin', 'commit', 'rollback'];
  // Prepared once: planning the watchdog's question takes longer than answering it.
  const names = new Map<string, string>();
  const nameOf = (text: string) => {
    if (!names.has(text)) names.set(text, `model_${names.size}`);
    return names.get(text)!;
  };
  async function runBatch(statements: Statement[]): Promise<Result[]> {
    await client.query(begin);
    try {
      const results: Result[] = [];
      for (const { text, params } of statements) {
        const answer = await client.query<(string | null)[]>({
          name: nameOf(text),
          text,
          values: params,
          rowMode: 'array',
        });
        const fields = answer.fields.map(({ name, dataTypeID }) => ({ name, dataTypeID }));
        results.push({ fields, rows: answer.rows, command: answer.command, rowCount: answer.rowCount });
      }
      await client.query(commit);
      return results;
    } catch (error) {
      await client.query(undo);
      throw error;
    }
  }
  return {
    script: text => client.query(text).then(() => undefined),
    async ask(question, before) {
      const text = before ? `${before}; ${question}` : question;
      // Of several statements the answers are a list, which its types do not say.
      const answers = [await client.query<string[]>({ text, rowMode: 'array' })].flat();
      return answers.at(-1)!.rows[0]![0]!;
    },
    reset: () => client.query(`${RESET}; ${BEGIN_SESSION}`).then(() => undefined),
    transport: makeTransport({ runOne: async statement => (await runBatch([statement]))[0]!, runBatch }),
    close: () => client.end(),
  };
}

/** An embedded database has one session, whoever asks. */
export async function openEmbeddedWorld(database: Embedded): Promise<World> {
  await database.exec(`${PREPARE}; ${KEEP_START}; ${BEGIN_SESSION}`);
  const headers = { 'neon-raw-text-output': 'true', 'neon-array-mode': 'true' };
  return {
    script: database.exec,
    async ask(question, before) {
      if (before) await database.exec(before);
      const answer = await database.transport('', { headers, body: JSON.stringify({ query: question }) });
      const { rows, ...error } = (await answer.json()) as { rows: string[][]; message: string };
      if (!answer.ok) throw Object.assign(new Error(error.message), error);
      return rows[0]![0]!;
    },
    reset: () => database.exec(`${RESET}; ${BEGIN_SESSION}`),
    transport: database.transport,
    close: database.close,
  };
}

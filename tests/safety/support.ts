// What the guard tests share: one session on each kind of database, and the few acts that every test begins with.
// Its one law: everything here is plain SQL, as any other writer with the owner's password could send it.
import pg from 'pg';
import { expect } from 'vitest';
import { createTestPglite } from '../support/pglite.js';
import { createTestDatabase } from '../support/postgres.js';

export type Session = {
  /** One statement, committed by itself; rows as objects. */
  sql<Row = Record<string, unknown>>(text: string, params?: unknown[]): Promise<Row[]>;
  /** Any number of statements as one transaction, unless they open their own. After an error nothing is left open. */
  script(text: string): Promise<void>;
  close(): Promise<void>;
};

/** For `describe.each`: every guard is tried on both. */
export const DATABASES: [name: string, open: () => Promise<Session>][] = [
  ['PostgreSQL', openPostgresSession],
  ['PGlite', openPgliteSession],
];

async function openPostgresSession(): Promise<Session> {
  const database = await createTestDatabase();
  const session = await connect(database.url);
  return { ...session, close: () => session.close().then(database.close) };
}

/** One more connection to a real PostgreSQL, for what two people do at once. */
export async function connect(url: string): Promise<Session & { pid: number }> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  const script = async (text: string) => {
    try {
      await client.query(text);
    } catch (error) {
      await client.query('rollback').catch(() => {});
      throw error;
    }
  };
  const sql = async <Row>(text: string, params: unknown[] = []) => (await client.query(text, params)).rows as Row[];
  const [row] = await sql<{ pid: number }>('select pg_backend_pid() as pid');
  return { sql, script, close: () => client.end(), pid: row!.pid };
}

async function openPgliteSession(): Promise<Session> {
  const database = await createTestPglite();
  const headers = { 'neon-raw-text-output': 'true', 'neon-array-mode': 'true' };
  return {
    async sql<Row>(query: string, params: unknown[] = []) {
      const answer = await database.transport('', { headers, body: JSON.stringify({ query, params }) });
      const result = (await answer.json()) as Wire & { message: string };
      if (!answer.ok) throw Object.assign(new Error(result.message), result);
      return result.rows.map(row =>
        Object.fromEntries(result.fields.map((field, at) => [field.name, parse(field.dataTypeID, row[at]!)])),
      ) as Row[];
    },
    async script(text) {
      try {
        await database.exec(text);
      } catch (error) {
        await database.exec('rollback');
        throw error;
      }
    },
    close: () => database.close(),
  };
}

type Wire = { fields: { name: string; dataTypeID: number }[]; rows: (string | null)[][] };

const parse = (oid: number, text: string | null): unknown => (text === null ? null : pg.types.getTypeParser(oid)(text));

/** Resolves to the error's SQLSTATE; fails the test when nothing was refused. */
export async function refusal(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => undefined,
    (thrown: { code?: string }) => thrown,
  );
  expect(error, 'this had to be refused').toBeDefined();
  return String(error!.code);
}

export async function insertPattern(session: Session, words: { trigger?: string; template?: string } = {}) {
  const [row] = await session.sql<{ id: string }>(
    `insert into decision_patterns (pattern_type, trigger_text, response_template) values ('faq', $1, $2) returning id`,
    [words.trigger ?? 'when do you open?', words.template ?? 'We open at seven every day.'],
  );
  return row!.id;
}

/** What a clean run of the watchdog writes. */
export async function renewLease(session: Session): Promise<void> {
  await session.script(`
    insert into watchdog_runs (status, checks, started_at) values ('clean', '[]', v3pls_now());
    update watchdog_lease set run_id = (select max(id) from watchdog_runs)`);
}

export async function insertReason(session: Session, text = 'checked on the page'): Promise<string> {
  const [row] = await session.sql<{ id: string }>('insert into reasons (text) values ($1) returning id', [text]);
  return row!.id;
}

export async function release(session: Session): Promise<void> {
  const reason = await insertReason(session);
  await session.sql(`insert into releases (actor, reason_id) values ('admin:ada', $1)`, [reason]);
}

export const ACTIVATE = `insert into activations (pattern_id, version, actor) values ($1, $2, 'admin:ada')`;

export async function activate(session: Session, id: string, version = 1): Promise<void> {
  await session.sql(ACTIVATE, [id, version]);
}

/** The state in which an admin may activate: nothing on, nothing pending, kill switch released, lease fresh, learning on. */
export async function makeReady(session: Session): Promise<void> {
  await session.script(`update decision_patterns set is_active = false where is_active;
    delete from pattern_execution_queue where status = 'pending'`);
  await session.sql(`select v3pls_roll_back(id) from incidents where rollback = 'pending'`);
  await release(session);
  await renewLease(session);
  await session.sql(`update pattern_learning_config set config_value = 'true' where config_key = 'enabled'`);
}

export async function insertActivePattern(session: Session, template?: string): Promise<string> {
  const id = await insertPattern(session, template ? { template } : {});
  await activate(session, id);
  return id;
}

/** Evidence of an automatic execution, as another program would leave it. */
export const EXECUTED = `insert into pattern_execution_history (was_auto_executed) values (true)`;

export type SafetyState = {
  active: number;
  executable: number;
  inForce: number;
  latched: boolean;
  enabled: string;
  queued: number;
  incidents: number;
  pending: number;
};

export async function readState(session: Session): Promise<SafetyState> {
  const [row] = await session.sql<SafetyState>(`select
    (select count(*)::int from decision_patterns where is_active) as active,
    (select count(*)::int from decision_patterns where auto_executable or not requires_confirmation) as executable,
    (select count(*)::int from patterns_in_force) as "inForce",
    exists (select from kill_switch_latches l
      where not exists (select from kill_switch_releases r where r.latch_id = l.id)) as latched,
    (select config_value from pattern_learning_config where config_key = 'enabled') as enabled,
    (select count(*)::int from pattern_execution_queue where status = 'pending') as queued,
    (select count(*)::int from incidents) as incidents,
    (select count(*)::int from incidents where rollback = 'pending') as pending`);
  return row!;
}

export async function isActive(session: Session, id: string): Promise<boolean | undefined> {
  const [row] = await session.sql<{ on: boolean }>('select is_active as on from decision_patterns where id = $1', [id]);
  return row?.on;
}

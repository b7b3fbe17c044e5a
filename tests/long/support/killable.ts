// A way to the database that is cut at one chosen step: each statement goes out alone, and the session can be ended by the server
// right before or right after it. What was begun is then undone by PostgreSQL, and the caller never hears of it.
import pg from 'pg';
import {
  beginText,
  makeTransport,
  type Result,
  type Statement,
  type Transport,
} from '../../../scripts/database/neon-protocol.js';

export type Cut = { step: number; when: 'before' | 'after' };

/** @param cut null: it only counts */
export async function openKillable(url: string, cut: Cut | null) {
  const killer = new pg.Client({ connectionString: url });
  await killer.connect();
  const steps: string[] = [];
  let client: Session | null = null;

  async function session(): Promise<Session> {
    if (client) return client;
    const opened = new pg.Client({ connectionString: url }) as Session;
    opened.on('error', () => {});
    await opened.connect();
    client = opened;
    return opened;
  }

  async function end(): Promise<never> {
    const { processID } = client!;
    client = null;
    await killer.query('select pg_terminate_backend($1)', [processID]);
    for (let isThere = true; isThere; )
      isThere = (await killer.query('select from pg_stat_activity where pid = $1', [processID])).rowCount! > 0;
    throw new Error('the connection is gone');
  }

  async function step(text: string, values: (string | null)[] = []): Promise<Result> {
    const open = await session();
    steps.push(text);
    if (cut?.step === steps.length && cut.when === 'before') await end();
    const types = { getTypeParser: () => (value: unknown) => value } as unknown as pg.CustomTypesConfig;
    const answer = await open.query<(string | null)[]>({ text, values, rowMode: 'array', types });
    if (cut?.step === steps.length && cut.when === 'after') await end();
    const { fields, rows, command, rowCount } = answer;
    return { fields, rows, command, rowCount };
  }

  const transport: Transport = makeTransport({
    runOne: ({ text, params }) => step(text, params),
    async runBatch(statements: Statement[], options) {
      await step(beginText(options));
      try {
        const results: Result[] = [];
        for (const { text, params } of statements) results.push(await step(text, params));
        await step('commit');
        return results;
      } catch (error) {
        await client?.query('rollback');
        throw error;
      }
    },
  });
  const close = async () => {
    await Promise.all([killer.end(), client?.end()]);
  };
  return { transport, steps, close };
}

/** What pg keeps on a client but its types do not show. */
type Session = pg.Client & { processID: number };

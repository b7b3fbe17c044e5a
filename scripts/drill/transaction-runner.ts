// Runs the system's requests inside one transaction that is already open and never commits: what is a transaction of its own
// elsewhere is a savepoint here, kept where it went well and rolled back where it did not.
import type { Socket } from 'node:net';
import type pg from 'pg';
import type { Result, Runner, Statement } from '../database/neon-protocol.js';

/** What pg keeps on a client but its types do not show. */
type Client = pg.Client & { connection: { stream: Socket }; getTransactionStatus(): string | null };

/** A statement that would end or open a transaction, comments before it left aside. */
const ENDS_TRANSACTION =
  /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*(?:commit|end|rollback|abort|begin|start|prepare\s+transaction|savepoint|release)\b/i;

/** `client` was made with `pipeline: true` and raw type parsers, and stands inside a transaction. */
export function makeTransactionRunner(client: pg.Client): Runner {
  let last: Promise<unknown> = Promise.resolve();

  async function run(statements: Statement[]): Promise<Result[]> {
    const { connection, getTransactionStatus } = client as Client;
    // Without its transaction every statement would commit by itself.
    if (getTransactionStatus.call(client) !== 'T') throw new Error('the transaction of the drill is over');
    const { stream } = connection;
    stream.cork();
    const opened = client.query('savepoint drill_request');
    const asked = statements.map(({ text, params }) =>
      client.query<(string | null)[]>({
        text,
        values: params,
        rowMode: 'array',
        queryMode: 'extended',
      } as pg.QueryArrayConfig),
    );
    const kept = client.query('release savepoint drill_request');
    stream.uncork();
    const outcomes = await Promise.allSettled([opened, ...asked, kept]);
    const failed = outcomes.find(outcome => outcome.status === 'rejected');
    if (failed) {
      await client.query('rollback to savepoint drill_request; release savepoint drill_request').catch(() => {});
      throw failed.reason;
    }
    return (await Promise.all(asked)).map(({ fields, rows, command, rowCount }) => ({
      fields: fields.map(({ name, dataTypeID }) => ({ name, dataTypeID })),
      rows,
      command: command ?? '',
      rowCount,
    }));
  }

  /** One after the other: savepoints of two requests at once would be inside each other. */
  function queue(statements: Statement[]): Promise<Result[]> {
    if (statements.some(({ text }) => ENDS_TRANSACTION.test(text)))
      return Promise.reject(new Error('no request of the drill ends its transaction'));
    const answer = last.then(() => run(statements));
    last = answer.catch(() => {});
    return answer;
  }

  return {
    runOne: async statement => (await queue([statement]))[0]!,
    runBatch: statements => queue(statements),
  };
}

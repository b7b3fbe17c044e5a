// The statements that the code itself would send, word for word, to be sent one at a time by a session of the test's own.
import { setTransport } from '../../../db/client.js';

export type Statement = { text: string; params: (string | null)[] };

/**
 * What one act writes.
 * @param act anything that reaches the database in one round trip; it gets no answer, and its error is dropped
 * @returns the statements of that trip: those of a batch are one transaction
 */
export async function captureStatements(act: () => Promise<unknown>): Promise<Statement[]> {
  let captured: Statement[] = [];
  setTransport(async (_url, init) => {
    const body = JSON.parse(String(init.body)) as { queries?: Sent[] } & Sent;
    captured = (body.queries ?? [body]).map(({ query, params }) => ({ text: query, params }));
    return new Response('captured', { status: 503 });
  });
  await act().catch(() => {});
  if (captured.length === 0) throw new Error('this act sent nothing');
  return captured;
}

type Sent = { query: string; params: (string | null)[] };

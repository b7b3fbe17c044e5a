/** The list of exchanges as a caller sees it, and a line to fill it. */
import { expect } from 'vitest';
import * as exchanges from '../../../api/exchanges.js';
import { openThread } from '../../line/support/quo-line.js';
import type { TestDatabase } from '../../support/postgres.js';
import { call } from './calls.js';
import { deliverAll, QUESTION, REPLY } from './marking.js';

export type Shown = {
  id: string;
  threadId: string;
  customerText: string | null;
  operatorText: string | null;
  textHidden?: true;
  at: string;
  decision: { kind: string; patternId?: string; text?: string | null; reasons: string[]; late: boolean } | null;
  agreement: string | null;
  learnedPatternId: string | null;
  skipped: string | null;
};

export async function listExchanges(query = '', token?: string): Promise<Shown[]> {
  const answer = await call(exchanges.GET, `/api/exchanges?${query}`, token === undefined ? {} : { token });
  expect(answer.status).toBe(200);
  return answer.body.exchanges;
}

export async function exchangesOf(threadId: string, query = ''): Promise<Shown[]> {
  return (await listExchanges(query)).filter(exchange => exchange.threadId === threadId);
}

/** A pattern, learned from another customer a day before. @returns its id */
export async function learnPattern(db: TestDatabase): Promise<string> {
  const { asks, answers, threadId } = openThread(90, Date.UTC(2026, 8, 13, 15));
  await deliverAll([asks(0, QUESTION), answers(1, REPLY)]);
  const [row] = await db.sql<{ pattern_id: string }>('select pattern_id from exchanges where thread_id = $1', [
    threadId,
  ]);
  return row!.pattern_id;
}

/**
 * Recent customer turns: what was said, what would have been said, or which gate said no. The law: no raw text leaves here, but for `?customer=`, which is an admin's;
 * whoever may read gets what redaction leaves of it, everybody else no text at all.
 */
import * as z from 'zod';
import { type ExchangeRow, listExchanges } from '../db/exchanges.js';
import { operatorId } from './access-tokens.js';
import { customerParameter, exportCustomer } from './export-customer.js';
import { type Caller, requireRole } from './http/caller.js';
import { cutPage, pageCursor, pageLimit, readCursor, writeCursor } from './http/paging.js';
import { redactForReading } from './learning/redact-for-reading.js';
import { iso } from './moment.js';
import { requireSchema } from './require-schema.js';

export const exchangeQuery = z
  .strictObject({
    /** Everything that is held of one customer, raw: for admins alone, and with no other parameter. */
    customer: customerParameter.optional(),
    decision: z.enum(['would_reply', 'abstained']).optional(),
    reason: z
      .string()
      .regex(/^[a-z_]{1,40}$/, 'A code, such as below_match_threshold.')
      .optional(),
    patternId: z.guid().optional(),
    agreement: z.enum(['agreed', 'disagreed', 'ignored']).optional(),
    /** Answered by this Quo user. */
    operator: operatorId.optional(),
    learned: z.enum(['true', 'false']).optional(),
    limit: pageLimit,
    cursor: pageCursor,
  })
  .refine(({ customer, ...others }) => customer === undefined || isUnfiltered(others), {
    path: ['customer'],
    message: 'What is held of a customer comes whole: leave the other parameters out.',
  });

function isUnfiltered({ limit: _, ...filters }: { limit: number } & Record<string, unknown>): boolean {
  return Object.values(filters).every(filter => filter === undefined);
}

const cursorShape = z.strictObject({ micros: z.int(), id: z.guid() });

/** Redacting long texts takes long; what a page does not manage in this time stays hidden. */
const REDACTING_MS = 2_000;

/** @throws Problem invalid_input for a cursor that is not one of ours */
export async function presentExchanges(query: z.infer<typeof exchangeQuery>, caller: Caller) {
  if (query.customer !== undefined) {
    requireRole(caller, 'admin');
    return exportCustomer(query.customer);
  }
  const { decision = null, reason = null, patternId = null, agreement = null, operator = null, learned, limit } = query;
  const after = readCursor(cursorShape, query.cursor);
  const hasTexts = caller.role !== 'viewer';
  const isLearned = learned === undefined ? null : learned === 'true';
  const filter = { decision, reason, patternId, agreement, operator, isLearned, limit, after, hasTexts };
  const page = await listExchanges(filter);
  requireSchema(page.level);
  const { shown, last } = cutPage(page.exchanges, limit);
  const untilMs = performance.now() + REDACTING_MS;
  return {
    exchanges: shown.map(row => presentExchange(row, hasTexts && performance.now() < untilMs)),
    patterns: page.patterns,
    nextCursor: last ? writeCursor({ micros: last.atMicros, id: last.id }) : null,
  };
}

/** @param mayRedact false hides what would have to be redacted first */
export function presentExchange(row: ExchangeRow, mayRedact = true) {
  const { decision } = row;
  return {
    id: row.id,
    threadId: row.threadId,
    ...presentTexts(row, mayRedact),
    operator: row.operator,
    operatorName: row.operatorName,
    at: iso(row.at),
    decision: decision && {
      kind: decision.kind,
      ...(decision.patternId !== null && {
        patternId: decision.patternId,
        matchConfidence: decision.matchConfidence,
        text: decision.template,
      }),
      reasons: decision.reasons,
      gates: decision.gates,
      committedAt: iso(decision.committedAt),
      late: decision.isLate,
    },
    agreement: row.agreement,
    learnedPatternId: row.patternId,
    skipped: row.skipped,
    dontLearn: row.dontLearn,
    threadDontLearn: row.isThreadMarked,
  };
}

type Texts = { customerText: string | null; operatorText: string | null; textHidden?: true };

/** The texts as they came say most; where those are erased, what was learned from them is left. */
function presentTexts({ customerText, replyText, raw }: ExchangeRow, mayRedact: boolean): Texts {
  if (!raw || (raw.customer === null && raw.operator === null)) return { customerText, operatorText: replyText };
  const texts = {
    customer: raw.customer ?? '',
    previousOperator: raw.previousOperator ?? '',
    operator: raw.operator ?? '',
  };
  const readable = mayRedact ? redactForReading(texts) : null;
  if (!readable) return { customerText: null, operatorText: null, textHidden: true };
  return {
    customerText: raw.customer === null ? null : readable.customer,
    operatorText: raw.operator === null ? null : readable.operator,
  };
}

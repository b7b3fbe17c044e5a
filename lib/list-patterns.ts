/** The list of patterns as the contract shapes it, each with its gates. */
import * as z from 'zod';
import { listPatterns, type PatternRow } from '../db/patterns.js';
import { requireSchema } from './follow.js';
import { Problem } from './http/problem.js';
import { plainText } from './http/text.js';
import { confidenceLowerBound } from './learning/confidence.js';
import { checkEligibility } from './safety/gates.js';
import { readSettings, type Settings } from './settings.js';

export const patternQuery = z.strictObject({
  status: z.enum(['learning', 'pending_review', 'active', 'retired', 'all']).optional(),
  type: plainText(64).min(1).optional(),
  q: plainText(200).optional(),
  sort: z.enum(['review', 'evidence', 'confidence', 'created']).default('review'),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, 'A number from 1 to 100.')
    .transform(Number)
    .pipe(z.int().min(1).max(100))
    .default(50),
  cursor: z.string().max(400).optional(),
});

const cursorShape = z.strictObject({ sort: z.string(), rank: z.int(), measure: z.number(), id: z.uuid() });

/** @throws Problem invalid_input for a cursor that is not one of ours or belongs to another sort */
export async function presentPatterns(query: z.infer<typeof patternQuery>) {
  const { status = null, type = null, q, sort, limit } = query;
  const after = query.cursor === undefined ? null : readCursor(query.cursor, sort);
  const page = await listPatterns({ status, type, q: q?.trim() || null, sort, limit, after });
  requireSchema(page.level);
  const settings = readSettings(page.config);
  const shown = page.patterns.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = page.patterns.length > limit && last;
  return {
    patterns: shown.map(row => presentPattern(row, settings)),
    nextCursor: hasMore ? writeCursor({ sort, rank: last.rank, measure: last.measure, id: last.id }) : null,
    counts: page.counts,
  };
}

function presentPattern(row: PatternRow, settings: Settings) {
  const judged = row.agreed + row.disagreed;
  const lowerBound = Math.round(confidenceLowerBound(row.agreed, row.disagreed) * 10_000) / 10_000;
  const unfillableSlots = row.slots.filter(slot => !slot.fillable).length;
  const gates = checkEligibility(
    { customers: row.customers, judged, confidence: row.confidenceScore, lowerBound, unfillableSlots },
    {
      customers: settings.reviewMinCustomers,
      judged: settings.minExecutionsForAuto,
      confidence: settings.autoExecuteThreshold,
    },
  );
  const flags = [
    ...(unfillableSlots > 0 ? ['unfillable'] : []),
    ...(row.possibleDuplicates.length > 0 ? ['possible_duplicate'] : []),
    ...(row.isEdited ? ['edited'] : []),
    ...(row.isStale ? ['stale'] : []),
  ];
  return {
    id: row.id,
    patternType: row.patternType,
    triggerText: row.triggerText,
    triggerExamples: row.triggerExamples,
    responseTemplate: row.responseTemplate,
    slots: row.slots,
    confidenceScore: row.confidenceScore,
    confidenceLowerBound: lowerBound,
    status: row.status,
    isActive: row.isInForce,
    autoExecutable: row.autoExecutable,
    requiresConfirmation: row.requiresConfirmation,
    evidence: { exchanges: row.exchanges, customers: row.customers, operators: row.operators, days: row.days },
    shadow: { decisions: row.decisions, judged, agreed: row.agreed, disagreed: row.disagreed },
    eligible: gates.every(gate => gate.ok),
    gates,
    flags,
    possibleDuplicates: row.possibleDuplicates,
    createdFrom: row.createdFrom,
    firstSeen: iso(row.firstSeen),
    lastSeen: iso(row.lastSeen),
    createdAt: iso(row.createdAt),
    updatedAt: iso(row.updatedAt),
    version: row.version,
  };
}

function iso(moment: string): string {
  return new Date(moment).toISOString();
}

function writeCursor(cursor: z.infer<typeof cursorShape>): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function readCursor(text: string, sort: string) {
  try {
    const cursor = cursorShape.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    if (cursor.sort === sort) return cursor;
  } catch {
    // Answered below, as any other cursor that is not ours.
  }
  throw new Problem('invalid_input', undefined, {
    errors: [
      { pointer: '#/cursor', detail: 'Not a cursor of this list: use nextCursor as it came, with the same sort.' },
    ],
  });
}

/** What each call answers, as zod shapes: the source of docs/openapi.json and of the page's types. No function loads this file; tests hold real answers against it. */
import * as z from 'zod';
import {
  auditEntry,
  checks,
  count,
  gate,
  id,
  json,
  killSwitch,
  maybeMoment,
  moment,
  operatorName,
  share,
} from './parts.js';

export * from './acts.js';

export const problem = z
  .looseObject({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    code: z.enum([
      'method_not_allowed',
      'malformed',
      'invalid_input',
      'unauthorized',
      'forbidden',
      'not_found',
      'conflict',
      'blocked',
      'too_large',
      'rate_limited',
      'unavailable',
      'internal',
    ]),
    detail: z.string().optional(),
    errors: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })).optional(),
    gates: z.array(gate).optional(),
    instance: z.string().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457; `code` is stable.' });

const slot = z.strictObject({ name: z.string(), type: z.string(), fillable: z.boolean() });

const patternShape = {
  id,
  patternType: z.string(),
  triggerText: z.string(),
  triggerExamples: z.array(z.string()),
  responseTemplate: z.string(),
  slots: z.array(slot),
  confidenceScore: share,
  confidenceLowerBound: share,
  status: z.enum(['learning', 'pending_review', 'active', 'retired']),
  isActive: z.boolean().meta({ description: 'In force: approved in these words, not expired, not latched.' }),
  autoExecutable: z.literal(false),
  requiresConfirmation: z.literal(true),
  evidence: z.strictObject({ exchanges: count, customers: count, operators: count, days: count }),
  shadow: z.strictObject({ decisions: count, judged: count, agreed: count, disagreed: count }),
  eligible: z.boolean(),
  gates: z.array(gate),
  flags: z.array(z.enum(['fact_changed', 'unfillable', 'possible_duplicate', 'edited', 'stale', 'conflict'])),
  possibleDuplicates: z.array(z.strictObject({ id, similarity: share })),
  createdFrom: z.enum(['webhook', 'import', 'external']),
  firstSeen: moment,
  lastSeen: moment,
  createdAt: moment,
  updatedAt: moment,
  version: z.int().min(1),
  notes: z.string().nullable(),
  mergedInto: id.nullable(),
  activeUntil: maybeMoment,
};

export const pattern = z.strictObject(patternShape).meta({ id: 'Pattern' });

export const patternPage = z.strictObject({
  patterns: z.array(pattern),
  nextCursor: z.string().nullable(),
  counts: z.strictObject({ learning: count, pendingReview: count, active: count, retired: count }),
});

export const patternDetail = z.strictObject({
  ...patternShape,
  facts: z.array(z.string()).meta({
    description: 'What the template states for everyone: prices, hours, rules in numbers, addresses, own links.',
  }),
  factChanges: z.array(z.strictObject({ fact: z.string(), newer: z.string(), seen: count })).meta({
    description:
      'Behind the flag fact_changed: what newer replies say instead, and how many of the newest say so. Empty for viewers.',
  }),
  conflicts: z.array(z.strictObject({ id, times: count })).meta({
    description:
      'Behind the flag conflict: the pattern that operators answered with instead, and how often among the newest 20 judged decisions.',
  }),
  exchanges: z
    .array(
      z.strictObject({
        id,
        threadId: z.string(),
        customerText: z.string().nullable(),
        previousOperatorText: z.string().nullable(),
        operatorText: z.string().nullable(),
        operator: z.string().nullable(),
        operatorName,
        at: maybeMoment,
      }),
    )
    .meta({ description: 'Redacted; empty for viewers.' }),
  versions: z.array(
    z.strictObject({
      version: z.int().min(1),
      patternType: z.string(),
      triggerText: z.string().nullable(),
      responseTemplate: z.string().nullable(),
      changedBy: z.string(),
      createdAt: moment,
    }),
  ),
  audit: z.array(auditEntry),
});

const setting = z.union([z.boolean(), z.number(), z.string()]);
export const config = z.strictObject({
  values: z.record(z.string(), setting),
  entries: z.array(
    z.strictObject({
      key: z.string(),
      value: setting,
      default: setting,
      safest: setting,
      description: z.string(),
      updatedAt: maybeMoment,
      updatedBy: z.string().nullable(),
    }),
  ),
});

const milestone = z.strictObject({ id: z.string(), ok: z.boolean(), measured: json, required: json });

export const health = z.strictObject({
  status: z.enum(['ok', 'unavailable', 'incident', 'stale', 'silent']),
  detail: z.string().optional(),
});

export const monitoring = z.strictObject({
  window: z.string(),
  patterns: z.strictObject({
    perDay: z.array(
      z.strictObject({ date: z.iso.date(), created: count, avgConfidence: share.nullable(), active: count }),
    ),
    top: z.array(
      z.strictObject({
        id,
        triggerText: z.string(),
        responseTemplate: z.string(),
        exchanges: count,
        customers: count,
      }),
    ),
  }),
  executions: z.strictObject({ total: count, automatic: count }),
  deliveries: z.strictObject({
    accepted: count,
    duplicate: count,
    ignored: count,
    quarantined: count,
    refused: count,
    firstAt: maybeMoment,
    lastAt: maybeMoment,
    perDay: z
      .array(
        z.strictObject({
          date: z.iso.date(),
          accepted: count,
          duplicate: count,
          ignored: count,
          quarantined: count,
          refused: count,
        }),
      )
      .meta({
        description: 'Days of the business, newest first; since the first delivery a day without a row had none.',
      }),
  }),
  shadow: z.strictObject({
    decisions: count,
    judged: count,
    agreed: count,
    disagreed: count,
    coverage: share.nullable(),
    perDay: z
      .array(
        z.strictObject({
          date: z.iso.date(),
          turns: count,
          covered: count,
          judged: count,
          agreed: count,
          disagreed: count,
        }),
      )
      .meta({
        description:
          'By the day on which the customer wrote: turns with a decision, those it would have answered, and how these compared.',
      }),
  }),
  learning: z.strictObject({ enabled: z.boolean(), learned: count, skipped: z.record(z.string(), count) }),
  watchdog: z.strictObject({ lastRunAt: maybeMoment, leaseUntil: maybeMoment, checks }),
  killSwitch,
  incidents: z.strictObject({ open: count }),
  milestones: z.strictObject({
    day1: z.array(milestone),
    week1: z.array(milestone),
    month1: z.array(milestone),
    workloadSaved: z.strictObject({
      seconds: z.number(),
      n: count,
      medianSeconds: z.number().nullable(),
      formula: z.string(),
    }),
  }),
});

const decisionKind = z.enum(['would_reply', 'abstained']);

export const exchange = z
  .strictObject({
    id,
    threadId: z.string(),
    customerText: z.string().nullable(),
    operatorText: z.string().nullable(),
    textHidden: z.literal(true).optional(),
    operator: z.string().nullable(),
    operatorName,
    at: moment,
    decision: z
      .strictObject({
        kind: decisionKind,
        patternId: id.optional(),
        matchConfidence: share.nullable().optional(),
        text: z.string().nullable().optional(),
        reasons: z.array(z.string()),
        gates: z.array(gate),
        committedAt: moment,
        late: z.boolean(),
      })
      .nullable(),
    agreement: z.enum(['agreed', 'disagreed', 'ignored']).nullable(),
    learnedPatternId: id.nullable(),
    skipped: z.string().nullable(),
    dontLearn: z.boolean(),
    threadDontLearn: z.boolean(),
  })
  .meta({ id: 'Exchange', description: 'Texts are redacted, and null for viewers.' });

export const exchangePage = z.strictObject({
  exchanges: z.array(exchange),
  patterns: z
    .array(z.strictObject({ id, triggerText: z.string(), status: patternShape.status }))
    .meta({ description: 'Every pattern that was predicted or learned in these exchanges, by its words.' }),
  nextCursor: z.string().nullable(),
});

export const marked = z.strictObject({
  exchangeId: id.optional(),
  threadId: z.string().optional(),
  dontLearn: z.boolean(),
  pending: z.literal(true).optional(),
  exchange: exchange.optional(),
});

export const preview = z.strictObject({
  decision: decisionKind,
  match: z
    .strictObject({
      patternId: id,
      version: z.int().min(1),
      triggerText: z.string(),
      text: z.string(),
      filledText: z.string().nullable(),
      matchConfidence: share,
      expectedAgreement: share,
      confidence: share,
      isInForce: z.boolean(),
      examples: z.array(z.strictObject({ customerText: z.string(), similarity: share })),
    })
    .optional(),
  alternatives: z.array(
    z.strictObject({ patternId: id, triggerText: z.string(), text: z.string(), matchConfidence: share }),
  ),
  gates: z.array(gate),
  reasons: z.array(z.string()),
});

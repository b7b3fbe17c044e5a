/** What the calls about incidents and people answer. */
import * as z from 'zod';
import { auditEntry, checks, count, id, json, killSwitch, maybeMoment, moment, operatorName } from './parts.js';

const patternVersion = z.strictObject({ id, version: z.int().min(1) });

export const incident = z
  .strictObject({
    id,
    source: z.string(),
    actor: z.string(),
    reason: z.string().nullable(),
    state: z.enum(['open', 'closed']),
    rollback: z.enum(['pending', 'done']),
    pendingBecause: z.string().nullable(),
    evidence: z.array(z.strictObject({ checkId: z.string(), key: z.string() })),
    evidenceCount: count,
    snapshot: z.record(z.string(), json).nullable(),
    changed: z.record(z.string(), json).nullable(),
    openedAt: moment,
    rolledBackAt: maybeMoment,
    closedAt: maybeMoment,
    wereActive: z.array(patternVersion),
    wereActiveCount: count,
  })
  .meta({ id: 'Incident' });

export const incidentPage = z.strictObject({
  incidents: z.array(incident),
  killSwitch,
  lease: z.strictObject({ until: maybeMoment, isValid: z.boolean(), lastRunAt: maybeMoment }),
  nextCursor: z.string().nullable(),
});

export const auditPage = z.strictObject({
  audit: z.array(auditEntry.extend({ subject: z.string().nullable() })),
  nextCursor: z.string().nullable(),
});

export const watchdogRun = z.strictObject({
  status: z.enum(['clean', 'rolled_back', 'latched']),
  checks,
  incidentId: id.optional(),
});

export const incidentAct = z.union([
  z.strictObject({ status: z.enum(['rolled_back', 'pending']), incidentId: id, killSwitch, incident }),
  watchdogRun,
  z.strictObject({ status: z.literal('restored'), incident, wereActive: z.array(patternVersion) }),
  z.strictObject({ status: z.literal('released'), killSwitch }),
]);

export const person = z.strictObject({
  name: z.string(),
  role: z.enum(['viewer', 'operator', 'admin']),
  operatorId: z.string().nullable(),
  expiresAt: maybeMoment,
});

export const token = z
  .strictObject({
    ...person.shape,
    id,
    operatorName,
    createdBy: z.string(),
    createdAt: moment,
    revokedAt: maybeMoment,
  })
  .meta({ id: 'Token' });

export const tokenList = z.strictObject({ tokens: z.array(token) });
export const newToken = z
  .strictObject({ ...token.shape, token: z.string(), signInLink: z.url() })
  .meta({ description: 'The only time that the token and its one-time link are shown.' });

export const delivery = z.strictObject({ status: z.enum(['accepted', 'duplicate', 'ignored', 'quarantined']) });

export const erased = z
  .strictObject({
    threads: count,
    messages: count,
    deliveries: count,
    exchanges: count,
    mentions: count,
    patternsRemoved: count,
    patternsRebuilt: count,
    switchedOff: z.array(id),
  })
  .meta({ description: 'How much was blanked; `switchedOff` names patterns that were active and are not any more.' });

const held = z.array(z.record(z.string(), json));

export const heldOfCustomer = z
  .strictObject({
    customer: z.string(),
    erasedAt: maybeMoment,
    threads: held,
    messages: held,
    deliveries: held,
    exchanges: held,
    decisions: held,
    patterns: held,
    mentions: z.strictObject({ messageIds: z.array(z.string()) }),
  })
  .meta({ description: 'Everything that is held of one customer (`?customer=`), raw: for admins.' });

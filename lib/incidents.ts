/** Incidents, the kill switch, the lease and the audit as the contract shapes them. Reasons are free text: operators and admins read them, viewers do not. */
import * as z from 'zod';
import { type AuditRow, type IncidentRow, type Latch, listAudit, listIncidents } from '../db/incidents.js';
import type { Role } from './http/caller.js';
import { cutPage, pageCursor, pageLimit, readCursor, writeCursor } from './http/paging.js';
import { plainText } from './http/text.js';
import { iso } from './moment.js';
import { requireSchema } from './require-schema.js';

export const incidentQuery = z
  .strictObject({
    view: z.enum(['audit']).optional(),
    /** One incident, whole: a list cuts long snapshots short. */
    id: z.guid().optional(),
    subject: plainText(200).min(1).optional(),
    limit: pageLimit,
    cursor: pageCursor,
  })
  .refine(({ view, id }) => id === undefined || view !== 'audit', {
    path: ['id'],
    message: 'The audit has no incidents.',
  })
  .refine(({ view, subject }) => subject === undefined || view === 'audit', {
    path: ['subject'],
    message: 'Only the audit can be asked by subject: add view=audit.',
  });

type IncidentQuery = z.infer<typeof incidentQuery>;

const incidentCursor = z.strictObject({ openedUs: z.int(), id: z.guid() });
const auditCursor = z.strictObject({ auditId: z.int() });

/** Newest first. @throws Problem invalid_input for a cursor that is not one of this list */
export function presentIncidents(query: IncidentQuery, role: Role) {
  return query.view === 'audit' ? presentAudit(query, role !== 'viewer') : presentList(query, role !== 'viewer');
}

async function presentList({ limit, cursor, id }: IncidentQuery, withReasons: boolean) {
  const page = await listIncidents({ limit, id: id ?? null, after: readCursor(incidentCursor, cursor), withReasons });
  requireSchema(page.level);
  const { shown, last } = cutPage(page.incidents, limit);
  return {
    incidents: shown.map(presentIncident),
    killSwitch: presentKillSwitch(page.latch),
    lease: {
      until: iso(page.lease.until),
      isValid: page.lease.isValid,
      lastRunAt: iso(page.lease.lastRunAt),
    },
    nextCursor: last ? writeCursor({ openedUs: last.openedUs, id: last.id }) : null,
  };
}

async function presentAudit({ limit, cursor, subject }: IncidentQuery, withReasons: boolean) {
  const after = readCursor(auditCursor, cursor)?.auditId ?? null;
  const page = await listAudit({ limit, after, subject: subject ?? null, withReasons });
  requireSchema(page.level);
  const { shown, last } = cutPage(page.audit, limit);
  return {
    audit: shown.map((row: AuditRow) => ({ ...row, at: iso(row.at) })),
    nextCursor: last ? writeCursor({ auditId: last.id }) : null,
  };
}

/** With the patterns that were on when the snapshot was taken, which an admin may approve again one by one. */
export function presentIncident({ openedUs: _, ...row }: IncidentRow) {
  const wereActive = (row.snapshot?.patterns ?? [])
    .filter(pattern => pattern.isActive === true)
    .map(({ id, version }) => ({ id, version }));
  return {
    ...row,
    openedAt: iso(row.openedAt),
    rolledBackAt: iso(row.rolledBackAt),
    closedAt: iso(row.closedAt),
    wereActive,
    wereActiveCount: row.wereActiveCount ?? wereActive.length,
  };
}

export function presentKillSwitch(latch: Latch | null) {
  return latch
    ? { engaged: true, since: iso(latch.engagedAt), source: latch.source }
    : { engaged: false, since: null, source: null };
}

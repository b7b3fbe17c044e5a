/** Incidents, the kill switch, the lease and the audit as the contract shapes them. Reasons are free text: operators and admins read them, viewers do not. */
import * as z from 'zod';
import { type AuditRow, type IncidentRow, type Latch, listAudit, listIncidents } from '../db/incidents.js';
import { requireSchema } from './follow.js';
import type { Role } from './http/caller.js';
import { Problem } from './http/problem.js';
import { plainText } from './http/text.js';

export const incidentQuery = z
  .strictObject({
    view: z.enum(['audit']).optional(),
    /** One incident, whole: a list cuts long snapshots short. */
    id: z.guid().optional(),
    subject: plainText(200).min(1).optional(),
    limit: z
      .string()
      .regex(/^\d{1,3}$/, 'A number from 1 to 100.')
      .transform(Number)
      .pipe(z.int().min(1).max(100))
      .default(50),
    cursor: z.string().max(400).optional(),
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
    nextCursor: last ? writeCursor<typeof incidentCursor>({ openedUs: last.openedUs, id: last.id }) : null,
  };
}

async function presentAudit({ limit, cursor, subject }: IncidentQuery, withReasons: boolean) {
  const after = readCursor(auditCursor, cursor)?.auditId ?? null;
  const page = await listAudit({ limit, after, subject: subject ?? null, withReasons });
  requireSchema(page.level);
  const { shown, last } = cutPage(page.audit, limit);
  return {
    audit: shown.map((row: AuditRow) => ({ ...row, at: iso(row.at) })),
    nextCursor: last ? writeCursor<typeof auditCursor>({ auditId: last.id }) : null,
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

/** @param rows one more than a page where there is a next one */
function cutPage<Row>(rows: Row[], limit: number): { shown: Row[]; last: Row | undefined } {
  return { shown: rows.slice(0, limit), last: rows.length > limit ? rows[limit - 1] : undefined };
}

function writeCursor<Shape extends z.ZodType>(cursor: z.infer<Shape>): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function readCursor<Shape extends z.ZodType>(shape: Shape, text: string | undefined): z.infer<Shape> | null {
  if (text === undefined) return null;
  try {
    return shape.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    throw new Problem('invalid_input', undefined, {
      errors: [{ pointer: '#/cursor', detail: 'Not a cursor of this list: use nextCursor as it came.' }],
    });
  }
}

function iso(moment: string | null): string | null {
  return moment === null ? null : new Date(moment).toISOString();
}

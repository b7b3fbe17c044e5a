/** Incidents, the kill switch and the audit as people read them, and what people do about an incident. Only ids, codes and numbers, and the reasons, which not everybody may read. */
import { type SQL, sql } from 'drizzle-orm';
import { readResult, writeBatch } from './client.js';
import { type Reason, reasonStatements } from './reasons.js';

/** The oldest engagement of the kill switch that is not released. */
export type Latch = { engagedAt: string; source: string };

export type Snapshot = { patterns: { id: string; version: number; isActive: boolean | null }[] };

export type IncidentRow = {
  id: string;
  source: string;
  actor: string;
  reason: string | null;
  state: 'open' | 'closed';
  rollback: 'pending' | 'done';
  pendingBecause: string | null;
  evidence: { checkId: string; key: string }[];
  evidenceCount: number;
  snapshot: Snapshot | null;
  changed: Record<string, unknown> | null;
  /** Where the snapshot is cut short. */
  wereActiveCount?: number | null;
  openedAt: string;
  /** Microseconds since 1970: what pages go by, where an ISO time of JavaScript would lose three digits. */
  openedUs: number;
  rolledBackAt: string | null;
  closedAt: string | null;
};

export type IncidentPage = {
  level: number;
  latch: Latch | null;
  lease: { until: string | null; isValid: boolean; lastRunAt: string | null };
  incidents: IncidentRow[];
};

/** Rows of evidence shown of one incident; the count says how many there are. */
const EVIDENCE_SHOWN = 50;
const LOCK_TIMEOUT = '2s';
/** Three locks to wait for, and a rollback of many patterns. */
const TRIP_TIMEOUT_MS = 7_000;

export const latchObject = sql`(select jsonb_build_object('engagedAt', l.engaged_at, 'source', l.source)
  from kill_switch_latches l where (select r.release_id from kill_switch_releases r where r.latch_id = l.id) is null
  order by l.id limit 1)`;

const openedUs = sql`(extract(epoch from i.opened_at) * 1000000)::bigint`;

/** Who may not read reasons does not even ask for them. */
const reasonOf = (id: SQL, withReasons: boolean) =>
  withReasons ? sql`(select r.text from reasons r where r.id = ${id})` : sql`null`;

/** What stands in the incident's own row. */
const ownFields = sql`'id', i.id, 'source', i.source, 'state', i.state, 'rollback', i.rollback,
  'pendingBecause', i.pending_because, 'snapshot', i.snapshot, 'changed', i.changed, 'openedAt', i.opened_at,
  'openedUs', ${openedUs}, 'rolledBackAt', i.rolled_back_at, 'closedAt', i.closed_at`;

const incidentObject = (withReasons: boolean) => sql`jsonb_build_object(${ownFields},
  'actor', v3pls_actor_name(i.actor), 'reason', ${reasonOf(sql`i.reason_id`, withReasons)},
  'evidence', (select coalesce(jsonb_agg(jsonb_build_object('checkId', e.check_id, 'key', e.key) order by e.check_id, e.key), '[]')
    from (select check_id, key from incident_evidence where incident_id = i.id order by check_id, key limit ${EVIDENCE_SHOWN}) e),
  'evidenceCount', (select count(*) from incident_evidence where incident_id = i.id))`;

/** An incident of a large deployment would be megabytes, and a page of them more than the platform lets out. */
const IDS_SHOWN = 200;
const shorten = (value: SQL) => sql`(select jsonb_object_agg(key, case when jsonb_typeof(value) = 'array'
  then jsonb_path_query_array(value, ${sql.raw(`'$[0 to ${IDS_SHOWN - 1}]'`)}) else value end) from jsonb_each(${value}))`;

/** As in the row, with the counts of what a list cuts short. */
const listedObject = (withReasons: boolean) => sql`(${incidentObject(withReasons)} || jsonb_build_object(
  'snapshot', ${shorten(sql`i.snapshot`)}, 'changed', ${shorten(sql`i.changed`)},
  'wereActiveCount', jsonb_array_length(jsonb_path_query_array(i.snapshot, '$.patterns[*] ? (@.isActive == true)'))))`;

export type Page<After> = { limit: number; after: After | null; withReasons: boolean };

/** Newest first, one more than asked for, cut short; one that is asked for by its id comes whole. */
export function listIncidents(
  page: Page<{ openedUs: number; id: string }> & { id: string | null },
): Promise<IncidentPage> {
  const { limit, after, withReasons, id } = page;
  const isAsked = id === null ? sql`true` : sql`i.id = ${id}::uuid`;
  const object = id === null ? listedObject(withReasons) : incidentObject(withReasons);
  const isOlder = after ? sql`(${openedUs}, i.id) < (${after.openedUs}::bigint, ${after.id}::uuid)` : sql`true`;
  return readResult(sql`select jsonb_build_object('level', (select max(level) from schema_migrations), 'latch', ${latchObject},
    'lease', jsonb_build_object('until', v3pls_lease_until(), 'isValid', coalesce(v3pls_now() <= v3pls_lease_until(), false),
      'lastRunAt', (select finished_at from watchdog_runs order by id desc limit 1)),
    'incidents', (select coalesce(jsonb_agg(${object} order by i.opened_at desc, i.id desc), '[]')
      from (select * from incidents i where ${isOlder} and ${isAsked} order by i.opened_at desc, i.id desc limit ${limit + 1}) i)) as result`);
}

export type AuditRow = {
  id: number;
  at: string;
  actor: string;
  action: string;
  subject: string | null;
  details: unknown;
  reason: string | null;
};

/** Newest first, one more than asked for. */
export function listAudit(
  page: Page<number> & { subject: string | null },
): Promise<{ level: number; audit: AuditRow[] }> {
  const { limit, after, subject, withReasons } = page;
  const conditions = [
    after === null ? sql`true` : sql`a.id < ${after}::bigint`,
    subject === null ? sql`true` : sql`a.subject = ${subject}`,
  ];
  return readResult(sql`select jsonb_build_object('level', (select max(level) from schema_migrations),
    'audit', (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'at', a.at, 'actor', v3pls_actor_name(a.actor),
        'action', a.action, 'subject', a.subject, 'details', a.details,
        'reason', ${reasonOf(sql`a.reason_id`, withReasons)}) order by a.id desc), '[]')
      from (select * from audit_log a where ${sql.join(conditions, sql` and `)}
        order by a.id desc limit ${limit + 1}) a)) as result`);
}

export type Settled = { incident: IncidentRow; latch: Latch | null };

/**
 * Incident, snapshot and rollback in one transaction, after the kill switch. Waits two seconds for each lock, and reads
 * nothing that it does not need: a table that only names things could hold it up.
 * @param reason null where the table of reasons is out of reach
 */
export async function tripByHand(by: { actor: string; name: string }, reason: Reason | null): Promise<Settled> {
  return writeAndRead(
    [
      sql`select set_config('lock_timeout', ${LOCK_TIMEOUT}, true)`,
      ...reasonStatements(reason),
      // The id goes to the next statement in a setting of this transaction: a statement cannot see what it writes.
      sql`select set_config('v3pls.incident',
        v3pls_trip('manual', ${by.actor}, ${reason?.id ?? null}::uuid, '[]', ${LOCK_TIMEOUT})::text, true)`,
      sql`select jsonb_build_object('latch', ${latchObject}, 'incident', jsonb_build_object(${ownFields},
          'actor', ${by.name}::text, 'reason', ${reason?.text ?? null}::text, 'evidence', '[]'::jsonb, 'evidenceCount', 0)) as result
        from incidents i where i.id = current_setting('v3pls.incident')::uuid`,
    ],
    TRIP_TIMEOUT_MS,
  );
}

/** The command's triggers close the incident and give back what is no matter of safety, once. */
export async function restoreIncident(id: string, actor: string, reason: Reason): Promise<IncidentRow> {
  return writeAndRead([
    ...reasonStatements(reason),
    sql`insert into restorations (incident_id, actor, reason_id) values (${id}::uuid, ${actor}, ${reason.id}::uuid)`,
    sql`select ${incidentObject(true)} as result from incidents i where i.id = ${id}::uuid`,
  ]);
}

/** The command's triggers release what they see engaged. @returns an engagement that they did not see, or null */
export async function releaseKillSwitch(actor: string, reason: Reason): Promise<Latch | null> {
  return writeAndRead([
    ...reasonStatements(reason),
    sql`insert into releases (actor, reason_id) values (${actor}, ${reason.id}::uuid)`,
    sql`select ${latchObject} as result`,
  ]);
}

/** One transaction, whose last statement answers one row with one JSON column `result`. */
async function writeAndRead<T>(statements: readonly SQL[], timeoutMs?: number): Promise<T> {
  const results = await writeBatch(statements, timeoutMs);
  return results.at(-1)!.rows[0]!.result as T;
}

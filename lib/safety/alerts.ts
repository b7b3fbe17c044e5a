/** What the watchdog tells and does not act on: each a row in the list of checks, none of which makes a run less clean. Pure. */

export type AlertId =
  | 'previous_run'
  | 'lease'
  | 'clock'
  | 'refused_by_signature'
  | 'refused'
  | 'silence'
  | 'quarantine'
  | 'catalog_definitions'
  | 'schema_level';

export type AlertFacts = {
  now: string;
  /** The database's clock, whatever `v3pls_now()` says: Unix milliseconds. */
  clockMs: number;
  /** The run before this one, however it ended. */
  lastRun: { status: string; at: string } | null;
  leaseUntil: string | null;
  /** How long a lease lasts. */
  leaseMinutes: number;
  /** Refused deliveries of this hour and the last one, by `reason:headers`. */
  refused: { reason: string; count: number }[];
  /** Deliveries of this hour and the last one that were kept raw because they could not be understood. */
  quarantined: number;
  /** There was a delivery once, and none for `silence_hours`. */
  isSilent: boolean;
};

/** By the function's clock, Unix milliseconds: when the database was asked, and when its answer came. */
export type Asked = { sentMs: number; cameMs: number };

/** Deliveries older than five minutes are refused, so a minute is far too much already. */
const MOST_APART_MS = 60_000;
/** The doctor's own bad signature carries all four headers, as Quo never does (quo-api.md §1): so it is told from Quo's. */
export const PROBE_HEADERS = 'webhook-id+webhook-timestamp+webhook-signature+openphone-signature';

/** Each alert with how often it applies; 0 where all is well. */
export function countAlerts(facts: AlertFacts, asked: Asked, isCatalogMeasured: boolean): Record<AlertId, number> {
  const refused = facts.refused
    .map(({ reason, count }) => ({ headers: reason.split(':')[1] ?? '', count }))
    .filter(({ headers }) => headers !== PROBE_HEADERS);
  const sum = (rows: { count: number }[]) => rows.reduce((total, { count }) => total + count, 0);
  return {
    previous_run: isPreviousRunWell(facts) ? 0 : 1,
    lease: isLeaseWell(facts) ? 0 : 1,
    clock: isClockWell(facts, asked) ? 0 : 1,
    refused_by_signature: sum(refused.filter(({ headers }) => headers !== 'none' && headers !== '')),
    refused: sum(refused),
    silence: facts.isSilent ? 1 : 0,
    quarantine: facts.quarantined,
    catalog_definitions: isCatalogMeasured ? 0 : 1,
    // A run that finds another level than the code's does not come this far.
    schema_level: 0,
  };
}

function isPreviousRunWell({ now, lastRun, leaseMinutes }: AlertFacts): boolean {
  if (lastRun === null || lastRun.status === 'failed' || lastRun.status === 'unknown') return false;
  return minutesBetween(lastRun.at, now) <= leaseMinutes;
}

/** One that ends later than a lease given now was given by another clock, or by hand. */
function isLeaseWell({ now, leaseUntil, leaseMinutes }: AlertFacts): boolean {
  if (leaseUntil === null) return false;
  const left = minutesBetween(now, leaseUntil);
  return left >= 0 && left <= leaseMinutes + 1;
}

/** The database told its time somewhere between the question and the answer. */
function isClockWell({ clockMs }: AlertFacts, { sentMs, cameMs }: Asked): boolean {
  return clockMs >= sentMs - MOST_APART_MS && clockMs <= cameMs + MOST_APART_MS;
}

const minutesBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 60_000;

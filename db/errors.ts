/** What a database error means to a use case. Only codes leave here: messages of driver and ORM hold parameters, that is, customers' texts. */

import { NeonDbError } from '@neondatabase/serverless';

/** The database cannot be reached, hangs, or is not configured: 503, and the sender tries again. */
export class Unavailable extends Error {
  override name = 'Unavailable';
}

export const SCHEMA_IS_OLDER = 'The database schema is older than this code: run "npm run migrate".';

export type DatabaseFailure =
  | { kind: 'unavailable'; code: string | null; detail: string }
  | { kind: 'conflict'; code: string }
  | { kind: 'blocked'; code: string; gates: Gate[] }
  /** What a command names is not there. */
  | { kind: 'absent'; code: string }
  /** A command was given for another version than the present one. */
  | { kind: 'stale'; code: string; version: string }
  | { kind: 'refused'; code: string }
  /** Not the database's doing. */
  | { kind: 'fault'; code: null };

export type Gate = { id: string; ok: boolean; measured: unknown; required: unknown };

/** Another writer was faster: read again, decide again. */
const CONFLICTS = new Set(['V3T01', 'V3T02', '23505', '40001', '40P01']);
/** A table, column or function that this code knows and the database does not. */
const OLDER_SCHEMA = new Set(['42P01', '42703', '42883', '3F000']);
/** Connection trouble, shutdown, cancellation, no free lock or memory. */
const UNAVAILABLE_CLASSES = new Set(['08', '25', '28', '3D', '53', '57', '58', '55', 'XX']);

/** @param error whatever a query or a batch threw */
export function readFailure(error: unknown): DatabaseFailure {
  if (error instanceof Unavailable) return { kind: 'unavailable', code: null, detail: error.message };
  const outer = error as { code?: unknown; cause?: { code?: unknown; detail?: unknown }; detail?: unknown };
  const code = outer?.code ?? outer?.cause?.code;
  if (!(error instanceof NeonDbError || outer?.cause instanceof NeonDbError)) return { kind: 'fault', code: null };
  if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code)) {
    return { kind: 'unavailable', code: null, detail: 'The database cannot be reached.' };
  }
  if (OLDER_SCHEMA.has(code)) return { kind: 'unavailable', code, detail: SCHEMA_IS_OLDER };
  if (UNAVAILABLE_CLASSES.has(code.slice(0, 2)))
    return { kind: 'unavailable', code, detail: 'The database is not available.' };
  if (CONFLICTS.has(code)) return { kind: 'conflict', code };
  if (code === 'V3G01') return { kind: 'blocked', code, gates: readGates(outer.detail ?? outer.cause?.detail) };
  if (code === 'V3C01') return { kind: 'absent', code };
  if (code === 'V3C02') return { kind: 'stale', code, version: String(outer.detail ?? outer.cause?.detail) };
  return { kind: 'refused', code };
}

function readGates(detail: unknown): Gate[] {
  try {
    const gates = JSON.parse(String(detail)) as Gate[];
    return Array.isArray(gates) ? gates : [];
  } catch {
    return [];
  }
}

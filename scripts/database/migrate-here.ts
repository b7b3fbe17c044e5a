// Brings the opened database to this code's schema; what a person has to put right becomes a sentence.
import { readFailure } from '../../db/errors.js';
import { migrate } from '../../db/migrate.js';
import { Refusal } from '../server/refusal.js';

/** The SQLSTATE of a role that lacks a right. */
const INSUFFICIENT_PRIVILEGE = '42501';

/** @returns the tags that were applied. Throws a Refusal where the database says no; then nothing was changed. */
export async function migrateHere(): Promise<string[]> {
  try {
    return (await migrate()).applied;
  } catch (error) {
    // A fault of ours, a missing file say, shows where.
    if (readFailure(error).kind === 'fault') throw error;
    throw new Refusal(`The migration did not run and nothing was changed: ${describeFailure(error, 'create')}`);
  }
}

/** @param act what was tried: a role may be allowed to read and not to create, and the other way round */
export function describeFailure(error: unknown, act: 'create' | 'read'): string {
  const failure = readFailure(error);
  if (failure.code === INSUFFICIENT_PRIVILEGE)
    return `this role may not ${act} in the schema public: use the database's owner.`;
  if (failure.kind === 'unavailable') return failure.detail;
  // Class 42 is about the statement's own words.
  const words = failure.code?.startsWith('42') ? `: ${(error as Error).message}` : '.';
  return `error ${failure.code ?? 'unknown'}${words}`;
}

/** Says states and numbers in words. The law: a number that is not known reads "unknown", and a rate never stands without its n. Pure. */
import type { Loose, Counts as StrictCounts, Gate as StrictGate, Pattern as StrictPattern } from './contract.js';
import { showPlainly } from './text.js';

type Pattern = Loose<StrictPattern>;
type Gate = Loose<StrictGate>;
type Counts = Loose<StrictCounts>;

const UNKNOWN = 'unknown';

const STATES = new Map([
  ['learning', 'Learning'],
  ['pending_review', 'Pending Review'],
  ['active', 'Active (shadow)'],
  ['retired', 'Retired'],
]);

const FLAGS = new Map([
  ['fact_changed', 'A fact has changed: newer replies say something else'],
  ['unfillable', 'Has a blank that nothing in the conversation can fill'],
  ['possible_duplicate', 'Possible duplicate of another pattern'],
  ['edited', 'Edited by a person'],
  ['stale', 'Stale: no exchange for a long time'],
  ['conflict', 'Conflicts with another pattern'],
]);

export function sayState(status: string | null | undefined): string {
  if (!status) return 'State unknown';
  return STATES.get(status) ?? showPlainly(status);
}

export function sayFlag(flag: string): string {
  return FLAGS.get(flag) ?? showPlainly(flag);
}

/** What the server confirms, not what should be: everything learned is "Off" until an admin decides. */
export function sayToggle(isActive: boolean | null | undefined): string {
  if (isActive === false) return 'Off';
  return isActive === true ? 'On' : UNKNOWN;
}

export function sayCount(n: number | null | undefined, one: string, many = `${one}s`): string {
  return `${isNumber(n) ? n : UNKNOWN} ${n === 1 ? one : many}`;
}

export function sayEvidence(evidence: Pattern['evidence']): string {
  return [
    sayCount(evidence?.exchanges, 'exchange'),
    sayCount(evidence?.customers, 'customer'),
    sayCount(evidence?.operators, 'operator'),
    sayCount(evidence?.days, 'day'),
  ].join(', ');
}

export function sayShadow(shadow: Pattern['shadow'], lowerBound: number | null | undefined): string {
  const { agreed, judged } = shadow ?? {};
  if (!isNumber(judged) || !isNumber(agreed)) return 'Would have said it: unknown';
  if (judged === 0) return 'Not judged yet: no staff reply has been compared with it';
  const proven = isNumber(lowerBound) ? `proven at least ${sayShare(lowerBound)}` : 'how much that proves is unknown';
  return `Would have said it ${agreed} of ${sayCount(judged, 'time')}; ${proven}`;
}

export function sayConfidence(score: number | null | undefined, judged: number | null | undefined): string {
  if (judged === 0) return `${sayShare(score)} (no judged decision yet)`;
  const n = isNumber(judged) ? sayCount(judged, 'judged decision') : 'an unknown number of judged decisions';
  return `${sayShare(score)} (from ${n})`;
}

/** Rounded down, so that 94.9 % never reads as the 95 % of a gate. */
export function sayShare(share: number | null | undefined): string {
  return isNumber(share) ? `${Math.floor(share * 100 + 1e-9)} %` : UNKNOWN;
}

export function sayCounts(counts: Counts | null | undefined): string {
  return [
    `${sayNumber(counts?.pendingReview)} pending review`,
    `${sayNumber(counts?.learning)} learning`,
    `${sayNumber(counts?.active)} active (shadow)`,
    `${sayNumber(counts?.retired)} retired`,
  ].join(' · ');
}

export function sayNumber(n: number | null | undefined): string {
  return isNumber(n) ? String(n) : UNKNOWN;
}

export function sayGate(gate: Gate): string {
  const name = showPlainly(gate.detail || gate.id?.replaceAll('_', ' ') || 'unnamed gate');
  return `${name} (measured ${sayValue(gate.measured)}, required ${sayValue(gate.required)})`;
}

function sayValue(value: unknown): string {
  if (value === null || value === undefined || value === '') return UNKNOWN;
  return showPlainly(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

/** @param timeZone an IANA name that this runtime knows */
export function sayTime(iso: string | null | undefined, timeZone: string): string {
  const atMs = Date.parse(iso ?? '');
  if (Number.isNaN(atMs)) return UNKNOWN;
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(atMs);
}

/** The day alone, of the business's calendar. */
export function sayDate(iso: string | null | undefined, timeZone: string): string {
  const atMs = Date.parse(iso ?? '');
  if (Number.isNaN(atMs)) return UNKNOWN;
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone }).format(atMs);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

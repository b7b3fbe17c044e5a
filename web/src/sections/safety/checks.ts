/** The watchdog's checks in words: what each looks for, and which of them stop everything. A check that is not known here is shown by its code. Pure. */
import { showPlainly } from '../../text.js';

type Check = { looksFor: string; trips: boolean };

const stops = (looksFor: string): Check => ({ looksFor, trips: true });
const tells = (looksFor: string): Check => ({ looksFor, trips: false });

const CHECKS: Record<string, Check> = {
  executions: stops('An answer that was sent automatically, or without a person who approved it'),
  pattern_safety_columns: stops('A pattern that could act by itself'),
  unapproved_active: stops('A pattern that is on without an admin’s approval of exactly these words'),
  queue: stops('Answers that wait to be sent'),
  configuration: stops('A setting that is missing or has a value it may not have'),
  counters: stops('Evidence that does not add up: a pattern that counts more than happened'),
  kill_switch: stops('The kill switch, or an incident, that was ended without anybody releasing it'),
  ground_truth: stops('A text from your line, written by no person, that says what a pattern says'),
  catalog: stops('A guard of the database that is missing, switched off or changed'),
  previous_run: tells('An earlier check that failed, or came too late'),
  lease: tells('A permission to rely on the checks that has run out'),
  clock: tells('Clocks that are more than a minute apart'),
  refused_by_signature: tells('Deliveries refused because of a wrong signature, in the last two hours'),
  refused: tells('Deliveries refused for any reason, in the last two hours'),
  silence: tells('No delivery for too long'),
  quarantine: tells('Deliveries that could not be understood, in the last two hours'),
  catalog_definitions: tells('Guards of the database that could not be compared, on this version of PostgreSQL'),
  schema_level: tells('A database of another version than this program'),
};

/** What a check looks for, as a noun. */
export function sayCheck(id: string): string {
  return CHECKS[id]?.looksFor ?? showPlainly(id.replaceAll('_', ' '));
}

/** Whether what it finds engages the kill switch. One that is not known counts as one that does. */
export function doesTrip(id: string): boolean {
  return CHECKS[id]?.trips ?? true;
}

/** @param violations how many rows broke the check in the last run */
export function sayFound(violations: number | null | undefined): string {
  if (typeof violations !== 'number') return 'unknown';
  return violations === 0 ? 'nothing found' : `${violations} found`;
}

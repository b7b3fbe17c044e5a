/** The audit in words: who did what to what. An act that is not known here is shown by its code, never left out. Pure. */
import { showPlainly } from '../../text.js';
import { sayTime } from '../../words.js';
import { nameSetting, sayRawValue } from './setting-words.js';

export type Entry = { actor: string; action: string; subject: string | null; details: unknown };

const ACTIONS: Record<string, string> = {
  activated: 'approved a pattern',
  pattern_safety_changed: 'changed whether a pattern is on',
  pattern_removed: 'removed a pattern that nothing was left of',
  pattern_deactivate: 'switched a pattern off',
  pattern_edit: 'edited a pattern',
  pattern_retire: 'retired a pattern',
  pattern_restore: 'restored a retired pattern',
  pattern_merge: 'merged a pattern into another',
  config_changed: 'changed a setting',
  incident_opened: 'opened an incident',
  incident_closed: 'closed an incident',
  rolled_back: 'rolled back: everything off',
  restored: 'restored after an incident',
  released: 'released the kill switch',
  dont_learn: 'marked “don’t learn”',
  may_learn: 'took a “don’t learn” away',
  token_created: 'made an access token',
  token_revoked: 'revoked an access token',
  token_removed: 'deleted an access token',
  signed_in: 'signed in to the page',
  customer_erased: 'erased a customer',
};

export function sayAction({ action, subject, details }: Pick<Entry, 'action' | 'subject' | 'details'>): string {
  const said = ACTIONS[action] ?? showPlainly(action.replaceAll('_', ' '));
  if (action === 'config_changed' && subject) return `${said}: ${nameSetting(subject)}`;
  if (action === 'pattern_safety_changed' && readDetail(details, 'isActive') === false) return 'a pattern is off';
  if (action === 'pattern_safety_changed' && readDetail(details, 'isActive') === true) return 'a pattern is on';
  return said;
}

/** Who acts where no person does. */
export function sayActor(actor: string): string {
  if (actor.startsWith('sql:')) return `The database (as ${showPlainly(actor.slice(4))})`;
  const known: Record<string, string> = {
    admin: 'The first admin',
    watchdog: 'The watchdog',
    database: 'The database',
    migration: 'A new version',
  };
  return known[actor] ?? showPlainly(actor);
}

/** What else the entry says, in words. Ids and hashes tell a reader nothing and are left out. */
export function sayDetails({ action, details }: Pick<Entry, 'action' | 'details'>, timeZone: string): string[] {
  const read = (key: string) => readDetail(details, key);
  const told: string[] = [];
  const version = read('version');
  const [from, to, role, expiresAt, evidence, patterns, queue, source] = [
    read('old'),
    read('new'),
    read('role'),
    read('expiresAt'),
    read('evidence'),
    read('patterns'),
    read('queue'),
    read('source'),
  ];
  if (action === 'config_changed') told.push(`from ${sayRawValue(from)} to ${sayRawValue(to)}`);
  if (typeof version === 'number') told.push(`version ${version}`);
  if (typeof role === 'string') told.push(showPlainly(role));
  if (typeof source === 'string') told.push(saySource(source));
  if (typeof evidence === 'number') told.push(`evidence: ${evidence}`);
  if (typeof patterns === 'number') told.push(`patterns switched off: ${patterns}`);
  if (typeof queue === 'number') told.push(`waiting answers cancelled: ${queue}`);
  if (typeof expiresAt === 'string') told.push(`until ${sayTime(expiresAt, timeZone)}`);
  return told;
}

const SOURCES: Record<string, string> = {
  manual: 'stopped by a person',
  watchdog: 'found by the watchdog',
  evidence: 'an automatic execution was recorded',
  rollback: 'by a rollback',
};

/** What opened an incident, or engaged the kill switch. */
export function saySource(source: string | null | undefined): string {
  if (!source) return 'unknown';
  return SOURCES[source] ?? showPlainly(source);
}

/** Patterns and incidents have a place on the page. */
export function findPlace({ action, subject }: Pick<Entry, 'action' | 'subject'>): string | null {
  if (!subject || action === 'pattern_removed') return null;
  return action === 'activated' || action.startsWith('pattern_') ? `/pattern/${encodeURIComponent(subject)}` : null;
}

function readDetail(details: unknown, key: string): unknown {
  return typeof details === 'object' && details !== null ? (details as Record<string, unknown>)[key] : undefined;
}

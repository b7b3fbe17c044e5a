/** What is wrong with a database's catalog, by the list that is kept with the code. Pure. */
import { CATALOG } from './catalog.js';

export type CatalogFacts = {
  /** PostgreSQL's major version. */
  major: number;
  /** From "kind name" to a hash of what it is; where a definition is printed, `/` and a hash of the print. */
  facts: Record<string, string>;
};

/** Printed definitions were measured to be the same on these; on another one only what is not printed is compared. */
const MEASURED = { from: 15, to: 18 };
/** Kinds whose names begin with a table. */
const OF_TABLES = [
  'table',
  'column',
  'constraint',
  'trigger',
  'index',
  'sequence',
  'rule',
  'policy',
  'child',
  'access',
];
/** What the tests put in place of the database's clock. */
const CLOCK = 'function v3pls_now()';

const EXPECTED = readCatalog(CATALOG);

/** The tables and views that are ours, in the order of the list. */
export const OUR_TABLES: readonly string[] = Object.keys(EXPECTED).flatMap(key =>
  key.startsWith('table ') ? [key.slice('table '.length)] : [],
);

/** Lines of "kind table name=hash name=hash"; `-` where a thing belongs to no table. */
export function readCatalog(text: string): Record<string, string> {
  const facts: Record<string, string> = {};
  for (const line of text.trim().split('\n')) {
    const [kind, table, ...entries] = line.split(' ');
    for (const entry of entries) {
      const at = entry.lastIndexOf('=');
      const name = entry.slice(0, at);
      facts[`${kind} ${table === '-' ? name : `${table}.${name}`}`] = entry.slice(at + 1);
    }
  }
  return facts;
}

export function isMeasured({ major }: CatalogFacts): boolean {
  return major >= MEASURED.from && major <= MEASURED.to;
}

/** How many of each kind the list names. */
export function countGuards(): { triggers: number; constraints: number; functions: number } {
  const count = (kind: string) => Object.keys(EXPECTED).filter(key => key.startsWith(`${kind} `)).length;
  return { triggers: count('trigger'), constraints: count('constraint'), functions: count('function') };
}

/**
 * @param isClockOurs the caller replaced the database's clock itself, as only tests do
 * @returns what is `missing`, `off`, `changed` or `foreign`, each with its kind and name, such as
 *   "off trigger pattern_execution_history.judge_evidence"
 */
export function findCatalogFaults(actual: CatalogFacts, isClockOurs = false): string[] {
  const isSame = isMeasured(actual) ? equals : equalsUnprinted;
  const faults: string[] = [];
  for (const [key, hash] of Object.entries(EXPECTED)) {
    const found = actual.facts[key];
    if (found === undefined) {
      // Of a table that is gone, its parts are gone with it.
      if (!isPartOfMissing(key, actual)) faults.push(`missing ${key}`);
    } else if (found.startsWith('off:')) faults.push(`off ${key}`);
    else if (!isSame(found, hash) && !(isClockOurs && key === CLOCK)) faults.push(`changed ${key}`);
  }
  for (const [key, hash] of Object.entries(actual.facts))
    if (EXPECTED[key] === undefined && !isHarmless(key, hash)) faults.push(`foreign ${key}`);
  return faults.sort();
}

function isPartOfMissing(key: string, { facts }: CatalogFacts): boolean {
  const [kind, table] = split(key);
  return kind !== 'table' && OUR_TABLES.includes(table) && facts[`table ${table}`] === undefined;
}

/** Other programs' tables are theirs; and a column of theirs that may be left out changes nothing and can refuse no row. */
function isHarmless(key: string, hash: string): boolean {
  const [kind, table] = split(key);
  if (OF_TABLES.includes(kind) && !OUR_TABLES.includes(table)) return true;
  return kind === 'column' && hash.startsWith('plain:');
}

function split(key: string): [kind: string, table: string] {
  const [kind = '', name = ''] = key.split(' ');
  return [kind, name.split('.')[0]!];
}

const equals = (one: string, other: string) => one === other;
const equalsUnprinted = (one: string, other: string) => one.split('/')[0] === other.split('/')[0];

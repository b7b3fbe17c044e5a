// Which guards the migrations create, read from the migrations themselves: no list beside them can fall behind. A test
// holds the answer equal to what a migrated database has.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export type Guards = {
  /** `table.name` */
  triggers: string[];
  checks: string[];
  /** Name, and the md5 of every source that a function of that name may have. */
  functions: Map<string, string[]>;
};

type Journal = { entries: { tag: string }[] };
type Snapshot = { tables: Record<string, { name: string; checkConstraints?: Record<string, { name: string }> }> };

const FOLDER = new URL('../../db/migrations/', import.meta.url);

const TRIGGER =
  /\b(create (?:or replace )?(?:constraint )?|drop )trigger (?:if exists )?(\w+)\s(?:[^;']*?\s)?on (?:public\.)?(\w+)/gi;
/** The same trigger on each table of a list. */
const TRIGGER_LOOP =
  /foreach v_table in array array\[([^\]]*)\] loop\s+execute format\('create trigger (\w+) [^']*? on %I/gi;
const FUNCTION =
  /\bcreate (or replace )?function (?:public\.)?(\w+)\s*\([\s\S]*?\bas (\$\w*\$)([\s\S]*?)\3|\bdrop function (?:if exists )?(\w+)/gi;

export function readExpectedGuards(): Guards {
  const journal = JSON.parse(readFileSync(new URL('meta/_journal.json', FOLDER), 'utf8')) as Journal;
  const tags = journal.entries.map(entry => entry.tag);
  const triggers = new Set<string>();
  const functions = new Map<string, string[]>();
  for (const tag of tags) {
    const source = readFileSync(new URL(`${tag}.sql`, FOLDER), 'utf8').replaceAll(/^\s*--.*$/gm, '');
    for (const [, tables = '', name] of source.matchAll(TRIGGER_LOOP))
      for (const [, table] of tables.matchAll(/'(\w+)'/g)) triggers.add(`${table}.${name}`);
    for (const [, verb = '', name, table] of source.matchAll(TRIGGER)) {
      if (verb.toLowerCase().startsWith('drop')) triggers.delete(`${table}.${name}`);
      else triggers.add(`${table}.${name}`);
    }
  }
  for (const tag of tags) collectFunctions(readFileSync(new URL(`${tag}.sql`, FOLDER), 'utf8'), functions);
  return { triggers: [...triggers].sort(), checks: readChecks(tags.at(-1)!), functions };
}

/** Without `or replace` the same name is another function, told apart by its arguments. */
function collectFunctions(source: string, functions: Map<string, string[]>): void {
  for (const [, isReplaced, name, , body, dropped] of source.matchAll(FUNCTION)) {
    if (dropped !== undefined) {
      functions.delete(dropped);
      continue;
    }
    const hash = createHash('md5').update(body!).digest('hex');
    const others = isReplaced ? [] : (functions.get(name!) ?? []);
    functions.set(name!, [...others, hash]);
  }
}

/** From the snapshot that the migration generator keeps beside the last migration. */
function readChecks(tag: string): string[] {
  const file = new URL(`meta/${tag.slice(0, 4)}_snapshot.json`, FOLDER);
  const { tables } = JSON.parse(readFileSync(file, 'utf8')) as Snapshot;
  return Object.values(tables)
    .flatMap(table => Object.values(table.checkConstraints ?? {}).map(check => `${table.name}.${check.name}`))
    .sort();
}

// The guards of a migrated database, each with the SQL that takes it away and the SQL that gives it back.
import type { Session } from '../safety/support.js';
import { CLAUSES } from './guard-clauses.js';

export type Guard = {
  name: string;
  drop: string;
  restore: string;
  /** Of a clause: what else may be taken out of the same definition. */
  clause?: { owner: string; from: string; to: string };
};

type Row = { owner: string; part: string; definition: string };

/** Every trigger, CHECK and key that there is, the columns of a pattern's safety, every refusal, and the clauses. */
export async function listGuards(db: Session): Promise<Guard[]> {
  const definitions = await readDefinitions(db);
  return [
    ...(await listTriggers(db)),
    ...(await listConstraints(db)),
    ...(await listColumns(db)),
    ...listRefusals(definitions),
    ...CLAUSES.map(([owner, what, from, to]) => partOf(definitions, owner, what, from, to)),
  ];
}

async function listTriggers(db: Session): Promise<Guard[]> {
  const rows = await db.sql<Row>(`select c.relname as owner, t.tgname as part, pg_get_triggerdef(t.oid) as definition
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and c.relnamespace = 'public'::regnamespace order by 1, 2`);
  return rows.map(({ owner, part, definition }) => ({
    name: `trigger ${owner}.${part}`,
    drop: `drop trigger ${part} on ${owner}`,
    restore: definition,
  }));
}

/** A number that a sequence gives is no key that anybody could take twice. */
async function listConstraints(db: Session): Promise<Guard[]> {
  const constraints = await db.sql<Row & { kind: string }>(`select c.relname as owner, k.conname as part,
      case k.contype when 'c' then 'check' else 'key' end as kind, pg_get_constraintdef(k.oid) as definition
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where k.contype in ('c', 'p', 'u') and k.connamespace = 'public'::regnamespace
      and (k.contype = 'c' or not exists (select from pg_attrdef d where d.adrelid = k.conrelid and d.adnum = any (k.conkey)
        and pg_get_expr(d.adbin, d.adrelid) like 'nextval(%')) order by 1, 2`);
  const indexes = await db.sql<Row>(`select c.relname as owner, i.relname as part, pg_get_indexdef(i.oid) as definition
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
    where x.indisunique and c.relnamespace = 'public'::regnamespace
      and not exists (select from pg_constraint k where k.conindid = i.oid) order by 1, 2`);
  return [
    ...constraints.map(({ owner, part, kind, definition }) => ({
      name: `${kind} ${owner}.${part}`,
      drop: `alter table ${owner} drop constraint ${part}`,
      restore: `alter table ${owner} add constraint ${part} ${definition}`,
    })),
    ...indexes.map(({ owner, part, definition }) => ({
      name: `key ${owner}.${part}`,
      drop: `drop index ${part}`,
      restore: definition,
    })),
  ];
}

async function listColumns(db: Session): Promise<Guard[]> {
  const rows =
    await db.sql<Row>(`select 'decision_patterns' as owner, a.attname as part, pg_get_expr(d.adbin, d.adrelid) as definition
    from pg_attribute a join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = 'decision_patterns'::regclass
      and a.attname in ('is_active', 'auto_executable', 'requires_confirmation', 'confidence_score', 'version') order by 2`);
  const notNull = (owner: string, part: string): Guard => ({
    name: `column ${owner}.${part} not null`,
    drop: `alter table ${owner} alter ${part} drop not null`,
    restore: `alter table ${owner} alter ${part} set not null`,
  });
  return [
    ...rows.flatMap(({ owner, part, definition }) => [
      notNull(owner, part),
      {
        name: `column ${owner}.${part} default`,
        drop: `alter table ${owner} alter ${part} drop default`,
        restore: `alter table ${owner} alter ${part} set default ${definition}`,
      },
    ]),
    notNull('audit_log', 'actor'),
    notNull('pattern_learning_config', 'config_value'),
  ];
}

/** Of every function, and of the view of what is in force: the SQL that makes it. */
async function readDefinitions(db: Session): Promise<ReadonlyMap<string, string>> {
  const rows = await db.sql<{ name: string; definition: string }>(`
    select f.proname as name, pg_get_functiondef(f.oid) as definition
    from pg_proc f where f.pronamespace = 'public'::regnamespace and f.proname like 'v3pls\\_%'
    union all select 'patterns_in_force', 'create or replace view patterns_in_force as ' || pg_get_viewdef('patterns_in_force'::regclass)
    order by 1`);
  return new Map(rows.map(({ name, definition }) => [name, definition]));
}

/** A statement ends at a semicolon that is not within quotes. */
const REFUSAL = /raise exception using(?:'(?:[^']|'')*'|[^';])*;/g;
const MESSAGE = /message = (?:format\()?'((?:[^']|'')*)'/;

/** It does nothing else, and would fail where it does not return. */
const REFUSES_ONLY = 'v3pls_refuse_change';

function listRefusals(definitions: ReadonlyMap<string, string>): Guard[] {
  return [...definitions].flatMap(([owner, whole]) =>
    (whole.match(REFUSAL) ?? []).map(statement => {
      const message = MESSAGE.exec(statement)![1]!.replaceAll("''", "'");
      return partOf(
        definitions,
        owner,
        `refuses: ${message}`,
        statement,
        owner === REFUSES_ONLY ? 'return null;' : 'null;',
      );
    }),
  );
}

function partOf(
  definitions: ReadonlyMap<string, string>,
  owner: string,
  what: string,
  from: string,
  to: string,
): Guard {
  const whole = definitions.get(owner) ?? '';
  if (whole.split(from).length !== 2)
    throw new Error(`${owner} has not one "${from}": the list of clauses is older than the migrations\n${whole}`);
  return {
    name: `${owner}${what.startsWith('refuses: ') ? ' ' : ': '}${what}`,
    drop: whole.replace(from, () => to),
    restore: whole,
    clause: { owner, from, to },
  };
}

/** The SQL that takes all of them away at once, also where several are clauses of one definition. */
export function dropAll(guards: readonly Guard[]): string[] {
  const texts = new Map<string, string>();
  for (const { name, drop, restore, clause } of guards) {
    const owner = clause?.owner ?? name;
    const present = texts.get(owner) ?? restore;
    if (clause && !present.includes(clause.from)) throw new Error(`${name} went with another clause`);
    texts.set(owner, clause ? present.replace(clause.from, () => clause.to) : drop);
  }
  return [...texts.values()];
}

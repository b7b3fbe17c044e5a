// The catalog against the list that is kept with the code: what the migrations make is all there, and nothing else is.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCatalog } from '../../db/catalog.js';
import { CATALOG } from '../../lib/safety/catalog.js';
import { findCatalogFaults, OUR_TABLES, readCatalog } from '../../lib/safety/catalog-check.js';
import { writeCatalog } from '../../scripts/catalog.js';
import { createTestPglite } from '../support/pglite.js';
import { createTestDatabase } from '../support/postgres.js';
import { ATTACKS } from './catalog-attacks.js';
import { connect, type Session } from './support.js';

type Opened = { session: Session; use(): Promise<void>; close(): Promise<void> };
const KINDS: [name: string, open: () => Promise<Opened>][] = [
  [
    'PostgreSQL',
    async () => {
      const database = await createTestDatabase();
      const session = await connect(database.url);
      return { session, use: database.use, close: () => session.close().then(database.close) };
    },
  ],
  [
    'PGlite',
    async () => {
      const database = await createTestPglite();
      const script = (text: string) => database.exec(text).then(() => undefined);
      const sql = async () => [];
      return { session: { sql, script, close: database.close }, use: database.use, close: () => database.close() };
    },
  ],
];

const faultsNow = async () => findCatalogFaults(await findCatalog(OUR_TABLES));

describe.each(KINDS)('on %s', (_name, open) => {
  let opened: Opened;
  let db: Session;
  beforeAll(async () => {
    opened = await open();
    db = opened.session;
    await opened.use();
  });
  afterAll(() => opened.close());

  it('the list is what the migrations make (npm run -s catalog writes it)', async () => {
    const catalog = await findCatalog(null);
    expect(catalog.facts).toEqual(readCatalog(CATALOG));
    const file = fileURLToPath(new URL('../../lib/safety/catalog.ts', import.meta.url));
    expect(writeCatalog(catalog)).toBe(readFileSync(file, 'utf8'));
    expect(await faultsNow()).toEqual([]);
  });

  it.each(ATTACKS)('names %s', async (_what, attack, repair, faults) => {
    await db.script(attack);
    expect(await faultsNow()).toEqual(faults);
    await db.script(repair);
    expect(await faultsNow()).toEqual([]);
  });

  it.each<[what: string, addition: string, removal: string]>([
    ['an index that makes something faster', 'create index theirs on exchanges (operator_id)', 'drop index theirs'],
    [
      'a column that may be left out',
      'alter table decision_patterns add column theirs text',
      'alter table decision_patterns drop column theirs',
    ],
    [
      'a table of another program, with its own triggers and a function',
      `create table theirs (id integer primary key); create function theirs() returns trigger language plpgsql as $$ begin return new; end $$;
       create trigger theirs before insert on theirs for each row execute function theirs()`,
      'drop table theirs; drop function theirs()',
    ],
    [
      'a trigger of ours that always fires',
      'alter table decision_patterns enable always trigger guard_pattern',
      'alter table decision_patterns enable trigger guard_pattern',
    ],
  ])('says nothing about %s', async (_what, addition, removal) => {
    await db.script(addition);
    expect(await faultsNow()).toEqual([]);
    await db.script(removal);
  });

  it('reads the same once it was dumped and restored: every printed definition, made from its own print, prints alike', async () => {
    await db.script(`do $$ declare r record; begin
      for r in select conrelid::regclass as t, conname as n, pg_get_constraintdef(oid) as d from pg_constraint
        where contype = 'c' and connamespace = 'public'::regnamespace loop
        execute format('alter table %s drop constraint %I, add constraint %I %s', r.t, r.n, r.n, r.d);
      end loop;
      for r in select a.attrelid::regclass as t, a.attname as n, pg_get_expr(d.adbin, d.adrelid) as d
        from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
        join pg_class c on c.oid = d.adrelid and c.relnamespace = 'public'::regnamespace where a.attgenerated = '' loop
        execute format('alter table %s alter %I set default %s', r.t, r.n, r.d);
      end loop;
      for r in select t.tgrelid::regclass as t, t.tgname as n, pg_get_triggerdef(t.oid) as d from pg_trigger t
        where not t.tgisinternal and t.tgqual is not null loop
        execute format('drop trigger %I on %s', r.n, r.t);
        execute r.d;
      end loop;
      for r in select i.indexrelid::regclass as n, pg_get_indexdef(i.indexrelid) as d from pg_index i
        join pg_class c on c.oid = i.indrelid and c.relnamespace = 'public'::regnamespace where i.indpred is not null loop
        execute format('drop index %s', r.n);
        execute r.d;
      end loop;
      execute 'create or replace view patterns_in_force as ' || pg_get_viewdef('patterns_in_force'::regclass);
    end $$`);
    expect(await faultsNow()).toEqual([]);
  });
});

it('a function or a table of ours that another schema of the path shadows is named', async () => {
  const database = await createTestDatabase();
  try {
    await database.sql('create schema earlier');
    await database.sql('grant usage on schema earlier to public');
    await database.sql('create function earlier.v3pls_is_latched() returns boolean language sql as $$ select false $$');
    await database.sql('create table earlier.kill_switch_latches (id integer)');
    const name = new URL(database.url).pathname.slice(1);
    await database.use();
    expect(await faultsNow()).toEqual([]);
    await database.sql(`alter database ${name} set search_path = earlier, public`);
    await database.sql(`alter database ${name} set session_replication_role = replica`);
    const session = await connect(database.url);
    await session.script(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await session.close();
    const ask = () => faultsNow().catch(faultsNow);
    expect(await ask()).toEqual([
      'changed table patterns_in_force',
      'foreign setting session_replication_role',
      'foreign shadow earlier.kill_switch_latches',
      'foreign shadow earlier.v3pls_is_latched',
    ]);
  } finally {
    await database.close();
  }
});

it('on a PostgreSQL that was never measured only what is not printed is compared', () => {
  const facts = Object.fromEntries(
    Object.entries(readCatalog(CATALOG)).map(([key, hash]) => [key, hash.replace(/\/.*/, '/printed anew')]),
  );
  expect(findCatalogFaults({ major: 19, facts })).toEqual([]);
  expect(findCatalogFaults({ major: 17, facts }).length).toBeGreaterThan(100);
  expect(findCatalogFaults({ major: 19, facts: { ...facts, 'function v3pls_now()': 'another' } })).toEqual([
    'changed function v3pls_now()',
  ]);
});

it('only tests replace the database’s clock: nothing else admits it', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const callers = ['api', 'db', 'lib', 'scripts'].flatMap(folder =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .map(name => path.join(folder, name))
      .filter(file => readFileSync(path.join(root, file), 'utf8').includes('admitReplacedClock')),
  );
  expect(callers).toEqual(['lib/watch.ts']);
});

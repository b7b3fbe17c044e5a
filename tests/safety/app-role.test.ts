// The functions' own database role: it can do what they do, and nothing that would loosen a guard.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createTestDatabase, type TestDatabase, withUser } from '../support/postgres.js';

let db: TestDatabase;
let app: pg.Client;
beforeAll(async () => {
  db = await createTestDatabase();
  app = new pg.Client({ connectionString: withUser(db.url, inject('postgresAppRole')) });
  await app.connect();
});
afterAll(async () => {
  await app.end();
  await db.close();
});

type Table = { name: string };
const tables = async () =>
  (await db.sql<Table>(`select tablename as name from pg_tables where schemaname = 'public' order by 1`)).map(
    ({ name }) => name,
  );

describe("The functions' own role", () => {
  it('can neither empty a table, nor switch a trigger off, nor change or drop anything, whatever the table', async () => {
    const names = await tables();
    expect(names.length).toBeGreaterThan(30);
    for (const name of names)
      for (const statement of [
        `truncate ${name} cascade`,
        `alter table ${name} disable trigger all`,
        `alter table ${name} add column loosened boolean`,
        `drop table ${name} cascade`,
        `create trigger loosened before insert on ${name} for each row execute function v3pls_number_row()`,
        `alter table ${name} owner to current_user`,
      ])
        await expect(app.query(statement), statement).rejects.toMatchObject({ code: expect.stringMatching(/^42/) });
  });

  it.each([
    'create or replace function v3pls_is_latched() returns boolean language sql as $$ select false $$',
    'drop function v3pls_is_latched() cascade',
    'create function loosened() returns int language sql as $$ select 1 $$',
    'create table loosened (id int)',
    'create schema loosened',
    'create view loosened as select 1',
    'alter view patterns_in_force rename to loosened',
    'set session_replication_role = replica',
    'set role postgres',
    'create extension dblink',
    'alter role current_user superuser',
    "copy (select 1) to program 'true'",
    'insert into schema_migrations (level, tag) values (999, $$loosened$$)',
    'insert into pattern_execution_history (pattern_id, was_auto_executed) values (gen_random_uuid(), false)',
    'delete from shadow_decisions',
    'update audit_log set action = $$nothing$$',
    'delete from kill_switch_latches',
    'delete from pattern_learning_config',
    "insert into pattern_execution_queue (status) values ('pending')",
  ])('is refused: %s', async statement => {
    await expect(app.query(statement)).rejects.toThrow();
  });

  it('has no right that it was not given: what a later migration adds is out of reach until it is granted', async () => {
    await db.sql('create table added_later (id int)');
    await expect(app.query('select * from added_later')).rejects.toMatchObject({ code: '42501' });
    await db.sql('drop table added_later');
  });
});

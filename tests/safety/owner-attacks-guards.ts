// Attacks of the owner on the guards themselves: the catalog, what stands in the place of a table or a function, and what holds for
// whoever connects. They belong to owner-attacks.ts.
import type { OwnerAttack } from './owner-attacks.js';
import { EXECUTED } from './support.js';

const ON = `update decision_patterns set is_active = true where id = '$off'`;
const QUEUED = `insert into pattern_execution_queue (pattern_id) values ('$on')`;
/** For whoever connects from now on. */
const forEverybody = (setting: string) =>
  `do $$ begin execute format($f$alter database %I set ${setting}$f$, current_database()); end $$`;

export const ATTACKS_ON_GUARDS: readonly OwnerAttack[] = [
  [
    'the column of evidence with another meaning',
    `alter table pattern_execution_history alter was_auto_executed set default false`,
  ],
  [
    'an index that evidence cannot be put in',
    `create index on pattern_execution_history ((1 / (case when was_auto_executed and id > 100 then 0 else 1 end)))`,
  ],
  [
    'evidence that goes with its pattern',
    `alter table pattern_execution_history add foreign key (pattern_id) references decision_patterns on delete cascade`,
  ],
  ['a table of evidence that a crash empties', `alter table pattern_execution_history set unlogged`],
  ['a trigger switched off in the catalog', `update pg_trigger set tgenabled = 'D' where tgname = 'judge_evidence'`],
  ['a trigger removed from the catalog', `delete from pg_trigger where tgname = 'guard_pattern'`],
  [
    'a table that says that it has no triggers',
    `update pg_class set relhastriggers = false where relname = 'pattern_execution_history'; ${EXECUTED}`,
  ],
  ['a CHECK that counts as checked', `update pg_constraint set conname = 'kept' where conname = 'nothing_executes'`],
  [
    'a function with another body',
    `update pg_proc set prosrc = 'begin return new; end' where proname = 'v3pls_guard_pattern'`,
  ],
  [
    'a table put in place of another',
    `alter table pattern_execution_history rename to kept; create table pattern_execution_history (like kept including all)`,
  ],
  [
    'a view in place of a table',
    `alter table pattern_execution_history rename to kept; create view pattern_execution_history as select * from kept where not was_auto_executed`,
  ],
  [
    'a table of the same name before it on the path',
    `create schema before; create table before.pattern_execution_history (like public.pattern_execution_history); create table before.decision_patterns (like public.decision_patterns including all); ${forEverybody('search_path = before, public')}`,
  ],
  ['triggers off for whoever connects', forEverybody('session_replication_role = replica')],
  [
    'no rollback at the isolation that everybody gets',
    `${forEverybody(`default_transaction_isolation = 'repeatable read'`)}; ${QUEUED}`,
  ],
  ['a trigger that is dropped', `drop trigger judge_evidence on pattern_execution_history; ${EXECUTED}`],
  ['a guard that is dropped with all that needs it', `drop function v3pls_guard_pattern cascade; ${ON}`],
  [
    'the strictest isolation for everybody',
    `${forEverybody(`default_transaction_isolation = 'serializable'`)}; ${QUEUED}`,
  ],
  ['a lock timeout of a millisecond for everybody', `${forEverybody(`lock_timeout = '1ms'`)}; ${QUEUED}`],
  ['warnings that are errors for everybody', `${forEverybody(`plpgsql.extra_errors = 'all'`)}; ${QUEUED}`],
  [
    'triggers off for one role in this database',
    `do $$ begin execute format('alter role %I in database %I set session_replication_role = replica', current_user, current_database()); end $$`,
  ],
  [
    'a latch function that never latches',
    `create or replace function v3pls_is_latched() returns boolean language sql stable set search_path = pg_catalog, public, pg_temp as 'select false'`,
  ],
  [
    'a rollback that does nothing',
    `create or replace function v3pls_roll_back(p_incident uuid) returns jsonb language sql as 'select null::jsonb'`,
    'pending',
  ],
  [
    'a foreign trigger that switches on again',
    `create function again() returns trigger language plpgsql as $$ begin new.is_active := true; return new; end $$; create trigger zz before update on decision_patterns for each row execute function again()`,
    'pending',
  ],
];

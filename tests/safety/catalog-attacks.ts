// What an owner can do to a guard without touching a row: what it is, the SQL, the SQL that mends it, and how the catalog names it.
export const ATTACKS: [what: string, attack: string, repair: string, faults: string[]][] = [
  [
    'a trigger that is switched off',
    'alter table decision_patterns disable trigger guard_pattern',
    'alter table decision_patterns enable trigger guard_pattern',
    ['off trigger decision_patterns.guard_pattern'],
  ],
  [
    'a trigger that fires on replicas only',
    'alter table incidents enable replica trigger guard_incident',
    'alter table incidents enable trigger guard_incident',
    ['off trigger incidents.guard_incident'],
  ],
  [
    'a trigger whose condition was changed',
    `drop trigger keep_next_version on decision_patterns; create trigger keep_next_version after update on decision_patterns
     for each row when (old.version > new.version) execute function v3pls_keep_version()`,
    `drop trigger keep_next_version on decision_patterns; create trigger keep_next_version after update on decision_patterns
     for each row when (old.version <> new.version) execute function v3pls_keep_version()`,
    ['changed trigger decision_patterns.keep_next_version'],
  ],
  [
    'a trigger that calls another function',
    `drop trigger guard_birth on decision_patterns; create trigger guard_birth before insert on decision_patterns
     for each row execute function v3pls_number_row()`,
    `drop trigger guard_birth on decision_patterns; create trigger guard_birth before insert on decision_patterns
     for each row execute function v3pls_guard_birth()`,
    ['changed trigger decision_patterns.guard_birth'],
  ],
  [
    'a foreign trigger that swallows evidence',
    `create function swallow() returns trigger language plpgsql as $$ begin return null; end $$;
   create trigger z before insert on pattern_execution_history for each row execute function swallow()`,
    'drop trigger z on pattern_execution_history; drop function swallow()',
    ['foreign trigger pattern_execution_history.z'],
  ],
  [
    'a rule that swallows evidence',
    'create rule swallow as on insert to pattern_execution_history do instead nothing',
    'drop rule swallow on pattern_execution_history',
    ['foreign rule pattern_execution_history.swallow'],
  ],
  [
    'a policy that hides rows',
    'alter table pattern_execution_history enable row level security; create policy hide on pattern_execution_history using (false)',
    'drop policy hide on pattern_execution_history; alter table pattern_execution_history disable row level security',
    ['changed table pattern_execution_history', 'foreign policy pattern_execution_history.hide'],
  ],
  [
    'a function that was emptied, and one that runs as its owner',
    `alter function v3pls_is_latched() security definer;
   alter function v3pls_guard_birth() rename to kept; create function v3pls_guard_birth() returns trigger language plpgsql
     set search_path = pg_catalog, public, pg_temp as $$ begin return new; end $$`,
    `alter function v3pls_is_latched() security invoker; drop function v3pls_guard_birth(); alter function kept() rename to v3pls_guard_birth`,
    [
      'changed function v3pls_guard_birth()',
      'changed function v3pls_is_latched()',
      'changed trigger decision_patterns.guard_birth',
    ],
  ],
  [
    'a search path that was taken away',
    'alter function v3pls_confidence(uuid, integer) reset search_path',
    'alter function v3pls_confidence(uuid, integer) set search_path = pg_catalog, public, pg_temp',
    ['changed function v3pls_confidence(uuid,integer)'],
  ],
  [
    'one more function of the same name',
    'create function v3pls_is_latched(anything text) returns boolean language sql as $$ select false $$',
    'drop function v3pls_is_latched(text)',
    ['foreign function v3pls_is_latched(text)'],
  ],
  [
    'the clock, replaced',
    `create or replace function v3pls_now() returns timestamptz language sql stable parallel safe as $$ select now() - interval '1 day' $$`,
    'create or replace function v3pls_now() returns timestamptz language sql stable parallel safe\nas $$ select pg_catalog.now() $$',
    ['changed function v3pls_now()'],
  ],
  [
    'a default',
    'alter table decision_patterns alter is_active set default true',
    'alter table decision_patterns alter is_active set default false',
    ['changed column decision_patterns.is_active'],
  ],
  [
    'a NOT NULL that was dropped',
    'alter table decision_patterns alter auto_executable drop not null',
    'alter table decision_patterns alter auto_executable set not null',
    ['changed column decision_patterns.auto_executable'],
  ],
  [
    'a CHECK that was dropped, and one that says less',
    `alter table decision_patterns drop constraint nothing_executes;
   alter table decision_patterns drop constraint everything_asks, add constraint everything_asks check (requires_confirmation or true)`,
    `alter table decision_patterns add constraint nothing_executes check (not auto_executable);
   alter table decision_patterns drop constraint everything_asks, add constraint everything_asks check (requires_confirmation)`,
    ['changed constraint decision_patterns.everything_asks', 'missing constraint decision_patterns.nothing_executes'],
  ],
  [
    'a CHECK of somebody else that would refuse evidence',
    'alter table pattern_execution_history add constraint theirs check (was_auto_executed is false)',
    'alter table pattern_execution_history drop constraint theirs',
    ['foreign constraint pattern_execution_history.theirs'],
  ],
  [
    'a unique index that would refuse evidence',
    'create unique index theirs on pattern_execution_history (pattern_id)',
    'drop index theirs',
    ['foreign index pattern_execution_history.theirs'],
  ],
  [
    'a sequence that ends soon',
    'alter sequence pattern_execution_history_id_seq maxvalue 2000',
    'alter sequence pattern_execution_history_id_seq no maxvalue',
    ['changed sequence pattern_execution_history.pattern_execution_history_id_seq'],
  ],
  [
    'a sequence that was set to its end',
    `select setval('pattern_execution_history_id_seq', 9223372036854775807)`,
    `select setval('pattern_execution_history_id_seq', 1)`,
    ['changed sequence pattern_execution_history.pattern_execution_history_id_seq'],
  ],
  [
    'the view of what is in force, made wider',
    'alter view patterns_in_force rename to kept; create view patterns_in_force as select id, version, created_at as activated_at, created_at as expires_at from decision_patterns',
    'drop view patterns_in_force; alter view kept rename to patterns_in_force',
    ['changed table patterns_in_force'],
  ],
  [
    'a column of somebody else that must be given',
    `alter table pattern_execution_history add column theirs integer not null`,
    'alter table pattern_execution_history drop column theirs',
    ['foreign column pattern_execution_history.theirs'],
  ],
  [
    'a table that others inherit from',
    'create table theirs () inherits (decision_patterns)',
    'drop table theirs',
    ['foreign child decision_patterns.theirs'],
  ],
  [
    'a right to write for everybody',
    'grant update on decision_patterns to public',
    'revoke update on decision_patterns from public',
    ['foreign access decision_patterns.UPDATE'],
  ],
  [
    'a table that is gone, by its name alone',
    'alter table shadow_judgements rename to elsewhere',
    'alter table elsewhere rename to shadow_judgements',
    ['missing table shadow_judgements'],
  ],
];

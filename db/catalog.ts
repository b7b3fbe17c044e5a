/**
 * The catalog as it stands: everything that makes or could unmake a guard, as facts with a hash each. It asks PostgreSQL's own
 * tables and nothing of ours, so that no function that was replaced can answer for itself.
 */
import { type SQL, sql } from 'drizzle-orm';
import type { CatalogFacts } from '../lib/safety/catalog-check.js';
import { readResult } from './client.js';

const TIMEOUT_MS = 15_000;

/**
 * One jsonb object: `facts` from "kind name" to a hash of what it is, and where PostgreSQL prints a definition `/` and a hash
 * of that; `major` is PostgreSQL's version.
 * @param tables whose facts are asked; what else is in the schema is none of ours. null: all of them
 */
export function catalogObject(tables: readonly string[] | null): SQL {
  // Materialized: the planner knows nothing about which few of many hundred relations these are.
  return sql`(with path as materialized (
    select s.oid, s.nspname, p.n from unnest(current_schemas(true)) with ordinality p (name, n)
    join pg_catalog.pg_namespace s on s.nspname = p.name
  ), ours as materialized (
    select c.* from pg_catalog.pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'm', 'p', 'f')
      and ${tables === null ? sql`true` : sql`c.relname = any (string_to_array(${tables.join(',')}, ','))`}
  ), facts (kind, name, built, printed) as (
    select 'table', c.relname::text, concat_ws(' ', c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity,
        c.reloptions), case when c.relkind = 'v' then pg_get_viewdef(c.oid) end
      from ours c
    union all select 'column', c.relname || '.' || a.attname, concat_ws(' ',
        case when not a.attnotnull and not a.atthasdef and a.attidentity = '' then 'plain' end,
        format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef, a.attgenerated, a.attidentity),
        pg_get_expr(d.adbin, d.adrelid)
      from ours c join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where c.relkind <> 'v'
    -- NOT NULL is asked of the columns: only PostgreSQL 18 keeps constraints for it.
    union all select 'constraint', c.relname || '.' || k.conname, concat_ws(' ', k.contype, k.convalidated, k.condeferrable,
        k.condeferred, k.confrelid::regclass), pg_get_constraintdef(k.oid)
      from ours c join pg_catalog.pg_constraint k on k.conrelid = c.oid and k.contype in ('c', 'p', 'u', 'x', 'f')
    union all select 'trigger', c.relname || '.' || t.tgname, concat_ws(' ',
        case t.tgenabled when 'D' then 'off' when 'R' then 'off' end, t.tgtype, f.proname, f.pronamespace::regnamespace,
        (select string_agg(a.attname, ',' order by a.attname) from pg_catalog.pg_attribute a
          where a.attrelid = c.oid and a.attnum = any (t.tgattr)), t.tgoldtable, t.tgnewtable, t.tgdeferrable, t.tginitdeferred, t.tgnargs, t.tgqual is null),
        case when t.tgqual is not null then substring(pg_get_triggerdef(t.oid) from ' WHEN (.*) EXECUTE ') end
      from ours c join pg_catalog.pg_trigger t on t.tgrelid = c.oid and not t.tgisinternal
      join pg_catalog.pg_proc f on f.oid = t.tgfoid
    union all select 'function', f.proname || '(' || replace(oidvectortypes(f.proargtypes), ' ', '') || ')',
        concat_ws(' ', l.lanname, f.prokind, f.prosecdef, f.proisstrict, f.proretset, f.provolatile, f.proleakproof,
          format_type(f.prorettype, null), f.proconfig, f.pronargdefaults, f.proargnames, md5(f.prosrc)), null
      from pg_catalog.pg_proc f join pg_catalog.pg_language l on l.oid = f.prolang
      where f.pronamespace = 'public'::regnamespace and f.proname like 'v3pls\\_%'
    union all select 'index', c.relname || '.' || i.relname, concat_ws(' ', x.indisunique, x.indisvalid, x.indisready),
        pg_get_indexdef(x.indexrelid)
      from ours c join pg_catalog.pg_index x on x.indrelid = c.oid join pg_catalog.pg_class i on i.oid = x.indexrelid
      -- The others can refuse no row; those of constraints are there already.
      where (x.indisunique or x.indexprs is not null or x.indpred is not null)
        and not exists (select from pg_catalog.pg_constraint k where k.conindid = x.indexrelid and k.conrelid = c.oid)
    union all select 'sequence', c.relname || '.' || q.relname, concat_ws(' ', s.seqincrement, s.seqmin, s.seqmax, s.seqcycle,
        case when pg_sequence_last_value(s.seqrelid) > s.seqmax / 2 then 'nearly used up' end), null
      from ours c join pg_catalog.pg_depend d on d.refobjid = c.oid and d.refclassid = 'pg_catalog.pg_class'::regclass
        and d.classid = 'pg_catalog.pg_class'::regclass and d.deptype = 'a'
      join pg_catalog.pg_sequence s on s.seqrelid = d.objid join pg_catalog.pg_class q on q.oid = s.seqrelid
    -- From here on whatever is found is none of ours.
    union all select 'rule', c.relname || '.' || r.rulename, r.ev_enabled::text, null
      from ours c join pg_catalog.pg_rewrite r on r.ev_class = c.oid and not (c.relkind = 'v' and r.rulename = '_RETURN')
    union all select 'policy', c.relname || '.' || p.polname, '', null
      from ours c join pg_catalog.pg_policy p on p.polrelid = c.oid
    union all select 'child', c.relname || '.' || h.inhrelid::regclass, '', null
      from ours c join pg_catalog.pg_inherits h on h.inhparent = c.oid
    union all select 'access', c.relname || '.' || a.privilege_type, '', null
      from ours c cross join aclexplode(c.relacl) a
      where a.grantee = 0 and a.privilege_type in ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER')
    union all select 'shadow', path.nspname || '.' || s.relname, '', null
      from path join pg_catalog.pg_class s on s.relnamespace = path.oid join ours c on c.relname = s.relname
      where path.nspname <> 'public'
    union all select 'shadow', path.nspname || '.' || f.proname, '', null
      from path join pg_catalog.pg_proc f on f.pronamespace = path.oid
      where path.nspname <> 'public' and f.proname like 'v3pls\\_%'
    union all select 'setting', 'search_path', '', null
      where (select n from path where nspname = 'pg_catalog') > (select min(n) from path where nspname not like 'pg\\_temp%')
    union all select 'setting', 'session_replication_role', '', null
      where current_setting('session_replication_role') <> 'origin' or exists (
        select from pg_catalog.pg_db_role_setting r cross join unnest(r.setconfig) setting
        where r.setdatabase in (0, (select oid from pg_catalog.pg_database where datname = current_database()))
          and setting ~ '^session_replication_role=(?!origin$)')
    union all select distinct 'setting', split_part(setting, '=', 1), '', null
      from pg_catalog.pg_db_role_setting r cross join unnest(r.setconfig) setting
      where r.setdatabase in (0, (select oid from pg_catalog.pg_database where datname = current_database()))
        and (setting ~ '^(quote_all_identifiers|default_transaction_read_only)=(?!off|false|no|0)'
          or setting ~ '^standard_conforming_strings=(?!on|true|yes|1)')
  ) select jsonb_build_object('major', current_setting('server_version_num')::int / 10000,
      'facts', coalesce(jsonb_object_agg(kind || ' ' || name, case when built like 'off %' then 'off:' when built like 'plain %' then 'plain:' else '' end
        || left(md5(built), 16) || coalesce('/' || left(md5(printed), 16), '')), '{}')) from facts)`;
}

/** @param tables as above */
export function findCatalog(tables: readonly string[] | null): Promise<CatalogFacts> {
  return readResult(sql`select ${catalogObject(tables)} as result`, TIMEOUT_MS);
}

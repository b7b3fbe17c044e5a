// One look at the model, as a function of the database: what state it is in, and which laws are broken.
import { FACTS, LAW_BROKEN, PATTERNS } from './model-facts.js';
import { INVARIANTS, type Invariant } from './model-invariants.js';

/** The state of the model as one line: both patterns, learning, a threshold, the kill switch, the lease, incidents. */
const STATE = `concat_ws(' ', (
    select string_agg(case when p.retired_at is not null then 'retired'
      when p.is_active and (select a.expires_at from activations a where a.pattern_id = p.id and a.version = p.version
        order by a.id desc limit 1) > v3pls_now() then 'active'
      when p.is_active then 'expired' when p.version > 1 then 'edited' else 'off' end, ' ' order by p.id)
    from decision_patterns p where p.id in ('${PATTERNS.A}', '${PATTERNS.B}')),
  case when n -> 'config' ->> 'enabled' = 'true' then 'learning' else 'not_learning' end,
  case when n -> 'config' ->> 'auto_execute_threshold' = '0.95' then 'default' else 'stricter' end,
  case when (n ->> 'latched')::boolean then 'engaged' else 'released' end,
  case when coalesce(v3pls_now() <= (n ->> 'leaseUntil')::timestamptz, false) then 'fresh' else 'stale' end,
  case when exists (select from incidents where rollback = 'pending') then 'pending'
    when exists (select from incidents where state = 'open') then 'open' else 'none' end)`;

/** `model.look()`: [the state, the laws that are broken]. What it saw is what the next step is compared with. */
export const LOOK_FUNCTION = `create function model.look() returns jsonb language plpgsql
set search_path = pg_catalog, public, pg_temp as $model$
declare
  b jsonb := current_setting('model.before')::jsonb;
  n jsonb := ${FACTS};
  found_broken text[] := '{}';
begin
${ask(INVARIANTS.filter(({ isTimed }) => isTimed))}
  if n <> b then
${ask(INVARIANTS.filter(({ isTimed }) => !isTimed))}
    perform set_config('model.before', n::text, false);
  end if;
  return jsonb_build_array(${STATE}, found_broken);
-- A question that fails is no refusal of what was asked about.
exception when others then
  raise exception using errcode = '${LAW_BROKEN}', message = format('the laws cannot be asked: %s', sqlerrm);
end $model$`;

function ask(invariants: readonly Invariant[]): string {
  return invariants
    .map(
      ({ id, law, broken }) =>
        `if exists (${broken}) then found_broken := array_append(found_broken, $law$${id}: ${law}$law$); end if;`,
    )
    .join('\n');
}

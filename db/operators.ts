/** Quo's users by name, as its API told them last. Only names are kept, and only to be shown beside an operator's id. */
import { type SQL, sql } from 'drizzle-orm';
import { execute, readResult } from './client.js';

/** The name of the user with this id, in other statements; null where nobody told it. */
export const operatorName = (id: SQL) => sql`(select o.name from operators o where o.id = ${id})`;

/** Once a day, whoever asks first: also where Quo then did not answer. */
const CLAIM = sql`insert into rate_limits (bucket, window_start, count) values ('operator_names', v3pls_now(), 1)
  on conflict (bucket) do update set window_start = excluded.window_start, count = 1
  where rate_limits.window_start <= v3pls_now() - interval '1 day' returning bucket`;

/** @returns whether it is this caller's turn to ask Quo for them */
export function claimOperatorNames(): Promise<boolean> {
  return readResult(sql`with claimed as (${CLAIM}) select exists (select from claimed) as result`);
}

/** Those that Quo does not name any more keep their names: what they answered is still there. */
export async function keepOperators(operators: readonly { id: string; name: string }[]): Promise<void> {
  await execute(sql`insert into operators (id, name)
    select id, name from jsonb_to_recordset(${JSON.stringify(operators)}::jsonb) as r (id text, name text)
    on conflict (id) do update set name = excluded.name, recorded_at = v3pls_now()`);
}

/** The configuration: its rows beside the database's own rules, and changes as recorded commands. */
import { sql } from 'drizzle-orm';
import { readResult, writeBatch } from './client.js';
import { type Reason, reasonStatements } from './reasons.js';

export type ConfigRow = {
  key: string;
  value: string | null;
  default: string;
  safest: string;
  description: string;
  updatedAt: string | null;
  updatedBy: string | null;
};

export function listConfig(): Promise<{ level: number; rows: ConfigRow[] }> {
  return readResult(sql`select jsonb_build_object('level', (select max(level) from schema_migrations),
    'rows', (select jsonb_agg(jsonb_build_object('key', r.config_key, 'value', c.config_value, 'default', r.default_value,
      'safest', r.safest_value, 'description', r.description, 'updatedAt', c.updated_at, 'updatedBy', v3pls_actor_name(c.updated_by))
      order by r.position)
      from v3pls_config_rules() with ordinality r (config_key, default_value, safest_value, loosens, description, position)
      left join pattern_learning_config c using (config_key))) as result`);
}

/** All changes or none. The command's triggers write the values, the audit, and ask for a reason where one is due. */
export async function changeConfig(
  changes: readonly { key: string; value: string }[],
  actor: string,
  reason: Reason | null,
): Promise<void> {
  await writeBatch([
    ...reasonStatements(reason),
    ...changes.map(
      ({ key, value }) => sql`insert into config_changes (config_key, new_value, actor, reason_id)
        values (${key}, ${value}, ${actor}, ${reason?.id ?? null})`,
    ),
  ]);
}

/**
 * What the functions' own database role may do, where the business gives them one: read everything, and write what their use
 * cases write. It owns nothing, so it cannot switch a trigger off, change a function or empty a table, and what is evidence of
 * others it cannot write at all.
 */
import { type SQL, sql } from 'drizzle-orm';
import { writeBatch } from './client.js';

type Right = 'insert' | 'update' | 'delete';

/** A table without an entry is read only. Triggers write with the rights of whoever set them off, so theirs are here too. */
const RIGHTS: Record<string, readonly Right[]> = {
  access_tokens: ['insert', 'update'],
  activations: ['insert'],
  audit_log: ['insert'],
  config_changes: ['insert'],
  decision_patterns: ['insert', 'update', 'delete'],
  deliveries: ['insert', 'update'],
  delivery_counts: ['insert', 'update'],
  erased_customers: ['insert', 'update'],
  exchanges: ['insert', 'update'],
  ground_truth_sightings: ['insert'],
  incident_evidence: ['insert'],
  incidents: ['insert', 'update'],
  inline_runs: ['update'],
  kill_switch_latches: ['insert'],
  kill_switch_releases: ['insert'],
  learning_state: ['update'],
  lines: ['insert', 'update'],
  matcher_state: ['update'],
  messages: ['insert', 'update'],
  operators: ['insert', 'update'],
  pattern_commands: ['insert'],
  // A rollback cancels what waits there, the plan's own by a DELETE that a trigger turns into that; nothing of ours puts anything in.
  pattern_execution_queue: ['update', 'delete'],
  // A rollback puts a missing setting back.
  pattern_learning_config: ['insert', 'update'],
  pattern_versions: ['insert', 'update'],
  rate_limits: ['insert', 'update', 'delete'],
  reasons: ['insert', 'update'],
  releases: ['insert'],
  removed_patterns: ['insert', 'update'],
  restorations: ['insert'],
  sessions: ['insert', 'update', 'delete'],
  shadow_decisions: ['insert'],
  shadow_judgements: ['insert'],
  sign_in_links: ['insert', 'update', 'delete'],
  thread_marks: ['insert', 'update', 'delete'],
  threads: ['insert', 'update', 'delete'],
  watchdog_lease: ['update'],
  watchdog_news: ['insert', 'delete'],
  watchdog_runs: ['insert'],
};

/**
 * Gives the role exactly these rights in the schema public, and takes any other it had there. For the owner, after each migration.
 * @param role it exists and can log in; whoever makes it gives it its password
 */
export async function grantToAppRole(role: string): Promise<void> {
  const name = sql.identifier(role);
  await writeBatch([
    sql`revoke all on all tables in schema public from ${name}`,
    sql`revoke all on all sequences in schema public from ${name}`,
    sql`grant usage on schema public to ${name}`,
    sql`revoke create on schema public from ${name}`,
    sql`grant select on all tables in schema public to ${name}`,
    sql`grant usage on all sequences in schema public to ${name}`,
    ...Object.entries(RIGHTS).map(([table, rights]) => grant(table, rights, name)),
  ]);
}

function grant(table: string, rights: readonly Right[], role: SQL | ReturnType<typeof sql.identifier>): SQL {
  return sql`grant ${sql.raw(rights.join(', '))} on ${sql.identifier(table)} to ${role}`;
}

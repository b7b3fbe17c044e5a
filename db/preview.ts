/** What trying a text needs of the database: settings, what is in force, and what changed for the matcher; in one statement. */
import { sql } from 'drizzle-orm';
import { readResult } from './client.js';
import { deltaColumns, type MatcherDelta } from './matcher-state.js';

export type PreviewContext = {
  level: number;
  config: Record<string, string>;
  isLatched: boolean;
  /** Patterns in force: few, since an admin approves each. */
  inForce: string[];
  learning: MatcherDelta;
};

/** @param knownRevision the learning revision that this instance's matcher stands at; -1 for none */
export function findPreviewContext(knownRevision: number): Promise<PreviewContext> {
  return readResult(sql`select jsonb_build_object(
    'level', (select max(level) from schema_migrations),
    'config', (select coalesce(jsonb_object_agg(config_key, config_value), '{}') from pattern_learning_config),
    'isLatched', v3pls_is_latched(),
    'inForce', (select coalesce(jsonb_agg(id), '[]') from patterns_in_force),
    'learning', ${deltaColumns(knownRevision)}) as result`);
}

/** What people do to patterns: one transaction each, whose last statement reads the pattern as it then is. The commands' triggers check and act. */
import { type SQL, sql } from 'drizzle-orm';
import { writeBatch } from './client.js';
import { type FoundPattern, patternStatement } from './patterns.js';
import { type Reason, reasonStatements } from './reasons.js';

export type PatternCommand = {
  patternId: string;
  action: 'deactivate' | 'edit' | 'retire' | 'restore' | 'merge';
  expectedVersion: number | null;
  target?: { id: string; version: number };
};

export type PatternEdit = {
  triggerText?: string;
  /** With the slots that it has; one that the present template has too keeps what is known of it. */
  responseTemplate?: { text: string; slots: { name: string; type: string; fillable: boolean }[] };
  patternType?: string;
  notes?: string;
};

/** @throws blocked with the gates, when one refuses */
export function activatePattern(id: string, version: number, actor: string, reason: Reason | null) {
  return commit(id, [
    ...reasonStatements(reason),
    sql`insert into activations (pattern_id, version, actor, reason_id)
      values (${id}::uuid, ${version}::int, ${actor}, ${reason?.id ?? null}::uuid)`,
  ]);
}

/**
 * All commands of one request, in order, and the edit if there is one.
 * @throws absent (no such pattern), stale (at another version)
 */
export function commandPattern(
  id: string,
  commands: readonly PatternCommand[],
  edit: PatternEdit | null,
  actor: string,
  reason: Reason | null,
) {
  return commit(id, [
    ...reasonStatements(reason),
    ...commands.map(
      ({ patternId, action, expectedVersion, target }) => sql`insert into pattern_commands
        (pattern_id, action, expected_version, target_id, target_version, actor, reason_id)
        values (${patternId}::uuid, ${action}, ${expectedVersion}::int, ${target?.id ?? null}::uuid, ${target?.version ?? null}::int,
          ${actor}, ${reason?.id ?? null}::uuid)`,
    ),
    ...(edit ? [editStatement(id, edit, actor)] : []),
  ]);
}

async function commit(id: string, statements: readonly SQL[]): Promise<FoundPattern> {
  const results = await writeBatch([...statements, patternStatement(id)]);
  return results.at(-1)!.rows[0]!.result as FoundPattern;
}

/** Words that stay the same make no new version: the guard compares them. */
function editStatement(id: string, edit: PatternEdit, actor: string): SQL {
  const { triggerText = null, responseTemplate = null, patternType = null, notes = null } = edit;
  const slots = responseTemplate ? JSON.stringify(responseTemplate.slots) : null;
  const isReworded = sql`(coalesce(${triggerText}, p.trigger_text), coalesce(${responseTemplate?.text ?? null}, p.response_template))
    is distinct from (p.trigger_text, p.response_template)`;
  return sql`update decision_patterns p set
    trigger_text = coalesce(${triggerText}, p.trigger_text),
    response_template = coalesce(${responseTemplate?.text ?? null}, p.response_template),
    slots = case when ${responseTemplate?.text ?? null}::text is distinct from p.response_template and ${slots}::jsonb is not null
      then (select coalesce(jsonb_agg(coalesce(known.slot, wanted.slot) order by wanted.position), '[]')
        from jsonb_array_elements(${slots}::jsonb) with ordinality wanted (slot, position)
        left join lateral (select slot from jsonb_array_elements(p.slots) old (slot)
          where slot ->> 'name' = wanted.slot ->> 'name' limit 1) known on true)
      else p.slots end,
    pattern_type = coalesce(${patternType}, p.pattern_type),
    notes = coalesce(${notes}, p.notes),
    edited_at = case when ${isReworded} then v3pls_now() else p.edited_at end,
    changed_by = case when ${isReworded} then ${actor} else p.changed_by end
    where p.id = ${id}::uuid`;
}

/** One pattern with what is behind it. What customers and operators wrote is for operators and admins. */
import { type FoundPattern, findPattern } from '../db/patterns.js';
import type { Caller } from './http/caller.js';
import { Problem } from './http/problem.js';
import { findConflicts } from './learning/conflicts.js';
import { listFacts } from './learning/fact-mentions.js';
import { iso } from './moment.js';
import { listFactChanges, presentPattern } from './present-pattern.js';
import { requireSchema } from './require-schema.js';
import { readSettings } from './settings.js';

/** @throws Problem not_found */
export async function readPattern(id: string, caller: Caller) {
  const found = await findPattern(id);
  const mayRead = caller.role !== 'viewer';
  const pattern = presentFound(found, mayRead);
  return {
    ...pattern,
    facts: listFacts(pattern.responseTemplate),
    // A newer value comes out of an operator's reply.
    factChanges: mayRead && found.pattern ? listFactChanges(found.pattern) : [],
    conflicts: found.pattern ? findConflicts(found.pattern.judgedLately) : [],
    exchanges: mayRead ? found.exchanges.map(exchange => ({ ...exchange, at: iso(exchange.at) })) : [],
    versions: found.versions.map(version => ({ ...version, createdAt: iso(version.createdAt) })),
    audit: found.audit.map(entry => ({ ...entry, at: iso(entry.at), reason: mayRead ? entry.reason : null })),
  };
}

/** @throws Problem not_found */
export function presentFound({ level, config, pattern }: FoundPattern, mayRead = true) {
  requireSchema(level);
  if (!pattern) throw new Problem('not_found');
  return presentPattern(pattern, readSettings(config), mayRead);
}

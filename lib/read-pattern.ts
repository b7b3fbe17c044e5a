/** One pattern with what is behind it. What customers and operators wrote is for operators and admins. */
import { type FoundPattern, findPattern } from '../db/patterns.js';
import type { Caller } from './http/caller.js';
import { Problem } from './http/problem.js';
import { iso } from './moment.js';
import { presentPattern } from './present-pattern.js';
import { requireSchema } from './require-schema.js';
import { readSettings } from './settings.js';

/** @throws Problem not_found */
export async function readPattern(id: string, caller: Caller) {
  const found = await findPattern(id);
  const mayRead = caller.role !== 'viewer';
  const pattern = presentFound(found, mayRead);
  return {
    ...pattern,
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

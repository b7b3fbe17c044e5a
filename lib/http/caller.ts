/** Who calls, and whether they may. Every failure to say who looks the same from outside. */
import { timingSafeEqual } from 'node:crypto';
import { findCaller, type Person } from '../../db/people.js';
import { requireAdminToken, requireCronSecret } from '../environment.js';
import { hashSecret, isSameOrigin, isSecret, readCredentials } from './credentials.js';
import { Problem } from './problem.js';

export type Role = Person['role'];
export type Caller = Person;

const RANK: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };
const ADMIN: Caller = { actor: 'admin', name: 'admin', role: 'admin', operatorId: null, expiresAt: null };

/**
 * @param mayCount whether this may be an admin's write, which is counted
 * @throws Problem unauthorized, or forbidden when a page of another origin writes with our cookie
 * @throws Unavailable when no admin token is configured or the database cannot be asked
 */
export async function identifyCaller(
  request: Request,
  mayCount: boolean,
): Promise<{ caller: Caller; isWithinLimit: boolean | null }> {
  const adminHash = hashSecret(requireAdminToken());
  const credentials = readCredentials(request);
  if (credentials.kind === 'none' || credentials.kind === 'unreadable') throw new Problem('unauthorized');
  const hash = hashSecret(credentials.secret);
  if (credentials.kind === 'token' && isSame(hash, adminHash)) {
    if (!mayCount) return { caller: ADMIN, isWithinLimit: null };
    return { caller: ADMIN, isWithinLimit: (await findCaller(null, adminHash, true)).isWithinLimit };
  }
  if (!isSecret(credentials.kind, credentials.secret)) throw new Problem('unauthorized');
  if (credentials.kind === 'session' && isWrite(request) && !isSameOrigin(request))
    throw new Problem('forbidden', 'A page of another origin may not write with this session.');
  const { person, isWithinLimit } = await findCaller({ kind: credentials.kind, hash }, adminHash, mayCount);
  if (!person) throw new Problem('unauthorized');
  return { caller: person, isWithinLimit };
}

/** @throws Problem forbidden when the role is too low */
export function requireRole(caller: Caller, role: Role): void {
  if (RANK[caller.role] < RANK[role]) throw new Problem('forbidden', `This needs the role ${role}.`);
}

/** @throws Problem unauthorized · Unavailable when the secret is unset or short: the literal "Bearer undefined" opens nothing */
export function requireCron(request: Request): void {
  const expected = hashSecret(requireCronSecret());
  const credentials = readCredentials(request);
  if (credentials.kind !== 'token' || !isSame(hashSecret(credentials.secret), expected))
    throw new Problem('unauthorized');
}

function isWrite(request: Request): boolean {
  return request.method !== 'GET' && request.method !== 'HEAD';
}

function isSame(hash: string, expected: string): boolean {
  return timingSafeEqual(Buffer.from(hash), Buffer.from(expected));
}

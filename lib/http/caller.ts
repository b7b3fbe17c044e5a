/** Who calls: a Bearer token, compared in constant time. Every failure looks the same from outside. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { requireAdminToken, requireCronSecret } from '../environment.js';
import { Problem } from './problem.js';

export type Role = 'viewer' | 'operator' | 'admin';
export type Caller = { name: string; role: Role };

const RANK: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

/**
 * @throws Problem unauthorized (no or wrong token) or forbidden (the role is too low)
 * @throws Unavailable when no admin token is configured
 */
export function requireCaller(request: Request, role: Role): Caller {
  const expected = requireAdminToken();
  if (!isToken(request, expected)) throw new Problem('unauthorized');
  const caller: Caller = { name: 'admin', role: 'admin' };
  if (RANK[caller.role] < RANK[role]) throw new Problem('forbidden', `This needs the role ${role}.`);
  return caller;
}

/** @throws Problem unauthorized · Unavailable when the secret is unset or short: the literal "Bearer undefined" opens nothing */
export function requireCron(request: Request): void {
  if (!isToken(request, requireCronSecret())) throw new Problem('unauthorized');
}

function isToken(request: Request, expected: string): boolean {
  const match = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(request.headers.get('authorization') ?? '');
  const digest = (value: string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(match?.[1] ?? ''), digest(expected)) && match !== null;
}

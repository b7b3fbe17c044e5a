/** Named access tokens: made by an admin, shown once, kept only as hashes, and closed from the next request on when revoked. */
import * as z from 'zod';
import { createToken, listTokens, revokeToken, type TokenRow } from '../db/people.js';
import type { Caller } from './http/caller.js';
import { hashSecret, makeSecret } from './http/credentials.js';
import { Problem } from './http/problem.js';
import { plainText } from './http/text.js';
import { iso } from './moment.js';

const MOST_DAYS = 3_650;
/** What the audit calls those who are no person. */
const RESERVED = /^(?:admin|watchdog|database|migration|learning|external|webhook|import|(?:sql|token):.*)$/i;
/** A link is for the phone beside you. */
const LINK_HOURS = 24;

export const operatorId = z.string().regex(/^US[A-Za-z0-9_-]{1,100}$/, "A Quo user's id, such as USabc123.");

export const newToken = z.strictObject({
  name: plainText(100)
    .trim()
    .min(1)
    .refine(name => !/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/u.test(name), 'Holds characters that cannot be seen.')
    .refine(name => !RESERVED.test(name), 'That name stands for the system in the audit: choose another.'),
  role: z.enum(['viewer', 'operator', 'admin']),
  /** The Quo user whom this person answers as. */
  operatorId: operatorId.optional(),
  expiresInDays: z.int().min(1).max(MOST_DAYS).optional(),
});

export const tokenQuery = z.strictObject({ id: z.guid().optional() });
export const tokenBody = z.strictObject({ id: z.guid() }).optional();

export async function presentTokens() {
  return { tokens: (await listTokens()).map(presentToken) };
}

/** @returns the token and its one-time link: the only time that either is shown */
export async function mintToken(input: z.infer<typeof newToken>, caller: Caller, request: Request) {
  const token = makeSecret('token');
  const code = makeSecret('link');
  const row = await createToken(
    {
      name: input.name,
      role: input.role,
      operatorId: input.operatorId ?? null,
      days: input.expiresInDays ?? null,
      tokenHash: hashSecret(token),
      linkHash: hashSecret(code),
      createdBy: caller.actor,
    },
    LINK_HOURS,
  );
  // In the fragment, which browsers send to nobody.
  return { ...presentToken(row), token, signInLink: `${new URL(request.url).origin}/#code=${code}` };
}

/** @throws Problem not_found, or invalid_input when none or two are named */
export async function closeToken(inQuery: string | undefined, inBody: string | undefined, caller: Caller) {
  const id = inQuery ?? inBody;
  if (id === undefined || (inQuery !== undefined && inBody !== undefined))
    throw new Problem('invalid_input', undefined, {
      errors: [{ pointer: '#/id', detail: 'Name the one token to revoke: DELETE /api/tokens?id=…' }],
    });
  if (!(await revokeToken(id, caller.actor))) throw new Problem('not_found');
}

function presentToken(row: TokenRow) {
  return {
    ...row,
    createdAt: iso(row.createdAt),
    expiresAt: iso(row.expiresAt),
    revokedAt: iso(row.revokedAt),
  };
}

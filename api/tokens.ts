import { closeToken, mintToken, newToken, presentTokens, tokenBody, tokenQuery } from '../lib/access-tokens.js';
import { jsonResponse } from '../lib/http/answer.js';
import { preflight } from '../lib/http/cors.js';
import { endpoint } from '../lib/http/endpoint.js';

export const GET = endpoint({ access: 'admin', run: presentTokens });
export const POST = endpoint({
  access: 'admin',
  body: newToken,
  run: async ({ request, body, caller }) => jsonResponse(await mintToken(body, caller, request), 201),
});
export const DELETE = endpoint({
  access: 'admin',
  isCounted: () => false,
  query: tokenQuery,
  body: tokenBody,
  run: ({ query, body, caller }) => closeToken(query.id, body?.id, caller),
});
export const OPTIONS = preflight;

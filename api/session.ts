import { preflight } from '../lib/http/cors.js';
import { endpoint } from '../lib/http/endpoint.js';
import { closeSession, describeCaller, openSession, signInBody } from '../lib/sign-in.js';

/** Who am I? */
export const GET = endpoint({ access: 'viewer', run: async ({ caller }) => describeCaller(caller) });
/** What comes is the key: a token, or the code of a one-time link. */
export const POST = endpoint({
  access: 'none',
  body: signInBody,
  run: ({ request, body }) => openSession(request, body),
});
export const DELETE = endpoint({ access: 'none', run: ({ request }) => closeSession(request) });
export const OPTIONS = preflight;

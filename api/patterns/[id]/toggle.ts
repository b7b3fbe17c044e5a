import { preflight } from '../../../lib/http/cors.js';
import { endpoint } from '../../../lib/http/endpoint.js';
import { toggleBody, togglePattern } from '../../../lib/toggle-pattern.js';

/** An admin switches on, an operator may switch off. */
export const POST = endpoint({
  access: 'operator',
  roleFor: body => (body.active ? 'admin' : 'operator'),
  isCounted: body => body.active,
  hasId: true,
  body: toggleBody,
  run: ({ id, body, caller }) => togglePattern(id, body, caller),
});
export const OPTIONS = preflight;

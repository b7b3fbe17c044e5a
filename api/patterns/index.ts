import { preflight } from '../../lib/http/cors.js';
import { endpoint } from '../../lib/http/endpoint.js';
import { patternQuery, presentPatterns } from '../../lib/list-patterns.js';

export const GET = endpoint({
  access: 'viewer',
  query: patternQuery,
  run: ({ query, caller }) => presentPatterns(query, caller),
});
export const OPTIONS = preflight;

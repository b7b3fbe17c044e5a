import { endpoint } from '../../lib/http/endpoint.js';
import { patternQuery, presentPatterns } from '../../lib/list-patterns.js';

export const GET = endpoint({ role: 'viewer', query: patternQuery, run: ({ query }) => presentPatterns(query) });

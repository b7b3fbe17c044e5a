import { changePattern, patternChange, retirePattern } from '../../../lib/change-pattern.js';
import { preflight } from '../../../lib/http/cors.js';
import { endpoint } from '../../../lib/http/endpoint.js';
import { readPattern } from '../../../lib/read-pattern.js';

export const GET = endpoint({ access: 'viewer', hasId: true, run: ({ id, caller }) => readPattern(id, caller) });
export const PATCH = endpoint({
  access: 'admin',
  hasId: true,
  body: patternChange,
  run: ({ id, body, caller }) => changePattern(id, body, caller),
});
export const DELETE = endpoint({
  access: 'admin',
  isCounted: () => false,
  hasId: true,
  run: ({ id, caller }) => retirePattern(id, caller),
});
export const OPTIONS = preflight;

import { actOnIncidents, incidentAct, roleForAct } from '../lib/act-on-incidents.js';
import { preflight } from '../lib/http/cors.js';
import { endpoint } from '../lib/http/endpoint.js';
import { incidentQuery, presentIncidents } from '../lib/incidents.js';

export const GET = endpoint({
  access: 'viewer',
  query: incidentQuery,
  run: ({ query, caller }) => presentIncidents(query, caller.role),
});
export const POST = endpoint({
  access: 'operator',
  roleFor: roleForAct,
  isCounted: body => roleForAct(body) === 'admin',
  body: incidentAct,
  run: ({ body, caller }) => actOnIncidents(body, caller),
});
export const OPTIONS = preflight;

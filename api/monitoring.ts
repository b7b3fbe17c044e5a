import { preflight } from '../lib/http/cors.js';
import { endpoint } from '../lib/http/endpoint.js';
import { answerMonitoring, monitoringQuery } from '../lib/monitor.js';

/** Health needs no sign-in and says one word; everything else is for people who may read. */
export const GET = endpoint({
  access: 'viewer',
  isOpen: url => url.searchParams.get('view') === 'health',
  query: monitoringQuery,
  run: ({ query }) => answerMonitoring(query),
});
/** Some uptime monitors ask for the head alone. */
export const HEAD = GET;
export const OPTIONS = preflight;

import { requireCaller } from '../lib/http/caller.js';
import { endpoint, jsonResponse } from '../lib/http/endpoint.js';
import { checkHealth, monitoringQuery, presentMonitoring } from '../lib/monitor.js';

/** Health needs no sign-in and says one word; everything else is for people who may read. */
export const GET = endpoint({
  role: 'public',
  query: monitoringQuery,
  run: async ({ request, query }) => {
    if (query.view === 'health') {
      const health = await checkHealth();
      return jsonResponse(health, health.status === 'ok' ? 200 : 503);
    }
    requireCaller(request, 'viewer');
    return presentMonitoring(query.window ?? 24);
  },
});

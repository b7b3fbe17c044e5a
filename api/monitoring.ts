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
      const response = jsonResponse(health, health.status === 'ok' ? 200 : 503);
      if (response.status === 503) response.headers.set('retry-after', '60');
      return response;
    }
    requireCaller(request, 'viewer');
    return presentMonitoring(query.window);
  },
});

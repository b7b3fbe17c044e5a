import { requireActingDeployment } from '../../lib/environment.js';
import { requireCron } from '../../lib/http/caller.js';
import { endpoint } from '../../lib/http/endpoint.js';
import { runWatchdog } from '../../lib/watch.js';

/** The watchdog, called by the cron with CRON_SECRET. 200 for every finished run, whatever it found. */
export const GET = endpoint({
  role: 'public',
  run: async ({ request }) => {
    requireCron(request);
    requireActingDeployment();
    return runWatchdog();
  },
});

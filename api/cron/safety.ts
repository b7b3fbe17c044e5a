import { requireActingDeployment } from '../../lib/environment.js';
import { endpoint } from '../../lib/http/endpoint.js';
import { runWatchdog } from '../../lib/watch.js';

/** The watchdog, called by the cron with CRON_SECRET. 200 for every finished run, whatever it found. */
export const GET = endpoint({
  access: 'cron',
  run: async () => {
    requireActingDeployment();
    return runWatchdog();
  },
});

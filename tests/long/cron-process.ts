/** The cron's function in a process of its own, called once with CRON_SECRET: what a platform may end at any moment. */
import { openDatabase } from '../../scripts/database/open.js';

await openDatabase(process.env);
const { GET } = await import('../../api/cron/safety.js');
const headers = { authorization: `Bearer ${process.env.CRON_SECRET}` };
const response = await GET(new Request('http://localhost/api/cron/safety', { headers }));
console.log(await response.text());
process.exit(0);

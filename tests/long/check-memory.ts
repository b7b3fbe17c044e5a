/** `npm run -s check:memory -- FILE`: the most memory that the dev server with the embedded database ever held while one line was replayed. */
import { readFileSync } from 'node:fs';
import { readMessageFile } from '../../scripts/server/message-file.js';
import { replayMessages } from '../../scripts/server/replay-messages.js';
import { enableLearning, SECRETS, startServer } from './server.js';

const LIMIT_MB = 700;

const items = readMessageFile(process.argv[2]!);
const server = await startServer({});
await enableLearning(server.base);
const signer = { scheme: 'standard' as const, secret: SECRETS.standard };
const report = await replayMessages(items, { url: server.base, signer });
// Linux keeps a process's high-water mark.
const peakMb = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))![1]) / 1024;
await server.stop();
console.log(
  `${report.deliveries} deliveries, ${JSON.stringify(report.statuses)}, ${report.msPerDelivery} ms each, peak ${Math.round(peakMb)} MB (limit ${LIMIT_MB} MB)`,
);
process.exit(peakMb <= LIMIT_MB && Object.keys(report.statuses).join() === '200' ? 0 : 1);

// Writes numbers into an embedded database and says each one once it is confirmed; the test kills it in between.
import { openEmbedded } from '../../scripts/database/pglite.js';

const database = await openEmbedded(process.argv[2]!, () => {});
await database.exec('create table if not exists written (n int)');
const headers = { 'Neon-Raw-Text-Output': 'true', 'Neon-Array-Mode': 'true' };
for (let n = 1; ; n += 1) {
  const body = JSON.stringify({ query: 'insert into written values ($1)', params: [String(n)] });
  await database.transport('https://localhost/sql', { method: 'POST', headers, body });
  process.stdout.write(`${n}\n`);
}

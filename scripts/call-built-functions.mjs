// Loads every function of `vercel build`'s output in a process of its own, calls each method it exports without any
// environment, and expects an answer that is a problem, never a crash. Prints how long each took to load.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const OUTPUT = path.resolve('.vercel/output/functions');
const EXPECTED = new Set([200, 400, 401, 405, 413, 422, 503]);

/** In a child: what the function answers, with nothing of the parent's environment. */
const CALL = `
const started = performance.now();
const module = await import(process.argv[1]);
const loadMs = Math.round(performance.now() - started);
const handlers = module.default && typeof module.default === 'object' ? module.default : module;
const answers = {};
for (const method of ['GET', 'POST', 'PATCH', 'DELETE']) {
  if (typeof handlers[method] !== 'function') continue;
  const body = method === 'GET' || method === 'DELETE' ? undefined : '{}';
  const response = await handlers[method](new Request('https://example.test' + process.argv[2], { method, body }), {});
  answers[method] = response.status;
}
console.log(JSON.stringify({ loadMs, answers }));
process.exit(0);
`;

const folders = readdirSync(OUTPUT, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.func'));
let failed = 0;
for (const folder of folders.sort()) {
  const config = JSON.parse(readFileSync(path.join(OUTPUT, folder, '.vc-config.json'), 'utf8'));
  const entry = path.join(OUTPUT, folder, config.handler);
  const url = `/${folder.replace(/\.func$/, '').replace(/\/index$/, '')}`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', CALL, entry, url], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    encoding: 'utf8',
    timeout: 30_000,
  });
  let answers = {};
  let loadMs = null;
  try {
    ({ answers, loadMs } = JSON.parse(run.stdout.trim().split('\n').at(-1)));
  } catch {
    // Reported below: no answer is a failure.
  }
  const statuses = Object.values(answers);
  const isFine = statuses.length > 0 && statuses.every(status => EXPECTED.has(status));
  if (!isFine) failed++;
  console.log(
    `${isFine ? 'ok  ' : 'FAIL'} ${url} ${JSON.stringify(answers)} loaded in ${loadMs} ms${isFine ? '' : `\n${run.stderr}`}`,
  );
}
console.log(`${folders.length - failed} of ${folders.length} functions load and answer`);
if (failed > 0 || folders.length === 0) process.exit(1);

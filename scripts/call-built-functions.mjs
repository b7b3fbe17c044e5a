// Loads every function of `vercel build`'s output in a process of its own, calls each method it exports without any
// environment, and expects an answer that is a problem, never a crash. Then times how long three of them take to load.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const OUTPUT = path.resolve('.vercel/output/functions');
const EXPECTED = new Set([200, 204, 400, 401, 404, 405, 413, 422, 503]);
/** Over an empty module: what a person or Quo waits for when an instance starts. Judged by the fastest, since a busy machine only adds. */
const LOAD_LIMIT_MS = 75;
/** A machine on which a process that loads nothing takes longer than this is busy, and the limit grows by as much. */
const USUAL_START_MS = 50;
const TIMED = ['/api/webhook', '/api/patterns/[id]/toggle', '/api/cron/safety'];
const ROUNDS = 9;

/** In a child: how long it loads and, given an address, what the function answers there. */
const CALL = `
const started = performance.now();
const module = await import(process.argv[1]);
const loadMs = performance.now() - started;
const answers = {};
for (const method of process.argv[2] ? ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'OPTIONS'] : []) {
  if (typeof module[method] !== 'function') continue;
  const body = method === 'POST' || method === 'PATCH' ? '{}' : undefined;
  const response = await module[method](new Request('https://example.test' + process.argv[2], { method, body }), {});
  answers[method] = response.status;
}
console.log(JSON.stringify({ loadMs, answers }));
process.exit(0);
`;

function load(entry, url = '') {
  const startedMs = performance.now();
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', CALL, entry, url], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    encoding: 'utf8',
    timeout: 30_000,
  });
  try {
    return { ...JSON.parse(run.stdout.trim().split('\n').at(-1)), startMs: performance.now() - startedMs, error: '' };
  } catch {
    return { loadMs: Number.NaN, answers: {}, error: run.stderr };
  }
}

if (!existsSync(OUTPUT)) {
  console.error(
    'There is no build here (.vercel/output/functions): run "bash scripts/check-build.sh", which makes one and calls it.',
  );
  process.exit(1);
}

const functions = readdirSync(OUTPUT, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.func'))
  .sort()
  .map(folder => {
    const { handler } = JSON.parse(readFileSync(path.join(OUTPUT, folder, '.vc-config.json'), 'utf8'));
    const url = `/${folder.replace(/\.func$/, '').replace(/\/index$/, '')}`;
    return { url, entry: path.join(OUTPUT, folder, handler) };
  });

let failed = functions.length === 0 ? 1 : 0;
for (const { url, entry } of functions) {
  const { answers, error } = load(entry, url);
  const statuses = Object.values(answers);
  const isFine = statuses.length > 0 && statuses.every(status => EXPECTED.has(status));
  if (!isFine) failed++;
  console.log(`${isFine ? 'ok  ' : 'FAIL'} ${url} ${JSON.stringify(answers)}${error && `\n${error}`}`);
}
console.log(`${functions.length - failed} of ${functions.length} functions load and answer`);

const empty = path.resolve('.vercel/empty.mjs');
writeFileSync(empty, 'export {};\n');
const timed = [
  { url: 'an empty module', entry: empty, loads: [] },
  ...TIMED.map(url => ({ ...functions.find(known => known.url === url), loads: [] })),
];
// In turn, so that a busy moment of the machine falls on all alike.
const starts = [];
for (let round = 0; round < ROUNDS; round++)
  for (const each of timed) {
    const { loadMs, startMs } = load(each.entry);
    each.loads.push(loadMs);
    if (each.entry === empty) starts.push(startMs);
  }
const slowness = Math.max(1, Math.min(...starts) / USUAL_START_MS);
console.log(
  `a process that loads nothing takes ${Math.min(...starts).toFixed(0)} ms: the limit is ${(LOAD_LIMIT_MS * slowness).toFixed(0)} ms`,
);
const median = ({ loads }) => [...loads].sort((a, b) => a - b)[Math.floor(ROUNDS / 2)];
const fastest = ({ loads }) => Math.min(...loads);
const [floor] = timed;
for (const each of timed.slice(1)) {
  const overMs = fastest(each) - fastest(floor);
  const isFast = overMs <= LOAD_LIMIT_MS * slowness;
  if (!isFast) failed++;
  console.log(
    `${isFast ? 'ok  ' : 'FAIL'} ${each.url} loads in ${overMs.toFixed(1)} ms over an empty module (fastest of ${ROUNDS}; median ${(median(each) - median(floor)).toFixed(1)} ms)`,
  );
}
if (failed > 0) process.exit(1);

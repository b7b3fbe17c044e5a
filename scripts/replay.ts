// `npm run -s replay -- FILE --url URL`: posts an export as signed Quo deliveries; every answer but 200 ends with code 1.
import { parseArgs } from 'node:util';
import { loadLocalEnvironment } from './server/local-environment.js';
import { readMessageFile } from './server/message-file.js';
import { makeProgressBar } from './server/progress.js';
import { Refusal, runScript } from './server/refusal.js';
import { chooseSigner, type ReplayReport, replayMessages, type Scheme } from './server/replay-messages.js';

const USAGE = `npm run -s replay -- FILE --url URL [options]

FILE is a .jsonl or .jsonl.gz of Quo's message list, one item a line.
  --url URL             where the system stands, http://localhost:3000 say
  --scheme NAME         standard or legacy; without it, that of the first secret
  --shuffle SEED        a random order of arrival within an hour, the same for the same number
  --duplicate P         each delivery comes a second time with probability P (0 to 1)
  --concurrency N       deliveries on their way at once (1)
  --json                the summary as one JSON object

Secrets come from QUO_WEBHOOK_SECRETS, else from those that the server generated in DATA_DIR.`;

const CONCURRENCY_LIMIT = 100;

runScript(async () => {
  const { file, json, ...options } = readArguments();
  loadLocalEnvironment({ generate: false });
  const signer = chooseSigner(process.env.QUO_WEBHOOK_SECRETS, options.scheme);
  const items = readMessageFile(file);
  const report = await replayMessages(items, { ...options, signer }, makeProgressBar('Replaying'));
  console.log(json ? JSON.stringify(report) : describe(report));
  if (report.statuses['401']) console.error(describeRefused(report.statuses['401'], signer.scheme));
  if (Object.keys(report.statuses).some(status => status !== '200')) process.exitCode = 1;
}, USAGE);

function readArguments() {
  const { values, positionals } = parse();
  const [file, ...others] = positionals;
  if (!file || others.length > 0 || !values.url) throw new Refusal(USAGE);
  if (!URL.canParse(values.url)) throw new Refusal('--url is not a valid address.');
  return {
    file,
    json: values.json,
    url: values.url,
    scheme: readScheme(values.scheme),
    shuffleSeed: readNumber('--shuffle', values.shuffle, -(2 ** 31), 2 ** 32),
    duplicateProbability: readNumber('--duplicate', values.duplicate, 0, 1),
    concurrency: readNumber('--concurrency', values.concurrency, 1, CONCURRENCY_LIMIT),
  };
}

function parse() {
  const text = { type: 'string' as const };
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        url: text,
        scheme: text,
        shuffle: text,
        duplicate: text,
        concurrency: text,
        json: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n\n${USAGE}`);
  }
}

function readScheme(name: string | undefined): Scheme | undefined {
  if (name === undefined || name === 'standard' || name === 'legacy') return name;
  throw new Refusal('--scheme is standard or legacy.');
}

function readNumber(option: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most))
    throw new Refusal(`${option} takes a number from ${least} to ${most}.`);
  return value;
}

function describeRefused(count: number, scheme: Scheme): string {
  return `${count} refused (401): compare QUO_WEBHOOK_SECRETS here, its first secret of the ${scheme} scheme, with QUO_WEBHOOK_SECRETS where the system runs.`;
}

function describe({ deliveries, statuses, results, seconds, msPerDelivery }: ReplayReport): string {
  const list = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'none';
  return `${deliveries} deliveries in ${seconds} s (${msPerDelivery} ms each)\nstatus: ${list(statuses)}\nresult: ${list(results)}`;
}

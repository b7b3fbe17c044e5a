// `npm run quo`: a Quo on this machine to play with, beside `npm start`. It holds a line's texts, delivers them signed, and loses,
// doubles and disorders them on request; `npm run -s reconcile` and `import -- --quo` then ask it as they would ask Quo.
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type LocalQuo, startLocalQuo } from './local-quo/server.js';
import type { QuoListItem } from './quo/encode.js';
import { loadLocalEnvironment, readPort } from './server/local-environment.js';
import { readMessageFile } from './server/message-file.js';
import { makeProgressBar } from './server/progress.js';
import { Refusal, runScript } from './server/refusal.js';
import { chooseSigner, type Scheme } from './server/replay-messages.js';

const SAMPLE_FILE = fileURLToPath(new URL('./demo/sample-line.jsonl', import.meta.url));
const USAGE = `npm run quo -- [FILE] [options]

FILE is a .jsonl or .jsonl.gz of Quo's message list; without it, a sample line whose last text was just written.
  --to URL              where V3-PLS runs (http://localhost:3000)
  --port N              where this Quo listens (4010)
  --scheme NAME         standard or legacy; without it, that of the first secret of QUO_WEBHOOK_SECRETS
  --drop P              deliveries that are lost for good, 0 to 1
  --duplicate P         deliveries that are made twice
  --disorder MINUTES    how much later than another one a delivery may come
  --faults P            calls of the API that are answered 500
  --history             the texts are in the list, and no delivery is made: something to import
  --seed N              the same number, the same losses (1)

While it runs, a line of input is a text: "+15551230000 when do you open?" a customer's, "> +15551230000 at nine" the staff's.`;

/** A failed delivery is tried again after 5 ms, 300 ms, … instead of 5 s, 5 min, …. */
const RETRY_SCALE = 1 / 1_000;

runScript(async () => {
  const options = readArguments();
  loadLocalEnvironment();
  const { scheme, secret } = chooseSigner(process.env.QUO_WEBHOOK_SECRETS, options.scheme);
  const items = options.file ? readMessageFile(options.file) : shiftToNow(readMessageFile(SAMPLE_FILE));
  const { trouble, port } = options;
  const quo = await startLocalQuo({ port, trouble, retryScale: RETRY_SCALE });
  process.on('SIGINT', () => process.exit(0)).on('SIGTERM', () => process.exit(0));
  if (options.isHistory) quo.line.write(items);
  const id = quo.subscribe(new URL('/api/webhook', options.to).href, scheme, secret);
  console.log(`A local Quo listens at ${quo.url}. For commands and for npm start:\n`);
  console.log(`  export QUO_API_URL=${quo.url} QUO_API_KEY=${quo.key}\n`);
  if (!options.isHistory) {
    await quo.play(items, makeProgressBar('Delivering'));
    console.log(describeDeliveries(quo, id));
  } else
    console.log(`It holds ${items.length} texts and delivers none of them: npm run -s import -- --quo --since 3650d`);
  console.log('Ctrl-C ends it.');
  answerInput(quo, items[0]);
}, USAGE);

function readArguments() {
  const text = { type: 'string' as const };
  const parse = () => {
    try {
      return parseArgs({
        allowPositionals: true,
        options: {
          ...{
            to: text,
            port: text,
            scheme: text,
            drop: text,
            duplicate: text,
            disorder: text,
            faults: text,
            seed: text,
          },
          history: { type: 'boolean', default: false },
        },
      });
    } catch (error) {
      throw new Refusal(`${(error as Error).message}\n\n${USAGE}`);
    }
  };
  const { values, positionals } = parse();
  const { to = 'http://localhost:3000', scheme } = values;
  if (positionals.length > 1) throw new Refusal(USAGE);
  if (!URL.canParse(to)) throw new Refusal('--to is not a valid address.');
  if (scheme !== undefined && scheme !== 'standard' && scheme !== 'legacy')
    throw new Refusal('--scheme is standard or legacy.');
  const number = (name: 'drop' | 'duplicate' | 'disorder' | 'faults' | 'seed', most: number, usual = 0) => {
    const value = values[name] === undefined ? usual : Number(values[name]);
    if (!(value >= 0 && value <= most)) throw new Refusal(`--${name} takes a number from 0 to ${most}.`);
    return value;
  };
  return {
    file: positionals[0],
    to,
    port: values.port === undefined ? 4010 : readPort(values.port),
    scheme: scheme as Scheme | undefined,
    isHistory: values.history,
    trouble: {
      drop: number('drop', 1),
      duplicate: number('duplicate', 1),
      disorderMinutes: number('disorder', 10_000),
      faults: number('faults', 1),
      seed: number('seed', 2 ** 31, 1),
    },
  };
}

/** Keeps every distance between the texts; the last one was written a moment ago. */
function shiftToNow(items: QuoListItem[]): QuoListItem[] {
  const lastMs = Math.max(...items.map(item => Date.parse(item.createdAt)));
  const shiftMs = Date.now() - 1_000 - lastMs;
  return items.map(item => ({ ...item, createdAt: new Date(Date.parse(item.createdAt) + shiftMs).toISOString() }));
}

function describeDeliveries(quo: LocalQuo, id: string): string {
  const deliveries = quo.subscriptions.deliveries.get(id) ?? [];
  const count = (status: string) => deliveries.filter(delivery => delivery.status === status).length;
  const failed = count('failed');
  const trouble = failed > 0 ? `, ${failed} given up after eight attempts (is V3-PLS running there?)` : '';
  return `${count('delivered')} delivered, ${count('dropped')} lost on purpose${trouble}.`;
}

/** @param like a text of the line that is written on */
function answerInput(quo: LocalQuo, like: QuoListItem | undefined): void {
  const ours = like ? (like.direction === 'incoming' ? like.to[0]! : like.from) : '+15550142000';
  const phoneNumberId = like?.phoneNumberId ?? 'PNlocal';
  const [operator] = quo.line.users.size > 0 ? quo.line.users.keys() : [quo.line.addUser('USlocal').id];
  let written = 0;
  createInterface({ input: process.stdin }).on('line', line => {
    const [, staff, customer, text] = /^(>)?\s*(\+\d{7,15})\s+(.+)$/.exec(line.trim()) ?? [];
    if (!customer || !text) return console.log("+NUMBER TEXT is a customer's, > +NUMBER TEXT the staff's.");
    written += 1;
    const known = quo.line.messages.find(item => item.from === customer || item.to.includes(customer));
    const shared = {
      id: `AClocal${Date.now()}x${written}`,
      conversationId: known?.conversationId ?? `CNlocal${customer.slice(1)}`,
      phoneNumberId,
      text,
      createdAt: new Date().toISOString(),
    };
    const item: QuoListItem = staff
      ? { ...shared, direction: 'outgoing', from: ours, to: [customer], userId: operator!, status: 'delivered' }
      : { ...shared, direction: 'incoming', from: customer, to: [ours], userId: null, status: 'received' };
    void quo.play([item]).then(() => console.log('written'));
  });
}

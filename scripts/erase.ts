// `npm run -s erase -- NUMBER`: erases a customer everywhere, for good. It asks first, on a terminal, or wants --yes; the
// number is never repeated in a log, only on the terminal of whoever typed it.
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { openDatabase } from './database/open.js';
import { callApi, readBaseUrl, requireSuccess } from './server/api-call.js';
import { loadLocalEnvironment } from './server/local-environment.js';
import { Refusal, runScript } from './server/refusal.js';

const USAGE = `npm run -s erase -- NUMBER [options]

NUMBER in any spelling: +15551234567, "(555) 123-4567". Without a country code only ten digits are read, as +1.
  --yes        do not ask; where there is no terminal to ask on, nothing is erased without it
  --url URL    through the system that runs there, with ADMIN_TOKEN; without it, in the database of DATABASE_URL
               (unset: the embedded one, while no server has it open)
  --json       what was erased, as one JSON object

PRIVACY_KEY must be the one that the deployment has: its tombstones keep late texts of this customer out.`;

type Erased = {
  threads: number;
  messages: number;
  deliveries: number;
  exchanges: number;
  mentions: number;
  patternsRemoved: number;
  patternsRebuilt: number;
  switchedOff: string[];
};

runScript(async () => {
  const { text, url, yes, json } = readArguments();
  const { readNumber } = await import('../lib/quo/phone-number.js');
  const read = readNumber(text);
  if (!read.ok) throw new Refusal(read.detail);
  loadLocalEnvironment({ generate: false });
  if (!yes) await confirm(read.number);
  const erased = url === undefined ? await eraseHere(read.number) : await eraseThere(read.number, url);
  console.log(json ? JSON.stringify(erased) : describe(erased));
}, USAGE);

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        yes: { type: 'boolean', default: false },
        url: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    // Without quotes a spelling with blanks comes in pieces.
    const text = positionals.join(' ');
    if (text !== '') return { ...values, text };
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n\n${USAGE}`);
  }
  throw new Refusal(USAGE);
}

async function confirm(number: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new Refusal('Nothing was erased: there is no terminal to ask on. With --yes it erases without asking.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`Everything of ${number} will be erased for good. Type "erase" to go on: `);
  terminal.close();
  if (answer.trim().toLowerCase() !== 'erase') throw new Refusal('Nothing was erased.');
}

async function eraseThere(number: string, url: string): Promise<Erased> {
  const base = readBaseUrl(url);
  const token = process.env.ADMIN_TOKEN;
  if (!token) throw new Refusal('There is no ADMIN_TOKEN: set it, or set DATA_DIR to that of the server.');
  const call = { method: 'DELETE', token, body: { customer: number } };
  return requireSuccess(await callApi(base, '/api/exchanges', call), base) as Erased;
}

const PATIENCE_MS = 300_000;

async function eraseHere(number: string): Promise<Erased> {
  const { requirePrivacyKey } = await import('../lib/environment.js');
  await refuseWithReason(async () => void requirePrivacyKey());
  const database = await openDatabase(process.env);
  try {
    const { eraseCustomer } = await import('../lib/erase-customer.js');
    return await refuseWithReason(() => eraseCustomer(number, 'command:erase', PATIENCE_MS));
  } finally {
    await database.close();
  }
}

/** What the use case or the database says no with becomes the sentence; a fault of ours stays one. */
async function refuseWithReason<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { readFailure } = await import('../db/errors.js');
    const { Problem } = await import('../lib/http/problem.js');
    if (error instanceof Problem) {
      const [fault] = (error.extra.errors ?? []) as { detail: string }[];
      throw new Refusal(`Nothing was erased: ${fault?.detail ?? error.detail ?? error.code}`);
    }
    const failure = readFailure(error);
    if (failure.kind === 'fault') throw error;
    const why = failure.kind === 'unavailable' ? failure.detail : `the database refused (${failure.code}).`;
    throw new Refusal(`Nothing was erased: ${why}`);
  }
}

function describe(erased: Erased): string {
  const { threads, messages, deliveries, exchanges, mentions, patternsRemoved, patternsRebuilt, switchedOff } = erased;
  const off = switchedOff.length === 0 ? '' : `\nSwitched off, since the words changed: ${switchedOff.join(', ')}.`;
  return `Erased: ${count(messages, 'text')} in ${count(threads, 'thread')}, ${count(deliveries, 'raw delivery', 'raw deliveries')}, ${count(exchanges, 'exchange')}, and the number in ${count(mentions, 'text')} of others.
Patterns: ${patternsRemoved} that only they had taught went, ${patternsRebuilt} got the words of others.${off}
What still arrives from before is not taken in again. Backups and point-in-time copies keep what they have until they expire.`;
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

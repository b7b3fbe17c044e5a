// A deployment asked from outside, as Quo, the cron, a stranger and an uptime monitor would ask it. It leaves one trace: a
// refused delivery is counted, with headers by which the doctor knows it again.
import { randomBytes } from 'node:crypto';
import { type ApiAnswer, callApi, readProblem } from '../server/api-call.js';
import { CRON_PATH } from '../server/cron-plan.js';
import { Refusal } from '../server/refusal.js';
import { type Check, fail, pass, type Title, unknown } from './check.js';

/** An answer, or the sentence why there was none. */
export type Probe = ApiAnswer | string;
export type Probes = { health: Probe; page: Probe; anonymous: Probe; cron: Probe; webhook: Probe };

const HEALTH = { id: 'deployment.health', title: 'Health of the deployment' };
const HEADERS = { id: 'deployment.headers', title: 'Security headers' };
const ANONYMOUS = { id: 'deployment.anonymous', title: 'Patterns without a token' };
const CRON = { id: 'deployment.cron', title: 'Cron with a wrong secret' };
const WEBHOOK = { id: 'deployment.webhook', title: 'Delivery with a wrong signature' };

export async function probeDeployment(url: string, nowMs: number): Promise<Probes> {
  const wrong = randomBytes(24).toString('base64url');
  const [health, page, anonymous, cron, webhook] = await Promise.all([
    ask(url, '/api/monitoring?view=health'),
    ask(url, '/'),
    ask(url, '/api/patterns'),
    ask(url, CRON_PATH, { token: wrong }),
    ask(url, '/api/webhook', { method: 'POST', rawBody: '{}', headers: signWrongly(nowMs) }),
  ]);
  return { health, page, anonymous, cron, webhook };
}

async function ask(url: string, path: string, call?: Parameters<typeof callApi>[2]): Promise<Probe> {
  try {
    return await callApi(url, path, call);
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

/** Well-formed, fresh and wrong; both schemes at once, as Quo never signs. */
function signWrongly(nowMs: number): Record<string, string> {
  const signature = randomBytes(32).toString('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': `doctor_${randomBytes(8).toString('hex')}`,
    'webhook-timestamp': String(Math.floor(nowMs / 1_000)),
    'webhook-signature': `v1,${signature}`,
    'openphone-signature': `hmac;1;${nowMs};${signature}`,
  };
}

export type Expected = {
  /** What vercel.json adds to every answer. */
  headers: readonly [string, string][];
  /** With a cron once a day health is stale in between. */
  isHobby: boolean;
};

export function judgeDeployment(probes: Probes, expected: Expected): Check[] {
  if (isSomebodyElse(probes.health)) return [judgeHealth(probes.health, expected.isHobby), ...skipOthers(probes)];
  return [
    judgeHealth(probes.health, expected.isHobby),
    judgeHeaders(probes.page, expected.headers),
    judgeClosed(ANONYMOUS, probes.anonymous, 'ADMIN_TOKEN'),
    judgeClosed(CRON, probes.cron, 'CRON_SECRET'),
    judgeClosed(WEBHOOK, probes.webhook, 'QUO_WEBHOOK_SECRETS'),
  ];
}

/** An answer, and none of this system's: what is open or missing there is no matter of ours. */
function isSomebodyElse(health: Probe): boolean {
  if (findTrouble(HEALTH, health) !== null) return false;
  const { status, body } = health as ApiAnswer;
  return status < 500 && readHealthWord(body) === null && readProblem(body).code === null;
}

function skipOthers({ page, anonymous, cron, webhook }: Probes): Check[] {
  const others: [Title, Probe][] = [
    [HEADERS, page],
    [ANONYMOUS, anonymous],
    [CRON, cron],
    [WEBHOOK, webhook],
  ];
  return others.map(([title, probe]) => findTrouble(title, probe) ?? unknown(title, 'not measured: not this system'));
}

const REDEPLOY = 'in Vercel (Settings → Environment Variables, Production), and deploy again';

/** 401 and nothing else. A 503 tells, in our own words, which variable is missing there. */
function judgeClosed(title: Title, probe: Probe, variable: string): Check {
  const trouble = findTrouble(title, probe);
  if (trouble) return trouble;
  const { status, body } = probe as ApiAnswer;
  const { code, detail } = readProblem(body);
  if (status === 401 && code === 'unauthorized') return pass(title, 'refused (401), as it must be');
  const measured = `answered ${status}${detail ? `: ${detail}` : ''}`;
  if (status === 503) return fail(title, measured, `Mend what it says; if it is ${variable}, set it ${REDEPLOY}.`);
  if (status < 300)
    return fail(
      title,
      measured,
      'It is open to anybody: take the deployment down, and compare its code with this one.',
    );
  return fail(title, measured, 'A 401 is expected: compare the code of the deployment with this one.');
}

const HEALTH_MEANING: Record<string, string> = {
  unavailable:
    'The database cannot be asked, or its schema is older than the code: check DATABASE_URL there, and run "npm run migrate".',
  incident: 'An incident is open or the kill switch is engaged: read GET /api/incidents before anything else.',
  stale: 'The watchdog has finished no clean run in time: see the lines on the cron and the watchdog.',
  silent: 'Nothing authentic came from Quo for silence_hours: see the line on the last delivery.',
};

function judgeHealth(probe: Probe, isHobby: boolean): Check {
  const trouble = findTrouble(HEALTH, probe);
  if (trouble) return trouble;
  const { status, body } = probe as ApiAnswer;
  const word = readHealthWord(body);
  if (status === 200 && word === 'ok') return pass(HEALTH, 'ok');
  const meaning = word === null ? undefined : HEALTH_MEANING[word];
  if (!meaning) return fail(HEALTH, `answered ${status}`, 'This is not the health answer: is the address right?');
  const { detail: said } = body as { detail?: unknown };
  const detail = typeof said === 'string' ? ` (${said})` : '';
  if (word === 'stale' && isHobby) return unknown(HEALTH, word, 'With a cron once a day this is so most of the day.');
  return fail(HEALTH, `${word}${detail}`, meaning);
}

/** The word of our own health answer; null for any other. */
function readHealthWord(body: unknown): string | null {
  const { status: word } = (body ?? {}) as { status?: unknown };
  return typeof word === 'string' && (word === 'ok' || Object.hasOwn(HEALTH_MEANING, word)) ? word : null;
}

function judgeHeaders(probe: Probe, expected: readonly [string, string][]): Check {
  const trouble = findTrouble(HEADERS, probe);
  if (trouble) return trouble;
  const { status, headers } = probe as ApiAnswer;
  if (status !== 200)
    return unknown(HEADERS, `the page answered ${status}`, 'Is the page built? "npm run build" makes it.');
  const wrong = expected.filter(([name, value]) => !isSameHeader(name, headers.get(name), value)).map(([name]) => name);
  if (wrong.length > 0)
    return fail(
      HEADERS,
      `missing or different: ${wrong.join(', ')}`,
      'Deploy this vercel.json; no proxy may change them.',
    );
  return pass(HEADERS, `${expected.length} as in vercel.json`);
}

/** The platform may write a stricter line of its own for its domains. */
function isSameHeader(name: string, actual: string | null, expected: string): boolean {
  if (name.toLowerCase() !== 'strict-transport-security') return actual === expected;
  return Number(/max-age=(\d+)/.exec(actual ?? '')?.[1] ?? 0) >= 31_536_000;
}

/** What stands between: no answer, a redirect, or somebody else's 401. */
function findTrouble(title: Title, probe: Probe): Check | null {
  if (typeof probe === 'string') return fail(title, 'no answer', probe);
  const { status, headers, body } = probe;
  if (status >= 300 && status < 400)
    return fail(
      title,
      `sends on to ${headers.get('location') ?? 'another address'}`,
      'Neither Quo nor the cron follows: give them, and this command, the last address.',
    );
  if (status === 401 && readProblem(body).code === null)
    return fail(
      title,
      'answered 401, and not by this system',
      "Vercel's Deployment Protection stands before it and would refuse Quo too: use the production domain, or switch it off for production (Settings → Deployment Protection).",
    );
  return null;
}

/** The deployment's clock as its answers tell it, to the second. */
export function readClock(probe: Probe): { name: string; aheadMs: number; plusMinusMs: number } | null {
  if (typeof probe === 'string') return null;
  const dateMs = Date.parse(probe.headers.get('date') ?? '');
  if (Number.isNaN(dateMs)) return null;
  const { sentMs, cameMs } = probe;
  return {
    name: 'deployment',
    aheadMs: dateMs + 500 - (sentMs + cameMs) / 2,
    plusMinusMs: 500 + (cameMs - sentMs) / 2,
  };
}

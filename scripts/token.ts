// `npm run -s token`: makes, lists and revokes access tokens through the API of a running system, here or in production.
// A new token is printed on standard output once, and nothing else is; who it is for stands on standard error.
import { parseArgs } from 'node:util';
import { callApi, readBaseUrl, requireSuccess } from './server/api-call.js';
import { loadLocalEnvironment } from './server/local-environment.js';
import { Refusal, runScript } from './server/refusal.js';

const USAGE = `npm run -s token -- --name Maria --role operator [--operator US123] [--days 90]
npm run -s token -- --list
npm run -s token -- --revoke ID

  --role ROLE      viewer (sees patterns and numbers, of exchanges no text), operator (also reads those texts, redacted,
                   and switches off) or admin (also decides)
  --operator ID    the Quo user (US…) whom this person answers as
  --days N         until it expires; without it, never
  --url URL        where the system stands; without it, the dev server on PORT
  --json           the answer as one JSON object

The admin's token comes from ADMIN_TOKEN, .env, or the file that the server generated in DATA_DIR.`;

type Token = {
  id: string;
  name: string;
  role: string;
  operatorId: string | null;
  createdAt: string;
  expiresAt: string | null;
  revokedAt?: string | null;
};
type NewToken = Token & { token: string; signInLink: string };

runScript(async () => {
  const options = readArguments();
  loadLocalEnvironment({ generate: false });
  const base = readBaseUrl(options.url);
  const token = process.env.ADMIN_TOKEN;
  if (!token) throw new Refusal('There is no ADMIN_TOKEN: set it, or set DATA_DIR to that of the server.');
  const call = async (method: string, path: string, body?: unknown) =>
    requireSuccess(await callApi(base, path, { method, token, body }), base);

  if (options.list) {
    const answer = (await call('GET', '/api/tokens')) as { tokens: Token[] };
    return console.log(options.json ? JSON.stringify(answer) : listTokens(answer.tokens));
  }
  if (options.revoke !== undefined) {
    await call('DELETE', `/api/tokens?id=${encodeURIComponent(options.revoke)}`);
    return options.json
      ? console.log(JSON.stringify({ revoked: options.revoke }))
      : console.error(`Revoked: ${options.revoke} opens nothing from now on.`);
  }
  const { name, role, operator: operatorId, days: expiresInDays } = options;
  const made = (await call('POST', '/api/tokens', { name, role, operatorId, expiresInDays })) as NewToken;
  if (options.json) return console.log(JSON.stringify(made));
  console.error(`${describeToken(made)}\nSign-in link, for one use: ${made.signInLink}`);
  console.error('The token follows. It is shown this once: only its hash is kept.');
  console.log(made.token);
}, USAGE);

function readArguments() {
  const { days, ...values } = parse();
  const acts = [values.list, values.revoke !== undefined, values.name !== undefined || values.role !== undefined];
  if (acts.filter(Boolean).length !== 1) throw new Refusal(USAGE);
  if (acts[2] && (values.name === undefined || values.role === undefined)) throw new Refusal(USAGE);
  if (days !== undefined && !/^[1-9]\d{0,4}$/.test(days)) throw new Refusal('--days takes a whole number, 90 say.');
  return { ...values, days: days === undefined ? undefined : Number(days) };
}

function parse() {
  const text = { type: 'string' as const };
  const flag = { type: 'boolean' as const, default: false };
  try {
    return parseArgs({
      options: { name: text, role: text, operator: text, days: text, url: text, revoke: text, list: flag, json: flag },
    }).values;
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n\n${USAGE}`);
  }
}

function listTokens(tokens: Token[]): string {
  return tokens.length === 0 ? 'There are no tokens.' : tokens.map(describeToken).join('\n');
}

function describeToken({ id, name, role, operatorId, createdAt, expiresAt, revokedAt }: Token): string {
  const day = (moment: string) => moment.slice(0, 10);
  const end = revokedAt ? `revoked ${day(revokedAt)}` : expiresAt ? `expires ${day(expiresAt)}` : 'does not expire';
  const parts = [id, printable(name), role, ...(operatorId ? [operatorId] : []), `made ${day(createdAt)}`, end];
  return parts.join('  ');
}

/** Somebody else chose the name; a terminal must not obey it. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, '�');
}

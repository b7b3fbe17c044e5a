// What the tour prints at its end: where each state is to be seen, and a sign-in link for each role. Which pattern shows a
// state is asked of the server, so the list cannot say what is not there.
import { callApi, requireSuccess } from '../server/api-call.js';
import { operatorId } from './build-sample-line.js';
import { mintToken } from './tour-desk.js';

type Shown = {
  id: string;
  triggerText: string;
  status: string;
  isActive: boolean;
  flags: string[];
  version: number;
  mergedInto: string | null;
};
type Entry = { action: string; actor: string; details: { isActive?: boolean } };
type Detail = Shown & { audit: Entry[] };

/** Those whom the tour prints links for; a second start revokes them and makes new ones. */
export const GUESTS = [
  { name: 'Guest viewer', role: 'viewer' },
  { name: 'Guest operator', role: 'operator', operatorId: operatorId('Nora') },
  { name: 'Guest admin', role: 'admin' },
] as const;

const STATES: [what: string, isShown: (pattern: Detail) => boolean][] = [
  ['active', ({ isActive }) => isActive],
  ['pending review', ({ status }) => status === 'pending_review'],
  ['learning', ({ status }) => status === 'learning'],
  ['its approval expired', ({ isActive, audit }) => !isActive && lastSwitch(audit)?.details.isActive === true],
  [
    'switched off by the rollback',
    ({ audit }) => lastSwitch(audit)?.actor.startsWith('sql:') === true && hasActed(audit, 'activated'),
  ],
  ['retired', ({ status, mergedInto }) => status === 'retired' && mergedInto === null],
  ['merged into another', ({ mergedInto }) => mergedInto !== null],
  ['restored', ({ audit, status }) => status !== 'retired' && hasActed(audit, 'pattern_restore')],
  ['edited, with versions to compare', ({ flags, version }) => flags.includes('edited') && version > 1],
  ['newer replies say another fact', ({ flags }) => flags.includes('fact_changed')],
  ['conflicts with another answer', ({ flags }) => flags.includes('conflict')],
  ['possible duplicate', ({ flags }) => flags.includes('possible_duplicate')],
  ['a blank that nothing can fill', ({ flags }) => flags.includes('unfillable')],
  ['stale: not asked for three months', ({ flags }) => flags.includes('stale')],
];

const SECTIONS: [what: string, where: string][] = [
  ['patterns to decide on', '#/review'],
  ['approved answers to copy', '#/approved'],
  ['what it would have said, and which gate said no; "don\'t learn" marks', '#/why-not'],
  ['a text tried on the live matcher', '#/try'],
  ['three weeks in charts', '#/monitoring'],
  ['two incidents with their evidence, a restore, two releases, the audit', '#/safety'],
  ['what is learned from one operator (sign in as the operator)', '#/mine'],
];

const hasActed = (audit: Entry[], action: string) => audit.some(entry => entry.action === action);
/** The newest first: an approval that expires leaves no entry, and a rollback is no person's. */
const lastSwitch = (audit: Entry[]) => audit.find(({ action }) => action === 'pattern_safety_changed');

/** @returns lines to print */
export async function describeTour(url: string): Promise<string[]> {
  const shown = await listStates(url);
  const guests = await inviteGuests(url);
  const width = Math.max(...[...shown, ...SECTIONS].map(([what]) => what.length)) + 2;
  const row = ([what, where]: [string, string]) => `  ${what.padEnd(width)}${where}`;
  return [
    'Sections:',
    ...SECTIONS.map(([what, where]) => row([what, `${url}/${where}`])),
    'Patterns, one for each state:',
    ...shown.map(row),
    'Links for one sign-in each, for 24 hours (a private window for each role):',
    ...guests.map(({ name, signInLink }) => row([name, signInLink])),
  ];
}

/** The first pattern of each state; "none" where there is none. */
export async function listStates(url: string): Promise<[what: string, where: string][]> {
  const get = async (path: string) =>
    requireSuccess(await callApi(url, path, { token: process.env.ADMIN_TOKEN }), url) as { patterns: Shown[] };
  const { patterns } = await get('/api/patterns?status=all&limit=100');
  const details: Detail[] = [];
  for (const { id } of patterns) details.push((await get(`/api/patterns/${id}`)) as unknown as Detail);
  return STATES.map(([what, isShown]) => {
    const found = details.find(isShown);
    return [what, found ? `${url}/#/pattern/${found.id}` : 'none'];
  });
}

async function inviteGuests(url: string) {
  const ask = async (method: string, path: string) =>
    requireSuccess(await callApi(url, path, { method, token: process.env.ADMIN_TOKEN }), url);
  const { tokens } = (await ask('GET', '/api/tokens')) as {
    tokens: { id: string; name: string; revokedAt: string | null }[];
  };
  const former = tokens.filter(
    ({ name, revokedAt }) => revokedAt === null && GUESTS.some(guest => guest.name === name),
  );
  for (const { id } of former) await ask('DELETE', `/api/tokens?id=${id}`);
  return Promise.all(GUESTS.map(guest => mintToken(url, guest)));
}

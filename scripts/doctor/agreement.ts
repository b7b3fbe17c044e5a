// Whether what is set here is what the deployment has: the admin's token, and the database. Pure.
import type { ApiAnswers, ApiReport } from './ask-api.js';
import { type Check, describeMinutes, fail, pass, unknown } from './check.js';

const TOKEN = { id: 'deployment.token', title: 'ADMIN_TOKEN at the deployment' };
const DATABASE = { id: 'deployment.database', title: "The database here is the deployment's" };

/** Both write the same moment; the API's has milliseconds. */
const SAME_MS = 1_000;

/** @param told null where there was no token to ask with */
export function judgeToken(told: ApiReport | null): Check {
  if (told === null) return unknown(TOKEN, 'not asked: there is no ADMIN_TOKEN here for it');
  const { token } = told;
  if (token.kind === 'accepted') return pass(TOKEN, 'accepted');
  if (token.kind === 'unclear') return unknown(TOKEN, token.why);
  return fail(
    TOKEN,
    'refused (401)',
    'The deployment refuses this ADMIN_TOKEN: set the same one there and deploy again.',
  );
}

/** By when the watchdog last ran and when something last came. Nothing where one of the two was not asked. */
export function judgeSameDatabase(here: ApiAnswers, there: ApiAnswers): Check[] {
  if (!here.watch || !here.line || !there.watch || !there.line) return [];
  const { now } = here.watch;
  const facts = [
    { what: 'last watchdog run', here: here.watch.lastRunAt, there: there.watch.lastRunAt },
    { what: 'last delivery', here: here.line.lastDeliveryAt, there: there.line.lastDeliveryAt },
  ];
  const ago = (moment: string | null) =>
    moment === null ? 'never' : `${describeMinutes(Math.max(0, Date.parse(now) - Date.parse(moment)) / 60_000)} ago`;
  // The database was asked first: what came after that, the deployment alone could tell.
  const settled = facts.filter(fact => fact.there === null || Date.parse(fact.there) <= Date.parse(now));
  const different = settled.filter(fact => !isSame(fact.here, fact.there));
  if (different.length > 0)
    return [
      fail(
        DATABASE,
        different.map(fact => `${fact.what} ${ago(fact.here)} here, ${ago(fact.there)} there`).join('; '),
        'The database lines of this report are about another database: set DATABASE_URL here to the one that the deployment has.',
      ),
    ];
  const same = settled.filter(fact => fact.here !== null);
  if (same.length === 0) return [unknown(DATABASE, 'nothing happened yet by which to compare them')];
  return [pass(DATABASE, `the same ${same.map(fact => fact.what).join(' and ')}`)];
}

function isSame(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return one === other;
  return Math.abs(Date.parse(one) - Date.parse(other)) < SAME_MS;
}

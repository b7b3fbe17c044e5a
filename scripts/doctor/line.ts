// What comes from Quo, judged: how long nothing came, what was refused and why, what could not be understood. Pure.
import type { LineFacts } from '../../db/doctor.js';
import { PROBE_HEADERS } from '../../lib/safety/alerts.js';
import { type Check, describeMinutes, fail, pass, unknown } from './check.js';

export const LINE_TITLES = {
  SILENCE: { id: 'webhook.silence', title: 'Last delivery from Quo' },
  REFUSALS: { id: 'webhook.refusals', title: 'Refused deliveries, last day' },
  QUARANTINE: { id: 'webhook.quarantine', title: 'Deliveries not understood, last day' },
};
const { SILENCE, REFUSALS, QUARANTINE } = LINE_TITLES;

export const OWN_PROBE_HEADERS = PROBE_HEADERS;

export function judgeLine(facts: LineFacts): Check[] {
  return [judgeSilence(facts), judgeRefusals(facts), judgeQuarantine(facts)];
}

function judgeSilence({ now, lastDeliveryAt, silenceHours }: LineFacts): Check {
  if (lastDeliveryAt === null)
    return unknown(
      SILENCE,
      'there was none yet',
      "Connect Quo's webhook (README), text the number, and answer in Quo.",
    );
  const minutes = (Date.parse(now) - Date.parse(lastDeliveryAt)) / 60_000;
  const measured = `${describeMinutes(minutes)} ago, silence_hours is ${silenceHours}`;
  if (minutes <= silenceHours * 60) return pass(SILENCE, measured);
  return fail(
    SILENCE,
    measured,
    "Is the webhook still switched on in Quo, with this deployment's address and message.received and message.delivered?",
  );
}

/** What each reason means, by whether the scheme was the new one or the legacy one. */
function explain(reason: string, headers: string): string {
  const isNew = headers.includes('webhook-');
  switch (reason) {
    case 'no_signature':
      return 'unsigned, so not from Quo: a browser, a scanner or a monitor pointed at the wrong address';
    case 'malformed_header':
      return 'a signature header that Quo does not write: not from Quo, or changed on the way';
    case 'stale_timestamp':
      return 'signed more than five minutes before or after: an old delivery sent again, or a wrong clock';
    case 'no_secret_for_scheme':
      return isNew
        ? 'signed by a new webhook, and QUO_WEBHOOK_SECRETS has no whsec_… secret: add the one shown when it was made'
        : "signed by a legacy webhook, and QUO_WEBHOOK_SECRETS has no legacy secret: add the app's signing key";
    case 'bad_signature':
      return `signed with another secret: add that of the ${isNew ? 'new' : 'legacy'} webhook that calls here, complete, to QUO_WEBHOOK_SECRETS`;
    default:
      return "why, and whether it was the doctor's own, stands in the database: run the doctor with DATABASE_URL";
  }
}

function judgeRefusals({ refused, lastDeliveryAt }: LineFacts): Check {
  const others = refused
    .map(({ reason, ...rest }) => ({ ...rest, code: reason.split(':')[0]!, headers: reason.split(':')[1] ?? '' }))
    .filter(({ headers }) => headers !== OWN_PROBE_HEADERS);
  if (others.length === 0) return pass(REFUSALS, 'none');
  const measured = others
    .map(({ code, headers, count }) => `${count} × ${code}${headers ? ` (${headers})` : ''}`)
    .join(', ');
  const signed = others.filter(({ headers }) => headers !== 'none');
  if (signed.length === 0) return pass(REFUSALS, `${measured}: ${explain('no_signature', '')}`);
  const todo = [...new Set(signed.map(({ code, headers }) => `${code}: ${explain(code, headers)}`))].join('. ');
  const isOnlyRefused = signed.some(
    ({ lastHour }) =>
      lastHour !== null && (lastDeliveryAt === null || Date.parse(lastDeliveryAt) < Date.parse(lastHour)),
  );
  // Anybody can send a wrong signature: while genuine deliveries come too, this may be nothing.
  return (isOnlyRefused ? fail : unknown)(REFUSALS, measured, `${todo}.`);
}

function judgeQuarantine({ quarantined }: LineFacts): Check {
  if (quarantined.length === 0) return pass(QUARANTINE, 'none');
  return unknown(
    QUARANTINE,
    quarantined.map(({ reason, count }) => `${count} × ${reason}`).join(', '),
    'They are genuine and kept as they came (table deliveries, outcome quarantined): Quo may have changed its format. Report it.',
  );
}

// What the watchdog is told of, so that it looks again, and the lease that only its clean runs renew (I11).
import { accepted, harmless, type Probe, refused } from '../probe.js';
import { agreed, LEARNED, NEW_ID, newPattern } from './statements.js';

const ran = (status: string) =>
  `insert into watchdog_runs (status, checks, started_at) values ('${status}', '[]', now());
   update watchdog_lease set run_id = (select max(id) from watchdog_runs)`;

const NEWS: [what: string, script: string, pattern: string, atLeast: number][] = [
  ['a new pattern', newPattern('id', `'${NEW_ID}'`), NEW_ID, 1],
  ['new words', `update decision_patterns set trigger_text = 'other' where id = '$off'`, '$off', 1],
  ['a new exchange', LEARNED, '$off', 1],
  ['an exchange that went elsewhere', `${LEARNED}; update exchanges set pattern_id = '$on'`, '$on', 1],
  ['an exchange that is gone', `${LEARNED}; delete from exchanges`, '$off', 2],
  ['a new judgement', agreed('$off'), '$off', 1],
];

export const WATCHDOG: readonly Probe[] = [
  ...NEWS.map(([what, script, pattern, atLeast]) =>
    accepted(
      `the watchdog is told of ${what}`,
      script,
      `(select count(*) >= ${atLeast} from watchdog_news where recorded_at = now() and pattern_id = '${pattern}')`,
    ),
  ),
  accepted(
    'a text that changed is looked at again',
    `insert into messages (id, thread_id, line_id, direction, text, is_person, status, event_at)
     values ('AC9', 'CN1', 'PN1', 'outgoing', 'a', false, 's', now()); update messages set watched_at = now(); update messages set text = 'b'`,
    `(select watched_at is null from messages where id = 'AC9')`,
  ),
  harmless(
    'a moment that cannot be read is none, and stops no check',
    'select 1',
    `(select count(v3pls_read_moment(t)) = 1 from unnest(array['2026-03-02T10:00:00+00:00', '2026-99-99T10:00:00+00:00', 'now', null]) t)`,
  ),
  accepted(
    'the lease is renewed by a clean run',
    `${ran('clean')}, renewed_at = '2999-01-01'`,
    `(select renewed_at = now() from watchdog_lease)`,
  ),
  refused('the lease is not renewed by a run that was not clean', ran('latched')),
  refused('the lease is not renewed twice by one run', `update watchdog_lease set run_id = run_id`),
  harmless(
    'a lease lasts two intervals and one minute',
    'select 1',
    `(select v3pls_lease_until() = renewed_at + interval '11 minutes' from watchdog_lease)`,
  ),
];

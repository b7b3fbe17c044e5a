// Only an admin's release, with a reason, opens the kill switch, and only once everything is rolled back (I10).
import { accepted, type Probe, refused } from '../probe.js';
import { audited, by, EXECUTED, LATCH, laterBy, NEW_ID, PATTERNS_OFF, PENDING, REASON, RELEASE } from './statements.js';

const releasedBy = (who: string) => `insert into releases (actor, reason_id) values (${who})`;
/** The row that a release writes for each latch that it saw. */
const openByHand = (latch: string) =>
  `insert into kill_switch_releases (latch_id, release_id) select ${latch}, max(r.id) from kill_switch_latches l, releases r`;

export const KILL_SWITCH: readonly Probe[] = [
  accepted(
    'an admin’s release opens the kill switch and closes what is rolled back',
    [REASON, EXECUTED, RELEASE].join('; '),
    `not v3pls_is_latched() and not exists (select from incidents where state = 'open') and ${audited('released')}`,
  ),
  refused('a release needs a reason', `${EXECUTED}; ${releasedBy(`'admin:ada', gen_random_uuid()`)}`),
  refused(
    'a blank reason is none',
    `${EXECUTED}; insert into reasons (id, text) values ('${NEW_ID}', ' '); ${releasedBy(`'admin:ada', '${NEW_ID}'`)}`,
  ),
  refused('a release needs somebody', [REASON, EXECUTED, releasedBy(by(' '))].join('; ')),
  refused('nothing is released while a rollback is pending', [REASON, PENDING, PATTERNS_OFF, RELEASE].join('; ')),
  refused('nothing is released while a pattern is on behind the kill switch', [REASON, LATCH, RELEASE].join('; ')),
  refused(
    'a latch is opened by no row but a release’s own',
    `${EXECUTED};
     insert into kill_switch_releases (latch_id, release_id) select id, 0 from kill_switch_latches on conflict do nothing`,
  ),
  refused(
    'a release opens no latch a moment later',
    [REASON, RELEASE, laterBy('1 second'), LATCH, openByHand('max(l.id)')].join('; '),
  ),
  refused('a latch that is yet to come is not released', [REASON, RELEASE, openByHand('max(l.id) + 1')].join('; ')),
  refused(
    'no latch is released by hand while a rollback is pending',
    [REASON, RELEASE, PENDING, openByHand('max(l.id)')].join('; '),
  ),
];

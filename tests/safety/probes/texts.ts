// Words that are erased leave a trace of what they prove, and none of themselves (I5, I15).
import { accepted, type Probe } from '../probe.js';
import { LEARNED } from './statements.js';

/** A text by nobody that says what the approved pattern says, an hour from now. */
const SENT = `insert into messages (id, thread_id, line_id, direction, text, is_person, status, event_at, recorded_at)
  select 'AC9', 'CN1', 'PN1', 'outgoing', response_template, false, 's', now() + interval '1 hour', now() + interval '1 hour'
  from decision_patterns where id = '$on'`;
const NOTED = `exists (select from ground_truth_sightings where message_id = 'AC9')`;

export const TEXTS: readonly Probe[] = [
  ...['update messages set text = null', 'delete from messages'].map(gone =>
    accepted(
      `a text by nobody that says what a pattern says is noted before it goes: ${gone}`,
      `${SENT}; ${gone}`,
      NOTED,
    ),
  ),
  ...['update pattern_versions set response_template = null', 'delete from pattern_versions'].map(gone =>
    accepted(`a text by nobody is noted before the words go that it says: ${gone}`, `${SENT}; ${gone}`, NOTED),
  ),
  ...['update exchanges set reply_text = null', 'delete from exchanges'].map(gone =>
    accepted(
      `words that are taken away stay in no packed state: ${gone}`,
      `${LEARNED}; update matcher_state set packed = 'words'; ${gone}`,
      '(select packed is null from matcher_state)',
    ),
  ),
  accepted('an exchange that is learned has a number', LEARNED, `(select revision > 0 from exchanges where key = 'k')`),
];

// Learning and erasing: whoever decided on what has changed since starts again, and words that go leave what they prove.
import { accepted, type Probe, refused } from '../probe.js';
import { LEARNED, NEW_ID } from './statements.js';

const claim = (id: string, expected: string) =>
  `select v3pls_claim_thread('${id}', 'PN1', '+15550100', false, ${expected}, null)`;
const LATER = `now() + interval '1 hour'`;
/** A pattern with a name in it, and a text by nobody that is a rendering of it. */
const RENDERED = `insert into decision_patterns (id, pattern_type, trigger_text, response_template)
  values ('${NEW_ID}', 'faq', 'hello', 'Hello {{name}}, we open at seven every day.');
  insert into messages (id, thread_id, line_id, direction, text, is_person, status, event_at, recorded_at)
  values ('AC9', 'CN1', 'PN1', 'outgoing', 'Hello Anna, we open at seven every day.', false, 's', ${LATER}, ${LATER})`;

export const LEARNERS: readonly Probe[] = [
  refused('a learner who knows an older matcher starts again', 'select v3pls_expect_revision(-1)'),
  refused('a thread that another writer changed is not claimed', claim('CN1', '7')),
  refused(
    'a thread that has got another id is not claimed',
    `insert into threads (id, line_id, customer) values ('TH${'0'.repeat(32)}', 'PN1', '+15550100'); ${claim('CN1', 'null')}`,
  ),
  refused(
    'nothing is stored for a customer who was erased meanwhile',
    `insert into erased_customers (customer_key) values ('key'); select v3pls_expect_unerased(array['key'], now() - interval '1 minute')`,
  ),
  refused(
    'what an erasure was planned on is what it meets',
    `select v3pls_erase_lessons(array['15550100'], '15550100', '[{"id": "$off", "fingerprint": "old"}]', '{}')`,
  ),
  refused(
    'an erasure runs at read committed',
    `begin isolation level repeatable read;
     select v3pls_erase_customer(array['15550100'], '15550100', 'key', 'admin:ada', '[]')`,
  ),
  ...['update messages set text = null', 'update pattern_versions set response_template = null'].map(gone =>
    accepted(
      `a rendering by nobody is noted before it goes: ${gone}`,
      `${RENDERED}; ${gone}`,
      `exists (select from ground_truth_sightings where message_id = 'AC9')`,
    ),
  ),
  accepted(
    'no state that was packed before words were taken away is kept after it',
    `${LEARNED}; update exchanges set reply_text = null`,
    '(select m.least_revision > l.revision from matcher_state m, learning_state l)',
  ),
];

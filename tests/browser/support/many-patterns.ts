// A line that has run for long: a thousand patterns and ten thousand exchanges with their shadow record. The law: plain
// inserts with every guard on, and the database's own recount; nothing here could not have come about by use.
import type { TestDatabase } from '../../support/postgres.js';

export const PATTERNS = 1_000;
export const EXCHANGES = 10_000;

const THINGS = `shoes ropes lockers parking yoga vouchers parties showers chalk harness`.split(' ');
const ACTS = `book rent borrow bring change cancel pay move leave share`.split(' ');
const WHENS = `today tonight tomorrow saturday sunday monday easter summer mornings evenings`.split(' ');

const list = (words: string[]) => `array[${words.map(word => `'${word}'`).join(',')}]`;
/** The n-th of a thousand questions and answers; every one has other words. */
const word = (words: string[], n: string) => `(${list(words)})[1 + ${n} % ${words.length}]`;
const said = (n: string) =>
  [word(ACTS, n), word(THINGS, `(${n} / 10)`), word(WHENS, `(${n} / 100)`)].join(" || ' ' || ");

export async function fillWithMany(database: TestDatabase): Promise<void> {
  await database.sql(`
    insert into decision_patterns (pattern_type, trigger_text, response_template, created_from, changed_by, possible_duplicates, first_seen, last_seen)
    select case n % 7 when 0 then 'question' when 1 then 'confirmation' else 'answer' end,
      'can I ' || ${said('n')} || ' please?',
      'Yes, you can ' || ${said('n')} || '. It is $' || (5 + n % 40) || ' at the desk, from 9am to 8pm, just tell us your name when you come in.',
      'webhook', 'learning', '[]', now() - interval '200 days', now() - interval '1 day'
    from generate_series(0, ${PATTERNS - 1}) n`);
  await database.sql(`
    insert into threads (id, line_id, customer)
    select 'CNmany' || n, 'PNmany', '+1555' || lpad(n::text, 7, '0') from generate_series(0, 2499) n`);
  await database.sql(`
    insert into messages (id, thread_id, line_id, direction, text, actor_id, is_person, status, event_at, recorded_at)
    select 'ACmany' || n || side, 'CNmany' || n % 2500, 'PNmany', case side when 'q' then 'incoming' else 'outgoing' end,
      case side when 'q' then 'hi, can I ' || ${said('(n % 1000)')} || ' please? number ' || n
        else 'Yes, you can ' || ${said('(n % 1000)')} || '. It is $' || (5 + (n % 1000) % 40) || ' at the desk.' end,
      case side when 'a' then 'USmany' || n % 3 end, side = 'a', 'delivered', at + case side when 'a' then interval '4 minutes' else interval '0' end, at
    from generate_series(0, ${EXCHANGES - 1}) n, lateral (select now() - interval '180 days' + n * interval '25 minutes' as at) t,
      (values ('q'), ('a')) s (side)`);
  await database.sql(`
    insert into exchanges (key, thread_id, line_id, customer_message_ids, operator_message_ids, operator_id, started_at, asked_at,
      answered_at, pattern_id, customer_text, reply_text, skipped, recorded_at)
    select 'many' || n, 'CNmany' || n % 2500, 'PNmany', array['ACmany' || n || 'q'], array['ACmany' || n || 'a'], 'USmany' || n % 3, at, at,
      at + interval '4 minutes', case when n % 10 < 9 then p.id end, 'hi, can I ' || ${said('(n % 1000)')} || ' please? number ' || n,
      'Yes, you can ' || ${said('(n % 1000)')} || '. It is $' || (5 + (n % 1000) % 40) || ' at the desk.',
      case when n % 10 = 9 then 'acknowledgement' end, at
    from generate_series(0, ${EXCHANGES - 1}) n
      join (select id, row_number() over (order by trigger_text) - 1 as place from decision_patterns) p on p.place = n % ${PATTERNS},
      lateral (select now() - interval '180 days' + n * interval '25 minutes' as at) t`);
  await database.sql(`
    insert into shadow_decisions (thread_id, last_message_id, kind, pattern_id, pattern_version, match_confidence, expected_agreement,
      reasons, gates, committed_at, recorded_at)
    select e.thread_id, e.customer_message_ids[1], case when random_share < 0.6 then 'would_reply' else 'abstained' end, e.pattern_id, 1,
      0.5 + random_share / 2, 0.4, case when random_share < 0.6 then '{}'::text[] else '{below_match_threshold}' end,
      jsonb_build_array(jsonb_build_object('id', 'below_match_threshold', 'ok', random_share < 0.6, 'measured', random_share, 'required', 0.5)),
      e.started_at, e.started_at
    from exchanges e, lateral (select (('x' || substr(md5(e.key), 1, 4))::bit(16)::int / 65536.0)::numeric(6, 5) as random_share) r
    where e.pattern_id is not null`);
  await database.sql(`
    insert into shadow_judgements (decision_id, exchange_id, pattern_id, pattern_version, would_reply, outcome, token_f1, created_at)
    select d.id, e.id, d.pattern_id, 1, d.kind = 'would_reply', case when d.id % 8 = 0 then 'disagreed' else 'agreed' end, 0.7, e.answered_at
    from shadow_decisions d join exchanges e on e.customer_message_ids[1] = d.last_message_id`);
  await database.sql(`select v3pls_refresh_patterns(array(select id from decision_patterns))`);
  await database.sql('analyze');
}

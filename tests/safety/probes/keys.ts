// One of each (I13): what is there cannot be there twice, whoever inserts it and whatever triggers are off.
import { behindGuards } from '../behind-guards.js';
import { type Probe, refused } from '../probe.js';
import { LEARNED, TOKEN } from './statements.js';

/** The same row again, but for one column. */
function twice(table: string, other = '', value = ''): string {
  return `do $twice$ begin execute (
    select format('insert into ${table} (%s) select %s from ${table} limit 1', string_agg(quote_ident(attname), ', '),
      string_agg(case attname when '${other}' then '${value}' else quote_ident(attname) end, ', '))
    from pg_attribute where attrelid = '${table}'::regclass and attnum > 0 and not attisdropped and attgenerated = ''); end $twice$`;
}
const OTHER_ID = ['id', 'gen_random_uuid()'] as const;

const DELIVERY = `insert into deliveries (id, scheme, event_type, message_id, outcome) values ('d', 's', 'message.received', 'm', 'accepted')`;
const SESSION = `insert into sessions (secret_hash, parent_hash, expires_at) values ('s', 'p', now() + interval '1 day')`;
const MESSAGE = `insert into messages (id, thread_id, line_id, direction, is_person, status, event_at)
  values ('m', 'CN1', 'PN1', 'incoming', true, 'received', now())`;
const EXECUTED = 'insert into pattern_execution_history (was_auto_executed) values (true)';

/** What there is one of, its table, how there comes to be one, and where two keys are of one table: what the other one may be. */
const ONE: [what: string, table: string, before?: string, other?: readonly [column: string, value: string]][] = [
  ['delivery of an id', 'deliveries', DELIVERY, ['message_id', `''x''`]],
  ['accepted delivery of a message’s event', 'deliveries', DELIVERY, ['id', `''x''`]],
  ['message of an id', 'messages', MESSAGE],
  ['exchange of an id', 'exchanges', LEARNED, ['key', `''x''`]],
  ['exchange of the same messages', 'exchanges', LEARNED, OTHER_ID],
  ['thread of an id', 'threads', `insert into threads (id, line_id) values ('CN1', 'PN1')`],
  ['mark of a thread', 'thread_marks', `insert into thread_marks (thread_id, reason) values ('CN1', 'busy')`],
  ['number of a line', 'lines', `insert into lines (line_id, number) values ('PN1', '+15550100')`],
  ['pattern of an id', 'decision_patterns'],
  ['version of a pattern', 'pattern_versions'],
  [
    'memory of a removed pattern',
    'removed_patterns',
    'insert into removed_patterns (pattern_id, revision) values (gen_random_uuid(), 1)',
  ],
  ['waiting row of an id', 'pattern_execution_queue'],
  ['value of a setting', 'pattern_learning_config'],
  ['incident of an id', 'incidents'],
  ['piece of evidence of an incident', 'incident_evidence', EXECUTED],
  ['opening of a latch', 'kill_switch_releases'],
  ['sighting of a text', 'ground_truth_sightings', `insert into ground_truth_sightings (message_id) values ('AC0')`],
  ['reason of an id', 'reasons'],
  ['lease', 'watchdog_lease'],
  ['state of what was learned', 'learning_state'],
  ['state of the matcher', 'matcher_state'],
  ['inline run', 'inline_runs'],
  ['migration of a level', 'schema_migrations'],
  ['tombstone of a customer', 'erased_customers', `insert into erased_customers (customer_key) values ('key')`],
  ['token of an id', 'access_tokens', TOKEN, ['token_hash', `''x''`]],
  ['token of a secret', 'access_tokens', TOKEN, OTHER_ID],
  ['session of an id', 'sessions', SESSION, ['secret_hash', `''x''`]],
  ['session of a secret', 'sessions', SESSION, OTHER_ID],
  [
    'link of a secret',
    'sign_in_links',
    `insert into sign_in_links (code_hash, token_hash, expires_at) values ('c', 'h', now())`,
  ],
  [
    'count of a bucket',
    'rate_limits',
    `insert into rate_limits (bucket, window_start, count) values ('sign-in', now(), 1)`,
  ],
  [
    'count of an hour',
    'delivery_counts',
    `insert into delivery_counts (hour, outcome, count) values (now(), 'accepted', 1)`,
  ],
];

export const KEYS: readonly Probe[] = ONE.map(([what, table, before, other = []]) =>
  refused(
    `there is one ${what}, not two`,
    `${before ? `${before}; ` : ''}${behindGuards(table, twice(table, ...other))}`,
  ),
);

/** The first round trip: everything that following a thread needs, in one statement that answers one JSON value. */
import { type SQL, sql } from 'drizzle-orm';
import type { BroadcastText } from '../lib/learning/broadcast.js';
import type { StoredDecision, StoredExchange } from '../lib/learning/thread-view.js';
import type { ThreadMessage } from '../lib/learning/types.js';
import { readResult } from './client.js';
import { isRunDue } from './inline-runs.js';
import { deltaColumns, type MatcherDelta } from './matcher-state.js';

/** Messages read on either side of an event. A turn of more texts than this is left as it was first seen. */
export const TEXTS_AROUND = 80;
/** When a marked thread is looked at again, much more of it is read. */
export const TEXTS_OF_MARKED_THREAD = 2_000;

/** Ids of threads that no message named. */
const UNNAMED_THREAD = '^TH[0-9a-f]{32}$';

export type ThreadQuery = {
  /** Quo's `CN…`, or null where the dialect did not carry it. */
  threadId: string | null;
  /** The id of a thread that is new and that no message named: random, for a hash of the number would give it away. */
  freshThreadId: string;
  lineId: string;
  customer: string;
  at: Date;
  /** The arriving message's text if it is an outgoing one of a person, for the broadcast check. */
  outgoingText: string | null;
  deliveryId: string | null;
  messageId: string | null;
  eventType: string | null;
  /** The keys under which the customers of an arriving message may have been erased. */
  customerKeys?: readonly string[];
  /** The learning revision that this instance's matcher stands at; -1 for none. */
  knownRevision: number;
  textsAround: number;
};

export type ThreadContext = {
  level: number;
  config: Record<string, string>;
  isLatched: boolean;
  /** The watchdog has not run for an interval, and no delivery has taken it upon itself. */
  isRunDue: boolean;
  deliveryOutcome: string | null;
  isMessageKnown: boolean;
  isEventKnown: boolean;
  /** One of its customers was erased after the arriving message was written, or it was erased itself. */
  isErased: boolean;
  threadId: string;
  lineId: string;
  /** The id under which messages of the same pair were stored that did not name their thread; they move to this one. */
  adopts: string | null;
  thread: { version: number; isGroup: boolean } | null;
  /** A person marked the thread, or the one that it adopts. */
  isMarkedDontLearn: boolean;
  mark: number | null;
  /** The key of the arriving outgoing text. */
  arrivedTextKey: string | null;
  messages: ThreadMessage[];
  isCut: boolean;
  isCutLater: boolean;
  exchanges: StoredExchange[];
  decisions: StoredDecision[];
  broadcastTexts: BroadcastText[];
  learning: MatcherDelta;
};

/** What storing a message needs of the context. */
export type StoringContext = Pick<
  ThreadContext,
  | 'level'
  | 'config'
  | 'isLatched'
  | 'deliveryOutcome'
  | 'isMessageKnown'
  | 'isEventKnown'
  | 'isErased'
  | 'threadId'
  | 'adopts'
  | 'thread'
>;

export function findThreadContext(query: ThreadQuery): Promise<ThreadContext> {
  return readResult<ThreadContext>(threadContext(query));
}

/** Only what storing the message needs: asked where the whole context could not be read. */
export function findStoringContext(q: ThreadQuery): Promise<StoringContext> {
  return readResult<StoringContext>(sql`with target as (
    select coalesce(${q.threadId}::text, (select id from threads where line_id = ${q.lineId} and customer = ${q.customer}
      order by id ~ ${UNNAMED_THREAD}, id limit 1), ${q.freshThreadId}) as id
  )
  select jsonb_build_object(
    'level', (select max(level) from schema_migrations),
    'config', (select coalesce(jsonb_object_agg(config_key, config_value), '{}') from pattern_learning_config),
    'isLatched', false,
    'deliveryOutcome', (select outcome from deliveries where id = ${q.deliveryId}),
    'isMessageKnown', exists (select from messages where id = ${q.messageId}),
    'isErased', ${isErased(q)},
    'isEventKnown', ${isEventKnown(q)},
    'threadId', t.id, 'adopts', null,
    'thread', (select jsonb_build_object('version', version, 'isGroup', is_group)
      from threads where id = t.id)) as result from target t`);
}

/** By an earlier delivery; or an import, or a reconciliation, brought the text in the state that this event tells of. */
function isEventKnown({ messageId, eventType }: ThreadQuery): SQL {
  return sql`(exists (select from deliveries where message_id = ${messageId} and event_type = ${eventType} and outcome = 'accepted')
    or exists (select from messages where id = ${messageId} and source <> 'webhook'
      and (direction = 'incoming' or 'message.' || status = ${eventType})))`;
}

/** By the tombstone of a customer, or, where the key is another one or none, by the message itself. */
function isErased({ customerKeys = [], at, messageId }: ThreadQuery): SQL {
  return sql`(exists (select from erased_customers
      where customer_key in (select jsonb_array_elements_text(${JSON.stringify(customerKeys)}::jsonb))
        and ${at.toISOString()}::timestamptz < erased_at)
    or exists (select from messages where id = ${messageId} and status = 'erased'))`;
}

function threadContext(q: ThreadQuery): SQL {
  const at = q.at.toISOString();
  return sql`
with args as (
  select ${at}::timestamptz as at, ${q.threadId}::text as given_id, md5(lower(btrim(${q.outgoingText}::text)))::uuid as text_key
), pair as (
  select coalesce(t.line_id, ${q.lineId}::text) as line_id, coalesce(t.customer, ${q.customer}::text) as customer
  from args left join threads t on t.id = given_id
), target as (
  select at, text_key,
    coalesce(given_id,
      (select t.id from threads t join pair using (line_id, customer) where t.id !~ ${UNNAMED_THREAD} order by t.id limit 1),
      (select t.id from threads t join pair using (line_id, customer) order by t.id limit 1), ${q.freshThreadId}) as id,
    (select t.id from threads t join pair using (line_id, customer) where t.id ~ ${UNNAMED_THREAD} order by t.id limit 1) as fallback_id
  from args
), around as (
  (select m.*, false as is_later from target t join messages m on m.thread_id in (t.id, t.fallback_id)
    where m.is_person and m.status <> 'erased' and m.event_at <= t.at order by m.event_at desc, m.id desc limit ${q.textsAround})
  union all
  (select m.*, true from target t join messages m on m.thread_id in (t.id, t.fallback_id)
    where m.is_person and m.status <> 'erased' and m.event_at > t.at order by m.event_at, m.id limit ${q.textsAround})
), same_text as (
  select distinct m.text_key, m.id, m.thread_id, m.event_at from target t
  cross join (select text_key, at from target union select text_key, event_at from around where direction = 'outgoing') k
  join messages m on m.text_key = k.text_key and m.direction = 'outgoing' and m.is_person
    and m.event_at between k.at - interval '10 minutes' and k.at + interval '10 minutes'
  where k.text_key is not null limit 5000
), often as (
  select text_key from same_text group by text_key having count(distinct thread_id) >= 4
)
select jsonb_build_object(
  'level', (select max(level) from schema_migrations),
  'config', (select coalesce(jsonb_object_agg(config_key, config_value), '{}') from pattern_learning_config),
  'isLatched', v3pls_is_latched(),
  'isRunDue', ${isRunDue},
  'deliveryOutcome', (select outcome from deliveries where id = ${q.deliveryId}),
  'isMessageKnown', exists (select from messages where id = ${q.messageId}),
  'isEventKnown', ${isEventKnown(q)},
  'isErased', ${isErased(q)},
  'threadId', t.id,
  'lineId', coalesce((select line_id from threads where id = t.id), ${q.lineId}),
  'adopts', nullif(t.fallback_id, t.id),
  'thread', (select jsonb_build_object('version', version, 'isGroup', is_group) from threads where id = t.id),
  'isMarkedDontLearn', exists (select from threads where id in (t.id, t.fallback_id) and dont_learn),
  'mark', (select mark from thread_marks where thread_id = t.id),
  'arrivedTextKey', t.text_key,
  'messages', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'direction', direction, 'text', coalesce(text, ''),
    'atMs', (extract(epoch from event_at) * 1000)::bigint, 'actorId', actor_id, 'isPerson', is_person, 'isGroup', is_group,
    'hasMedia', has_media, 'isOff', is_off, 'isFaded', text is null)), '[]') from around),
  'isCut', (select count(*) from around where not is_later) = ${q.textsAround}::bigint,
  'isCutLater', (select count(*) from around where is_later) = ${q.textsAround}::bigint,
  'exchanges', (select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'key', e.key,
    'customerMessageIds', e.customer_message_ids, 'operatorMessageIds', e.operator_message_ids, 'previousOperatorMessageIds', e.previous_operator_message_ids,
    'isAfterWindow', e.is_after_window, 'skipped', e.skipped, 'dontLearn', e.dont_learn, 'patternId', e.pattern_id,
    'replyText', e.reply_text) order by e.started_at, e.key), '[]')
    from exchanges e where e.thread_id in (t.id, t.fallback_id) and not e.is_withdrawn
      and e.started_at between (select min(event_at) from around) and (select max(event_at) from around)),
  'decisions', (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'lastMessageId', d.last_message_id, 'kind', d.kind,
    'patternId', d.pattern_id, 'patternVersion', d.pattern_version, 'isLate', d.is_late,
    'responseTemplate', (select response_template from pattern_versions v
      where v.pattern_id = d.pattern_id and v.version = d.pattern_version),
    'outcome', (select outcome from shadow_judgements j where j.decision_id = d.id order by j.id desc limit 1))
    order by d.id), '[]')
    from shadow_decisions d where d.last_message_id in (select id from around where direction = 'incoming')),
  'broadcastTexts', (select coalesce(jsonb_agg(jsonb_build_object('messageId', s.id, 'threadId', s.thread_id,
    'textKey', s.text_key, 'atMs', (extract(epoch from s.event_at) * 1000)::bigint, 'isAnswer', coalesce((
      select p.direction = 'incoming' and s.event_at - p.event_at < make_interval(mins => v3pls_setting('conversation_window_minutes')::int)
      from messages p where p.thread_id = s.thread_id and p.is_person and p.event_at < s.event_at
      order by p.event_at desc, p.id desc limit 1), false))), '[]')
    from same_text s join often using (text_key)),
  'learning', ${deltaColumns(q.knownRevision)}
) as result
from target t`;
}

/** One customer, across every table that may hold a text or a number of theirs: what was learned from them, erasing, exporting. */
import { type SQL, sql } from 'drizzle-orm';
import type { ForgetPlan, TaughtPattern } from '../lib/learning/forget.js';
import { readResult, writeBatch } from './client.js';

/** A phone number in the forms in which the database looks for it. */
export type CustomerForms = {
  /** The digits under which it may be stored. */
  digits: readonly string[];
  /** A regular expression of the number within other text. */
  mention: string;
};

/** Exchanges of others from which a pattern's new words are chosen; the newest count. */
const EXAMPLES_LIMIT = 200;
/** Every text and every kept delivery is read once. */
const TIMEOUT_MS = 300_000;

const digitsArray = ({ digits }: CustomerForms): SQL => sql`${`{${digits.join(',')}}`}::text[]`;

/** `isLine`: the number is one of the business's own. */
export type Lessons = { level: number; isLine: boolean; patterns: TaughtPattern[] };

export function findLessons(customer: CustomerForms): Promise<Lessons> {
  const digits = digitsArray(customer);
  return readResult(
    sql`with affected as materialized (select * from v3pls_affected_patterns(${digits}, v3pls_taught_words(${digits}))),
      own as materialized (select id from v3pls_customer_threads(${digits}))
    select jsonb_build_object('level', (select max(level) from schema_migrations),
      'isLine', exists (select from threads where not is_group and v3pls_is_number(line_id, ${digits}))
        or exists (select from lines where v3pls_is_number(number, ${digits})),
      'patterns', (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'fingerprint', a.fingerprint,
        'triggerText', p.trigger_text, 'responseTemplate', p.response_template, 'slots', p.slots, 'facts', p.facts,
        'isEdited', p.edited_at is not null, 'isExternal', p.created_from = 'external', 'isCredited', a.is_credited,
        'hasTheirTrigger', a.has_trigger, 'hasTheirTemplate', a.has_template, 'otherExchanges', a.other_exchanges,
        'examples', case when a.has_trigger or a.has_template then (select coalesce(jsonb_agg(jsonb_build_object('exchangeId', e.id,
            'customerText', e.customer_text, 'replyText', e.reply_text) order by e.id), '[]')
          from (select id, customer_text, reply_text from exchanges where pattern_id = p.id
            and thread_id not in (select id from own) and customer_text <> '' and reply_text <> ''
            order by answered_at desc, id limit ${EXAMPLES_LIMIT}) e) else '[]' end)), '[]')
        from affected a join decision_patterns p using (id))) as result`,
    TIMEOUT_MS,
  );
}

/** How much was blanked, and the ids of patterns that were active and no longer are. */
export type Erased = {
  threads: number;
  messages: number;
  deliveries: number;
  exchanges: number;
  /** Texts of others that held the number. */
  mentions: number;
  patternsRemoved: number;
  patternsRebuilt: number;
  switchedOff: string[];
};

/** All of it or nothing. @throws a conflict where the plan no longer fits what is there */
export async function eraseCustomer(
  customer: CustomerForms,
  key: string,
  actor: string,
  plan: readonly ForgetPlan[],
): Promise<Erased> {
  const [result] = await writeBatch(
    [
      sql`select v3pls_erase_customer(${digitsArray(customer)}, ${customer.mention}, ${key}, ${actor},
        ${JSON.stringify(plan)}::jsonb) as result`,
    ],
    TIMEOUT_MS,
  );
  return result!.rows[0]!.result as Erased;
}

export type HeldDelivery = {
  id: string;
  scheme: string;
  eventType: string | null;
  messageId: string | null;
  outcome: string;
  reason: string | null;
  recordedAt: string;
  /** Its bytes as text; null where they are gone. */
  body: string | null;
};

export type Held = {
  level: number;
  erasedAt: string | null;
  threads: Record<string, unknown>[];
  messages: Record<string, unknown>[];
  deliveries: HeldDelivery[];
  exchanges: Record<string, unknown>[];
  decisions: Record<string, unknown>[];
  patterns: Record<string, unknown>[];
  mentions: { messageIds: string[] };
};

const iso = (moment: SQL) => sql`to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** What erasing would blank, by the same functions. @param key null where no PRIVACY_KEY is set */
export function findHeld(customer: CustomerForms, key: string | null): Promise<Held> {
  const digits = digitsArray(customer);
  return readResult(
    sql`with own as materialized (select * from v3pls_customer_threads(${digits})),
      said as materialized (select m.* from messages m join v3pls_customer_messages(${digits}) mine using (id) where m.status <> 'erased'),
      asked as materialized (select e.* from exchanges e join own on own.id = e.thread_id where not e.is_withdrawn or e.customer_text is not null)
    select jsonb_build_object('level', (select max(level) from schema_migrations),
      'erasedAt', (select ${iso(sql`erased_at`)} from erased_customers where customer_key = ${key}),
      'threads', (select coalesce(jsonb_agg(jsonb_build_object('threadId', t.id, 'lineId', t.line_id, 'isGroup', t.is_group or own.is_shared,
        'dontLearn', t.dont_learn, 'recordedAt', ${iso(sql`t.recorded_at`)}) order by t.id), '[]') from threads t join own using (id)),
      'messages', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'threadId', thread_id, 'direction', direction, 'text', text,
        'at', ${iso(sql`event_at`)}, 'actorId', actor_id, 'isPerson', is_person, 'hasMedia', has_media, 'status', status,
        'source', source, 'recordedAt', ${iso(sql`recorded_at`)}) order by event_at, id), '[]') from said),
      'deliveries', (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'scheme', d.scheme, 'eventType', d.event_type,
        'messageId', d.message_id, 'outcome', d.outcome, 'reason', d.reason, 'recordedAt', ${iso(sql`d.recorded_at`)},
        'body', v3pls_readable(d.raw)) order by d.recorded_at, d.id), '[]') from deliveries d
        where d.message_id in (select id from said) or (d.raw is not null and v3pls_mentions(d.raw, ${customer.mention}))),
      'exchanges', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'threadId', thread_id,
        'customerMessageIds', customer_message_ids, 'operatorMessageIds', operator_message_ids, 'operator', operator_id,
        'startedAt', ${iso(sql`started_at`)}, 'answeredAt', ${iso(sql`answered_at`)}, 'skipped', skipped, 'dontLearn', dont_learn,
        'patternId', pattern_id, 'customerText', customer_text, 'previousOperatorText', previous_operator_text,
        'replyText', reply_text) order by started_at, id), '[]') from asked),
      'decisions', (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'threadId', d.thread_id, 'lastMessageId', d.last_message_id,
        'kind', d.kind, 'patternId', d.pattern_id, 'patternVersion', d.pattern_version, 'matchConfidence', d.match_confidence,
        'reasons', d.reasons, 'late', d.is_late, 'committedAt', ${iso(sql`d.committed_at`)}, 'agreement', (select outcome
          from shadow_judgements j where j.decision_id = d.id order by j.id desc limit 1)) order by d.id), '[]')
        from shadow_decisions d where d.last_message_id in (select id from said)),
      'patterns', (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'triggerText', p.trigger_text,
        'responseTemplate', p.response_template, 'isTheirTrigger', a.has_trigger, 'isTheirTemplate', a.has_template,
        'exchangesOfOthers', a.other_exchanges) order by p.first_seen, p.id), '[]')
        from v3pls_affected_patterns(${digits}, v3pls_taught_words(${digits})) a join decision_patterns p using (id)),
      'mentions', jsonb_build_object('messageIds', (select coalesce(jsonb_agg(id order by id), '[]') from messages
        where text ~ ${customer.mention} and id not in (select id from said)))) as result`,
    TIMEOUT_MS,
  );
}

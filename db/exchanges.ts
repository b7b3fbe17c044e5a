/** Exchanges as people look at them: keyset-paged, each with the decision that counted; and the marks that forbid learning. */
import { type SQL, sql } from 'drizzle-orm';
import type { Gate } from '../lib/learning/decide.js';
import type { RawTexts } from '../lib/learning/redact-for-reading.js';
import type { Agreement, SkipCode } from '../lib/learning/types.js';
import { readResult, writeBatch } from './client.js';
import { operatorName } from './operators.js';
import { type PatternStatus, withStatus } from './patterns.js';
import type { Reason } from './reasons.js';

export type DecisionRow = {
  kind: 'would_reply' | 'abstained';
  patternId: string | null;
  matchConfidence: number | null;
  template: string | null;
  reasons: string[];
  gates: Gate[];
  committedAt: string;
  isLate: boolean;
};

export type ExchangeRow = {
  id: string;
  threadId: string;
  operator: string | null;
  /** As Quo told it last. */
  operatorName: string | null;
  at: string;
  /** The same in microseconds since 1970: what pages are cut by. */
  atMicros: number;
  skipped: SkipCode | null;
  dontLearn: boolean;
  isThreadMarked: boolean;
  patternId: string | null;
  decision: DecisionRow | null;
  agreement: Agreement | null;
  /** Redacted when it was learned; null otherwise, and where no texts are asked for. */
  customerText: string | null;
  replyText: string | null;
  /** As they came, where texts are asked for; a side is null once it is erased. */
  raw: { [Side in keyof RawTexts]: string | null } | null;
};

export type ExchangeFilter = {
  decision: 'would_reply' | 'abstained' | null;
  /** A code of the decision, or why it was not learned. */
  reason: string | null;
  patternId: string | null;
  agreement: Agreement | null;
  /** The Quo user who answered. */
  operator: string | null;
  /** Credited to a pattern, or not. */
  isLearned: boolean | null;
  limit: number;
  after: { micros: number; id: string } | null;
  /** Raw texts are read for those alone who may see what is left of them. */
  hasTexts: boolean;
};

/** The decision that counts: the last before the answer; a late one where there is no other. As `findCountedDecision` says. */
const countedDecision = sql`(select d.* from shadow_decisions d where d.last_message_id = any (e.customer_message_ids)
  order by d.is_late, d.id desc limit 1)`;

/** Of a decision `d`. */
const newestOutcome = sql`(select j.outcome from shadow_judgements j where j.decision_id = d.id order by j.id desc limit 1)`;

/** A mark, or its end, that the exchange does not follow yet. */
const isUnsettled = sql`(not e.is_withdrawn and cardinality(e.operator_message_ids) > 0 and case when e.dont_learn or t.dont_learn
  then e.pattern_id is not null else coalesce(e.skipped = 'dont_learn', false) end)`;

/** A pattern by its words, beside the exchanges that name it. */
export type NamedPattern = { id: string; triggerText: string; status: PatternStatus };

export type ExchangeRows = { level: number; exchanges: ExchangeRow[]; patterns: NamedPattern[] };

/** @returns one more than the limit where there are more, and every pattern that was predicted or learned in them */
export function listExchanges(filter: ExchangeFilter): Promise<ExchangeRows> {
  const { decision, reason, patternId, agreement, operator, isLearned, after } = filter;
  const isDecided = (condition: SQL) => sql`exists (select from ${countedDecision} d where ${condition})`;
  const conditions = [
    sql`not e.is_withdrawn`,
    // What nobody asked for is no customer's turn: it is shown to whoever asks for just that.
    ...(reason === 'no_customer_turn' ? [] : [sql`e.customer_message_ids <> '{}'`]),
    ...(decision === null ? [] : [isDecided(sql`d.kind = ${decision}`)]),
    ...(reason === null ? [] : [sql`(e.skipped = ${reason} or ${isDecided(sql`${reason} = any (d.reasons)`)})`]),
    ...(patternId === null
      ? []
      : [sql`(e.pattern_id = ${patternId}::uuid or ${isDecided(sql`d.pattern_id = ${patternId}::uuid`)})`]),
    ...(agreement === null ? [] : [isDecided(sql`${newestOutcome} = ${agreement}`)]),
    ...(operator === null ? [] : [sql`e.operator_id = ${operator}`]),
    ...(isLearned === null ? [] : [sql`(e.pattern_id is not null) = ${isLearned}::boolean`]),
    ...(after === null
      ? []
      : [
          sql`(e.started_at, e.id) < (timestamptz 'epoch' + ${after.micros}::float8 * interval '1 microsecond', ${after.id}::uuid)`,
        ]),
  ];
  return readResult(sql`
with page as (
  select e.* from exchanges e where ${sql.join(conditions, sql` and `)}
  order by e.started_at desc, e.id desc limit ${filter.limit + 1}
)
select jsonb_build_object('level', (select max(level) from schema_migrations),
  'patterns', (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'triggerText', p.trigger_text, 'status', p.status)
      order by p.id), '[]') from ${withStatus} p
    where p.id in (select e.pattern_id from page e union select d.pattern_id from page e cross join lateral ${countedDecision} d)),
  'exchanges', (select coalesce(jsonb_agg(${exchangeObject(filter.hasTexts)} order by e.started_at desc, e.id desc), '[]')
    from page e left join threads t on t.id = e.thread_id)) as result`);
}

/** One exchange as the list shows it, and whether it follows its marks; null where there is none. */
export function findExchange(id: string): Promise<{ exchange: ExchangeRow; isPending: boolean } | null> {
  return readResult(sql`select (select jsonb_build_object('exchange', ${exchangeObject(true)}, 'isPending', ${isUnsettled})
    from exchanges e left join threads t on t.id = e.thread_id where e.id = ${id}::uuid and not e.is_withdrawn) as result`);
}

/** Of an `exchanges e` and its `threads t`. */
function exchangeObject(hasTexts: boolean): SQL {
  return sql`jsonb_build_object('id', e.id, 'threadId', e.thread_id, 'operator', e.operator_id,
    'operatorName', ${operatorName(sql`e.operator_id`)}, 'at', e.started_at,
    'atMicros', (extract(epoch from e.started_at) * 1000000)::bigint, 'skipped', e.skipped, 'dontLearn', e.dont_learn,
    'isThreadMarked', coalesce(t.dont_learn, false), 'patternId', e.pattern_id) || coalesce(
    (select jsonb_build_object('decision', jsonb_build_object('kind', d.kind, 'patternId', d.pattern_id,
        'matchConfidence', d.match_confidence, 'reasons', d.reasons, 'gates', d.gates, 'committedAt', d.committed_at,
        'isLate', d.is_late, 'template', ${
          hasTexts
            ? sql`(select v.response_template from pattern_versions v
              where v.pattern_id = d.pattern_id and v.version = d.pattern_version)`
            : sql`null::text`
        }),
      'agreement', ${newestOutcome})
      from ${countedDecision} d), '{"decision":null,"agreement":null}')
    || ${hasTexts ? textColumns : sql`'{"customerText":null,"replyText":null,"raw":null}'::jsonb`}`;
}

/** A turn's texts as they came, line by line; null once they are erased. */
const said = (messageIds: SQL) => sql`(select case when bool_or(m.text is not null)
    then coalesce(string_agg(nullif(m.text, ''), E'\\n' order by s.n), '') end
  from unnest(${messageIds}) with ordinality s (id, n) join messages m using (id))`;

const textColumns = sql`jsonb_build_object('customerText', e.customer_text, 'replyText', e.reply_text,
  'raw', jsonb_build_object('customer', ${said(sql`e.customer_message_ids`)},
    'previousOperator', ${said(sql`e.previous_operator_message_ids`)}, 'operator', ${said(sql`e.operator_message_ids`)}))`;

export type Mark = { dontLearn: boolean; actor: string; reason: Reason | null };
/** `isPending`: what was learned, or not learned, does not follow from the marks yet. */
export type Marked = { threadId: string; at: string | null; hasChanged: boolean; isPending: boolean };

/** @returns null where there is no such exchange */
export async function markExchange(id: string, mark: Mark): Promise<Marked | null> {
  return changeMark(
    sql`select thread_id from exchanges where id = ${id}::uuid`,
    sql`select ${id}::uuid`,
    sql`changed as (update exchanges set dont_learn = ${mark.dontLearn}
        where id = ${id}::uuid and not is_withdrawn and dont_learn <> ${mark.dontLearn}
        returning id::text as subject, thread_id),
      claimed as (update threads set version = version + 1 where id in (select thread_id from changed))`,
    sql`select jsonb_build_object('threadId', e.thread_id, 'at', e.started_at, 'isPending', ${isUnsettled}) as found
      from exchanges e left join threads t on t.id = e.thread_id where e.id = ${id}::uuid and not e.is_withdrawn`,
    mark,
  );
}

/** @returns null where there is no such thread */
export async function markThread(id: string, mark: Mark): Promise<Marked | null> {
  return changeMark(
    sql`select ${id}::text`,
    sql`select id from exchanges where thread_id = ${id}`,
    sql`changed as (update threads set dont_learn = ${mark.dontLearn}, version = version + 1
        where id = ${id} and dont_learn <> ${mark.dontLearn} returning id as subject, id as thread_id)`,
    sql`select jsonb_build_object('threadId', t.id, 'at', null, 'isPending', ${hasUnsettled}) as found
      from threads t where t.id = ${id}`,
    mark,
  );
}

const hasUnsettled = sql`exists (select from exchanges e where e.thread_id = t.id and ${isUnsettled})`;

export async function isThreadPending(id: string): Promise<boolean> {
  return readResult(sql`select coalesce((select ${hasUnsettled} from threads t where t.id = ${id}), false) as result`);
}

/**
 * The mark, its audit and the thread's own mark, together or not at all. The thread is locked first, as every writer does it,
 * and counts a write, so that whoever read it without the mark starts again. The same value again changes nothing.
 */
async function changeMark(threadId: SQL, ids: SQL, change: SQL, found: SQL, { dontLearn, actor, reason }: Mark) {
  const results = await writeBatch([
    sql`select id from threads where id in (${threadId}) for update`,
    ...(dontLearn ? [sql`select v3pls_forget_merged(array(${ids}))`] : []),
    sql`with ${change},
      given as (insert into reasons (id, text) select ${reason?.id ?? null}::uuid, ${reason?.text ?? null}::text from changed
        where ${reason !== null}::boolean),
      audited as (insert into audit_log (actor, action, subject, reason_id)
        select ${actor}, ${dontLearn ? 'dont_learn' : 'may_learn'}, subject, ${reason?.id ?? null}::uuid from changed),
      marked as (insert into thread_marks (thread_id, reason) select thread_id, 'dont_learn' from changed
        on conflict (thread_id) do update set mark = thread_marks.mark + 1)
      select subject from changed`,
    found,
  ]);
  const row = results.at(-1)!.rows[0] as { found: Omit<Marked, 'hasChanged'> } | undefined;
  return row ? { ...row.found, hasChanged: results.at(-2)!.rows.length > 0 } : null;
}

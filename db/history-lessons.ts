/** Whole threads in bulk, with what is stored of their exchanges; and what hundreds of exchanges taught, written in one transaction. */
import { type SQL, sql } from 'drizzle-orm';
import type { BroadcastText } from '../lib/learning/broadcast.js';
import type { PatternCreate, PatternWords } from '../lib/learning/lessons.js';
import type { StoredExchange } from '../lib/learning/thread-view.js';
import type { ThreadMessage } from '../lib/learning/types.js';
import { readResult, writeBatch } from './client.js';
import { claimAll, type ThreadClaims } from './history.js';
import { deltaColumns, type MatcherDelta } from './matcher-state.js';
import { type ExchangeRow, exchangeStatement, markStatement, removeEmptyPatterns, uuidArray } from './thread-writes.js';

const TIMEOUT_MS = 120_000;

const idsIn = (ids: readonly string[]) => sql`(select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`;

/** How many messages of people each thread has, so that they can be read in parts of about the same size. */
export function countThreadMessages(threadIds: readonly string[]): Promise<Record<string, number>> {
  return readResult(
    sql`select coalesce(jsonb_object_agg(thread_id, n), '{}') as result from (select thread_id, count(*) as n from messages
      where thread_id in ${idsIn(threadIds)} and is_person group by 1) counts`,
    TIMEOUT_MS,
  );
}

export type WholeThread = {
  id: string;
  lineId: string;
  version: number;
  isGroup: boolean;
  dontLearn: boolean;
  /** Of shadow decisions: what is learned here has to be held against them. */
  hasDecisions: boolean;
  messages: ThreadMessage[];
  exchanges: StoredExchange[];
};

export function findWholeThreads(threadIds: readonly string[]): Promise<WholeThread[]> {
  return readResult(
    sql`select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'lineId', t.line_id, 'version', t.version, 'isGroup', t.is_group,
      'dontLearn', t.dont_learn, 'hasDecisions', exists (select from messages m join shadow_decisions d on d.last_message_id = m.id
        where m.thread_id = t.id and m.is_person and m.direction = 'incoming'),
      'messages', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'direction', direction, 'text', coalesce(text, ''),
        'atMs', (extract(epoch from event_at) * 1000)::bigint, 'actorId', actor_id, 'isPerson', is_person, 'isGroup', is_group,
        'hasMedia', has_media, 'isOff', is_off, 'isFaded', text is null)), '[]') from messages where thread_id = t.id and is_person and status <> 'erased'),
      'exchanges', (select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'key', e.key,
        'customerMessageIds', e.customer_message_ids, 'operatorMessageIds', e.operator_message_ids,
        'previousOperatorMessageIds', e.previous_operator_message_ids, 'isAfterWindow', e.is_after_window, 'skipped', e.skipped,
        'dontLearn', e.dont_learn, 'patternId', e.pattern_id, 'replyText', null) order by e.started_at, e.key), '[]')
        from exchanges e where e.thread_id = t.id and not e.is_withdrawn))), '[]') as result
      from threads t where t.id in ${idsIn(threadIds)}`,
    TIMEOUT_MS,
  );
}

/** Outgoing texts that five or more of the same words stand near to, by thread: what the broadcast check looks at. */
export function findBroadcastTexts(): Promise<BroadcastText[]> {
  return readResult(
    sql`with near as (
      select id, thread_id, text_key, event_at, count(*) over (partition by text_key order by event_at
        range between interval '10 minutes' preceding and interval '10 minutes' following) as likes
      from messages where direction = 'outgoing' and is_person and text_key is not null and status <> 'erased'
    ) select coalesce(jsonb_agg(jsonb_build_object('messageId', s.id, 'threadId', s.thread_id, 'textKey', s.text_key,
      'atMs', (extract(epoch from s.event_at) * 1000)::bigint, 'isAnswer', coalesce((
        select p.direction = 'incoming' and s.event_at - p.event_at < make_interval(mins => v3pls_setting('conversation_window_minutes')::int)
        from messages p where p.thread_id = s.thread_id and p.is_person and p.event_at < s.event_at
        order by p.event_at desc, p.id desc limit 1), false))), '[]') as result
      from near s where likes >= 5`,
    TIMEOUT_MS,
  );
}

/** The configuration, the latch, and what others learned since the revision that is known. */
export function findLearning(
  knownRevision: number,
): Promise<{ level: number; config: Record<string, string>; isLatched: boolean; learning: MatcherDelta }> {
  return readResult(
    sql`select jsonb_build_object('level', (select max(level) from schema_migrations),
      'config', (select coalesce(jsonb_object_agg(config_key, config_value), '{}') from pattern_learning_config),
      'isLatched', v3pls_is_latched(), 'learning', ${deltaColumns(knownRevision)}) as result`,
    TIMEOUT_MS,
  );
}

/** Ids that a new pattern may not have: those of patterns that went, or went into another one. */
export function listTakenPatternIds(): Promise<string[]> {
  return readResult(
    sql`select coalesce(jsonb_agg(id), '[]') as result from (select pattern_id as id from removed_patterns
      union select id from decision_patterns where merged_into is not null) taken`,
    TIMEOUT_MS,
  );
}

export type LessonsWrite = {
  claims: readonly ThreadClaims[];
  /** The learning revision that all of it was decided on; null where nothing was learned or unlearned. */
  revision: number | null;
  created: readonly PatternCreate[];
  worded: readonly PatternWords[];
  withdrawn: readonly string[];
  exchanges: readonly ExchangeRow[];
  bereft: readonly string[];
  touched: readonly string[];
  /** Threads that have to be followed once more, for what was decided there. */
  marks: readonly string[];
};

export type LessonsWritten = {
  /** Patterns that went, since no exchange was left. */
  removed: string[];
  /** The kill switch is engaged. */
  isLatched: boolean;
};

/** All of it or nothing. @throws a conflict where another writer was faster */
export async function writeLessons(lessons: LessonsWrite): Promise<LessonsWritten> {
  const { claims, revision, created, worded, withdrawn, exchanges, bereft, touched, marks } = lessons;
  const statements: SQL[] = [claimAll(claims)];
  const add = (statement: SQL) => statements.push(statement) - 1;
  if (revision !== null) add(sql`select v3pls_expect_revision(${revision})`);
  if (created.length > 0) add(createPatterns(created));
  if (worded.length > 0) add(rewordPatterns(worded));
  if (withdrawn.length > 0) {
    add(sql`update exchanges set is_withdrawn = true, pattern_id = null, skipped = null, key = 'withdrawn:' || id
      where id in (select value::uuid from jsonb_array_elements_text(${JSON.stringify(withdrawn)}::jsonb))`);
  }
  if (exchanges.length > 0) add(exchangeStatement(exchanges));
  const removedAt = bereft.length > 0 ? add(removeEmptyPatterns(bereft)) : null;
  if (touched.length > 0) add(sql`select v3pls_refresh_patterns(${uuidArray(touched)})`);
  const latchAt = add(sql`select v3pls_is_latched() as latched`);
  if (marks.length > 0) add(markStatement(marks, 'imported'));
  const results = await writeBatch(statements, TIMEOUT_MS);
  return {
    removed: removedAt === null ? [] : results[removedAt]!.rows.map(({ id }) => String(id)),
    isLatched: results[latchAt]!.rows[0]!.latched === true,
  };
}

function createPatterns(patterns: readonly PatternCreate[]): SQL {
  const rows = patterns.map(({ firstSeenMs, lastSeenMs, ...pattern }) => ({
    ...pattern,
    firstSeen: new Date(firstSeenMs).toISOString(),
    lastSeen: new Date(lastSeenMs).toISOString(),
  }));
  return sql`insert into decision_patterns (id, pattern_type, trigger_text, response_template, slots, created_from, changed_by,
      first_seen, last_seen, facts, possible_duplicates)
    select id, "patternType", "triggerText", "responseTemplate", slots, 'import', 'import', "firstSeen", "lastSeen", facts,
      "possibleDuplicates"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id uuid, "patternType" text, "triggerText" text,
      "responseTemplate" text, slots jsonb, "firstSeen" timestamptz, "lastSeen" timestamptz, facts jsonb, "possibleDuplicates" jsonb)`;
}

/** Only of patterns that no person edited and nobody approved: the database decides at this moment. */
function rewordPatterns(patterns: readonly PatternWords[]): SQL {
  return sql`update decision_patterns p set trigger_text = r."triggerText", response_template = r."responseTemplate", slots = r.slots,
      facts = r.facts, changed_by = 'learning'
    from jsonb_to_recordset(${JSON.stringify(patterns)}::jsonb) as r (id uuid, "triggerText" text, "responseTemplate" text,
      slots jsonb, facts jsonb)
    where p.id = r.id and not p.is_active and p.edited_at is null and p.retired_at is null`;
}

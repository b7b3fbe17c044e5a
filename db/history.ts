/** Messages in bulk, as an import or a reconciliation brings them: what is known of hundreds in one statement, and storing them in one transaction. */
import { type SQL, sql } from 'drizzle-orm';
import { readResult, writeBatch } from './client.js';
import { adoptStatements, type MessageRow, markStatement, STATUSES } from './thread-writes.js';

/** Nobody waits for an answer here. */
const TIMEOUT_MS = 60_000;

export type GivenMessage = { id: string; threadId: string | null; lineId: string; customer: string };

export type KnownMessage = { id: string; threadId: string; status: string; isOff: boolean };
export type KnownThread = { id: string; lineId: string; customer: string | null; version: number };

export type BulkContext = {
  level: number;
  config: Record<string, string>;
  isLatched: boolean;
  messages: KnownMessage[];
  /** Those that are named, and those of the same line and customer. */
  threads: KnownThread[];
  tombstones: { key: string; erasedAt: string }[];
};

/** @param customerKeys of all their customers */
export function findBulkContext(given: readonly GivenMessage[], customerKeys: readonly string[]): Promise<BulkContext> {
  const rows = given.map(({ id, threadId, lineId, customer }) => ({
    id,
    thread_id: threadId,
    line_id: lineId,
    customer,
  }));
  return readResult<BulkContext>(
    sql`with given as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id text, thread_id text, line_id text, customer text)
    ), near as (
      select t.* from (select distinct thread_id as id from given where thread_id is not null) g join threads t using (id)
      union select t.* from (select distinct line_id, customer from given) p join threads t using (line_id, customer)
    ) select jsonb_build_object(
      'level', (select max(level) from schema_migrations),
      'config', (select coalesce(jsonb_object_agg(config_key, config_value), '{}') from pattern_learning_config),
      'isLatched', v3pls_is_latched(),
      'messages', (select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'threadId', m.thread_id, 'status', m.status, 'isOff', m.is_off)), '[]')
        from given g join messages m using (id)),
      'threads', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'lineId', line_id, 'customer', customer, 'version', version)), '[]') from near),
      'tombstones', (select coalesce(jsonb_agg(jsonb_build_object('key', customer_key, 'erasedAt', erased_at)), '[]') from erased_customers
        where customer_key in (select jsonb_array_elements_text(${JSON.stringify(customerKeys)}::jsonb)))) as result`,
    TIMEOUT_MS,
  );
}

export type ThreadClaims = {
  id: string;
  lineId: string;
  customer: string;
  isGroup: boolean;
  /** Null for a thread that is new. */
  expectedVersion: number | null;
  /** The unnamed thread of the same line and customer, which moves to this one. */
  adopts: string | null;
};

export type BulkWrite = {
  source: 'import' | 'reconcile';
  claims: readonly ThreadClaims[];
  lines: readonly { lineId: string; number: string }[];
  messages: readonly MessageRow[];
  /** Messages that are there and came while learning was off. */
  goodAgain: readonly string[];
  /** For each customer's key the oldest of these messages: an erasure that overtook us is seen. */
  unerased: readonly { key: string; at: Date }[];
};

/** All of it or nothing. @throws a conflict where another writer, or an erasure, was faster */
export async function storeBulk({ source, claims, lines, messages, goodAgain, unerased }: BulkWrite): Promise<void> {
  const statements: SQL[] = [];
  if (unerased.length > 0) {
    const rows = unerased.map(({ key, at }) => ({ key, at: at.toISOString() }));
    statements.push(sql`select v3pls_expect_unerased(array[key], at) from (select * from
      jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (key text, at timestamptz) order by key) keys`);
  }
  if (claims.length > 0) statements.push(claimAll(claims));
  for (const { id, adopts } of claims) if (adopts) statements.push(...adoptStatements(id, adopts));
  if (lines.length > 0) {
    statements.push(sql`insert into lines (line_id, number) select "lineId", number
      from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as r ("lineId" text, number text) on conflict do nothing`);
  }
  if (messages.length > 0) statements.push(messagesStatement(messages, source));
  if (goodAgain.length > 0) {
    statements.push(sql`update messages set is_off = false
      where id in (select jsonb_array_elements_text(${JSON.stringify(goodAgain)}::jsonb)) and is_off`);
  }
  // An import follows what it brought itself.
  if (source === 'reconcile' && messages.length > 0) {
    const threadIds = [...new Set(messages.map(({ threadId }) => threadId))];
    statements.push(markStatement(threadIds, 'reconciled'), markNeighbours(threadIds, spanOf(messages)));
  }
  await writeBatch(statements, TIMEOUT_MS);
}

/** In the order in which an erasure locks threads, so that two never wait for each other. */
export function claimAll(claims: readonly ThreadClaims[]): SQL {
  const rows = claims.map(({ id, lineId, customer, isGroup, expectedVersion, adopts }) => ({
    id,
    line_id: lineId,
    customer,
    is_group: isGroup,
    version: expectedVersion,
    adopts,
  }));
  return sql`select v3pls_claim_thread(id, line_id, customer, is_group, version, adopts) from (
    select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r (id text, line_id text, customer text, is_group boolean, version int, adopts text)
    order by id !~ '^TH[0-9a-f]{32}$', id) claims`;
}

function messagesStatement(messages: readonly MessageRow[], source: string): SQL {
  const rows = messages.map(
    ({ id, threadId, lineId, direction, text, actorId, isPerson, isGroup, hasMedia, status, at, isOff }) => ({
      ...{ id, thread_id: threadId, line_id: lineId, direction, text, actor_id: actorId, is_person: isPerson },
      ...{ is_group: isGroup, has_media: hasMedia, status, event_at: at.toISOString(), is_off: isOff },
    }),
  );
  return sql`insert into messages (id, thread_id, line_id, direction, text, actor_id, is_person, is_group, has_media, status, event_at,
      is_off, source)
    select r.*, ${source} from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id text, thread_id text, line_id text,
      direction text, text text, actor_id text, is_person boolean, is_group boolean, has_media boolean, status text,
      event_at timestamptz, is_off boolean)
    on conflict (id) do update set
      is_off = messages.is_off and excluded.source <> 'import',
      status = case when messages.status = 'erased' then messages.status
        when array_position(${STATUSES}, excluded.status) > coalesce(array_position(${STATUSES}, messages.status), 0)
        then excluded.status else messages.status end`;
}

function spanOf(messages: readonly MessageRow[]): { from: string; to: string } {
  const times = messages.map(({ at }) => at.getTime());
  return { from: new Date(Math.min(...times)).toISOString(), to: new Date(Math.max(...times)).toISOString() };
}

/** Marks threads that are none of these, as below. */
export async function markOthers(threadIds: readonly string[], span: { from: string; to: string }): Promise<void> {
  await writeBatch([markNeighbours(threadIds, span)], TIMEOUT_MS);
}

/** Threads whose exchanges may have become a broadcast, or stopped being one, by texts of these threads within this time. */
function markNeighbours(threadIds: readonly string[], { from, to }: { from: string; to: string }): SQL {
  return sql`insert into thread_marks (thread_id, reason)
    select distinct thread_id, 'broadcast' from (
      select s.thread_id, count(*) over (partition by s.text_key order by s.event_at
        range between interval '10 minutes' preceding and interval '10 minutes' following) as near
      from messages s where s.direction = 'outgoing' and s.is_person and s.text_key in (select o.text_key from messages o
        where o.thread_id in (select jsonb_array_elements_text(${JSON.stringify(threadIds)}::jsonb)) and o.is_person
          and o.direction = 'outgoing' and o.text_key is not null and o.event_at between ${from}::timestamptz
          and ${to}::timestamptz + make_interval(mins => v3pls_setting('conversation_window_minutes')::int))
        and s.event_at between ${from}::timestamptz - interval '10 minutes' and ${to}::timestamptz + interval '10 minutes'
          + make_interval(mins => v3pls_setting('conversation_window_minutes')::int)
    ) likes where near >= 5 and thread_id not in (select jsonb_array_elements_text(${JSON.stringify(threadIds)}::jsonb))
    order by 1
    on conflict (thread_id) do update set mark = thread_marks.mark + 1`;
}

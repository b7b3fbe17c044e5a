/** Patterns to read: the keyset-paged list, all of one kind, or one with what is behind it. One round trip each. */
import { type SQL, sql } from 'drizzle-orm';
import type { JudgedLately } from '../lib/learning/conflicts.js';
import { readResult } from './client.js';
import { operatorName } from './operators.js';

/** Where changed-facts.ts finds its twelve replies that may state a fact. */
const NEWEST_EXCHANGES = 24;
/** What conflicts.ts decides on: so few that a change of answer shows although years agreed. */
const NEWEST_DECISIONS = 20;

export type PatternStatus = 'learning' | 'pending_review' | 'active' | 'retired';
export type PatternSort = 'review' | 'evidence' | 'confidence' | 'created';

export type PatternRow = {
  id: string;
  patternType: string;
  triggerText: string;
  triggerExamples: string[];
  responseTemplate: string;
  slots: { name: string; type: string; fillable: boolean }[];
  confidenceScore: number;
  status: PatternStatus;
  isInForce: boolean;
  autoExecutable: boolean;
  requiresConfirmation: boolean;
  exchanges: number;
  customers: number;
  operators: number;
  days: number;
  decisions: number;
  agreed: number;
  disagreed: number;
  /** When a person last changed the words. */
  editedAt: string | null;
  /** Those of the newest templated replies that could state a fact: only where the template could. */
  replies: { id: string; text: string; at: string }[];
  /** The newest judged decisions, by what the operators answered instead. */
  judgedLately: JudgedLately;
  isStale: boolean;
  possibleDuplicates: { id: string; similarity: number }[];
  createdFrom: string;
  firstSeen: string;
  lastSeen: string;
  createdAt: string;
  updatedAt: string;
  version: number;
  notes: string | null;
  mergedInto: string | null;
  /** Until when the present activation holds. */
  activeUntil: string | null;
};

export type ListedPattern = PatternRow & { rank: number; measure: number };

export type PatternPage = {
  level: number;
  config: Record<string, string>;
  counts: { learning: number; pendingReview: number; active: number; retired: number };
  patterns: ListedPattern[];
};

export type PatternFilter = {
  status: PatternStatus | 'all' | null;
  type: string | null;
  q: string | null;
  sort: PatternSort;
  limit: number | null;
  after: { rank: number; measure: number; id: string } | null;
};

const MEASURE: Record<PatternSort, SQL> = {
  review: sql`p.customer_count`,
  evidence: sql`p.exchange_count`,
  confidence: sql`p.confidence_score`,
  created: sql`extract(epoch from p.created_at)`,
};

/** Also the words of the page's filters: retired, active, pending review, else learning. */
export const withStatus = sql`(
  select p.*, f.id is not null as is_in_force, f.expires_at as active_until, case
    when p.retired_at is not null then 'retired'
    when f.id is not null then 'active'
    when p.customer_count >= v3pls_setting('review_min_customers')::int then 'pending_review'
    else 'learning' end as status
  from decision_patterns p left join patterns_in_force f on f.id = p.id
)`;

/** Digits, or the only times that are said without: most templates have none, and then no reply is read. */
const MAY_STATE_FACTS = `[0-9]|noon|midnight|o''?clock`;

const newestReplies = sql`case when g.retired_at is null and g.response_template ~* ${sql.raw(`'${MAY_STATE_FACTS}'`)}
  then (select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'text', e.reply_text, 'at', e.answered_at)), '[]')
    from (select id, reply_text, answered_at from exchanges where pattern_id = g.id and reply_text is not null
      order by answered_at desc, id desc limit ${sql.raw(String(NEWEST_EXCHANGES))}) e
    where e.reply_text ~* ${sql.raw(`'${MAY_STATE_FACTS}'`)})
  else '[]' end`;

/**
 * Of a decision the newest judgement counts. `shadow_judgements_pattern` finds them, and a pattern that was not disagreed with
 * three times is not looked at.
 */
const judgedLately = sql`case when g.retired_at is null and g.disagreed_count >= 3 then (
  with newest as materialized (
    select j.outcome, e.pattern_id as answer from (
      select n.outcome, n.exchange_id from (
        select distinct on (decision_id) decision_id, outcome, exchange_id from shadow_judgements
        where pattern_id = g.id and pattern_version = g.version and would_reply order by decision_id desc, id desc
      ) n where n.outcome <> 'ignored' order by n.decision_id desc limit ${sql.raw(String(NEWEST_DECISIONS))}
    ) j left join exchanges e on e.id = case when j.outcome = 'disagreed' then j.exchange_id end
  ) select jsonb_build_object('agreed', (select count(*) from newest where outcome = 'agreed'),
    'others', (select coalesce(jsonb_agg(jsonb_build_object('id', o.answer, 'times', o.times)), '[]') from (
      select n.answer, count(*) as times from newest n join decision_patterns q on q.id = n.answer and q.retired_at is null
      where n.outcome = 'disagreed' and n.answer <> g.id group by n.answer) o)))
  else '{"agreed": 0, "others": []}' end`;

/** One `PatternRow`, of a row of `withStatus` called `g`. */
const patternObject = sql`jsonb_build_object('id', g.id, 'patternType', g.pattern_type,
    'triggerText', g.trigger_text, 'responseTemplate', g.response_template, 'slots', g.slots,
    'triggerExamples', (select coalesce(jsonb_agg(e.customer_text), '[]') from (select customer_text from exchanges
      where pattern_id = g.id and customer_text is not null order by answered_at desc, id limit 3) e),
    'confidenceScore', g.confidence_score, 'status', g.status, 'isInForce', g.is_in_force,
    'autoExecutable', g.auto_executable, 'requiresConfirmation', g.requires_confirmation,
    'exchanges', g.exchange_count, 'customers', g.customer_count, 'operators', g.operator_count, 'days', g.day_count,
    'decisions', (select count(*) from shadow_decisions d
      where d.pattern_id = g.id and d.pattern_version = g.version and d.kind = 'would_reply'),
    'agreed', g.agreed_count, 'disagreed', g.disagreed_count, 'editedAt', g.edited_at,
    'replies', ${newestReplies}, 'judgedLately', ${judgedLately},
    'isStale', g.last_seen < v3pls_now() - interval '90 days', 'possibleDuplicates', g.possible_duplicates,
    'createdFrom', g.created_from, 'firstSeen', g.first_seen, 'lastSeen', g.last_seen, 'createdAt', g.created_at,
    'updatedAt', g.updated_at, 'version', g.version, 'notes', g.notes, 'mergedInto', g.merged_into, 'activeUntil', g.active_until)`;

const configObject = sql`(select coalesce(jsonb_object_agg(config_key, config_value), '{}') from pattern_learning_config)`;
const levelColumn = sql`(select max(level) from schema_migrations)`;

/** Also what the export takes; a spreadsheet with more rows is no use to anybody. */
const EXPORT_LIMIT = 10_000;

/** @param filter `limit` null: all of them, for an export */
export function listPatterns(filter: PatternFilter): Promise<PatternPage> {
  const rank =
    filter.sort === 'review'
      ? sql`case p.status when 'pending_review' then 0 when 'active' then 1 when 'learning' then 2 else 3 end`
      : sql`0::int`;
  const measure = MEASURE[filter.sort];
  const like = filter.q === null ? null : `%${filter.q.replace(/[\\%_]/g, '\\$&')}%`;
  const conditions = [
    filter.status === 'all' ? sql`true` : filter.status ? sql`p.status = ${filter.status}` : sql`p.status <> 'retired'`,
    ...(filter.type ? [sql`p.pattern_type = ${filter.type}`] : []),
    ...(like ? [sql`(p.trigger_text ilike ${like} or p.response_template ilike ${like})`] : []),
    ...(filter.after
      ? [
          sql`(${rank}, -(${measure})::numeric, p.id) > (${filter.after.rank}::int, -${filter.after.measure}::numeric, ${filter.after.id}::uuid)`,
        ]
      : []),
  ];
  return readResult<PatternPage>(sql`
with p as materialized ${withStatus}, page as (
  select p.*, ${rank} as rank, ${measure}::numeric as measure from p
  where ${sql.join(conditions, sql` and `)}
  order by ${rank}, -(${measure})::numeric, p.id limit ${filter.limit === null ? EXPORT_LIMIT : filter.limit + 1}
)
select jsonb_build_object(
  'level', ${levelColumn},
  'config', ${configObject},
  'counts', (select jsonb_build_object('learning', count(*) filter (where status = 'learning'),
    'pendingReview', count(*) filter (where status = 'pending_review'), 'active', count(*) filter (where status = 'active'),
    'retired', count(*) filter (where status = 'retired')) from p),
  'patterns', (select coalesce(jsonb_agg(${patternObject} || jsonb_build_object('rank', g.rank, 'measure', g.measure)
    order by g.rank, -g.measure, g.id), '[]') from page g)
) as result`);
}

export type PatternBackground = {
  exchanges: {
    id: string;
    threadId: string;
    customerText: string | null;
    previousOperatorText: string | null;
    operatorText: string | null;
    operator: string | null;
    operatorName: string | null;
    at: string | null;
  }[];
  versions: {
    version: number;
    patternType: string;
    triggerText: string | null;
    responseTemplate: string | null;
    changedBy: string;
    createdAt: string;
  }[];
  audit: { id: number; at: string; actor: string; action: string; details: unknown; reason: string | null }[];
};

export type FoundPattern = { level: number; config: Record<string, string>; pattern: PatternRow | null };

const ofOne = (id: string) => sql`select g.* from ${withStatus} g where g.id = ${id}::uuid`;

/** One pattern as it is now: also the last statement of a transaction that changed it. */
export function patternStatement(id: string): SQL {
  return sql`with p as (${ofOne(id)}) select jsonb_build_object('level', ${levelColumn}, 'config', ${configObject},
    'pattern', (select ${patternObject} from p g)) as result`;
}

/** The newest hundred of each kind. */
export function findPattern(id: string): Promise<FoundPattern & PatternBackground> {
  return readResult(sql`with p as (${ofOne(id)})
select jsonb_build_object('level', ${levelColumn}, 'config', ${configObject}, 'pattern', (select ${patternObject} from p g),
  'exchanges', (select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'threadId', e.thread_id, 'customerText', e.customer_text,
      'previousOperatorText', e.previous_operator_text, 'operatorText', e.reply_text, 'operator', e.operator_id,
      'operatorName', ${operatorName(sql`e.operator_id`)}, 'at', e.answered_at)
      order by e.answered_at desc, e.id), '[]')
    from (select * from exchanges where pattern_id = ${id}::uuid order by answered_at desc, id limit 100) e),
  'versions', (select coalesce(jsonb_agg(jsonb_build_object('version', v.version, 'patternType', v.pattern_type,
      'triggerText', v.trigger_text, 'responseTemplate', v.response_template, 'changedBy', v3pls_actor_name(v.changed_by),
      'createdAt', v.created_at) order by v.version desc), '[]')
    from (select * from pattern_versions where pattern_id = ${id}::uuid order by version desc limit 100) v),
  'audit', (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'at', a.at, 'actor', v3pls_actor_name(a.actor),
      'action', a.action, 'details', a.details, 'reason', r.text) order by a.id desc), '[]')
    from (select * from audit_log where subject = ${id} order by id desc limit 100) a left join reasons r on r.id = a.reason_id)
) as result`);
}

/** Patterns as a list: keyset-paged, with their evidence, in one round trip. */
import { type SQL, sql } from 'drizzle-orm';
import { readResult } from './client.js';

export type PatternStatus = 'learning' | 'pending_review' | 'active' | 'retired';
export type PatternSort = 'review' | 'evidence' | 'confidence' | 'created';

export type PatternRow = {
  id: string;
  patternType: string;
  triggerText: string;
  triggerExamples: string[];
  responseTemplate: string;
  slots: { name: string; type: string; fillable: boolean }[];
  facts: string[];
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
  isEdited: boolean;
  isStale: boolean;
  possibleDuplicates: { id: string; similarity: number }[];
  createdFrom: string;
  firstSeen: string;
  lastSeen: string;
  createdAt: string;
  updatedAt: string;
  version: number;
  rank: number;
  measure: number;
};

export type PatternPage = {
  level: number;
  config: Record<string, string>;
  counts: { learning: number; pendingReview: number; active: number; retired: number };
  patterns: PatternRow[];
};

export type PatternFilter = {
  status: PatternStatus | 'all' | null;
  type: string | null;
  q: string | null;
  sort: PatternSort;
  limit: number;
  after: { rank: number; measure: number; id: string } | null;
};

const MEASURE: Record<PatternSort, SQL> = {
  review: sql`p.customer_count`,
  evidence: sql`p.exchange_count`,
  confidence: sql`p.confidence_score`,
  created: sql`extract(epoch from p.created_at)`,
};

/** Also the words of the page's filters: retired, active, pending review, else learning. */
const withStatus = sql`(
  select p.*, f.id is not null as is_in_force, case
    when p.retired_at is not null then 'retired'
    when f.id is not null then 'active'
    when p.customer_count >= v3pls_setting('review_min_customers')::int then 'pending_review'
    else 'learning' end as status
  from decision_patterns p left join patterns_in_force f on f.id = p.id
)`;

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
  order by ${rank}, -(${measure})::numeric, p.id limit ${filter.limit + 1}
)
select jsonb_build_object(
  'level', (select max(level) from schema_migrations),
  'config', (select coalesce(jsonb_object_agg(config_key, config_value), '{}') from pattern_learning_config),
  'counts', (select jsonb_build_object('learning', count(*) filter (where status = 'learning'),
    'pendingReview', count(*) filter (where status = 'pending_review'), 'active', count(*) filter (where status = 'active'),
    'retired', count(*) filter (where status = 'retired')) from p),
  'patterns', (select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'patternType', g.pattern_type,
    'triggerText', g.trigger_text, 'responseTemplate', g.response_template, 'slots', g.slots, 'facts', g.facts,
    'triggerExamples', (select coalesce(jsonb_agg(e.customer_text), '[]') from (select customer_text from exchanges
      where pattern_id = g.id and customer_text is not null order by answered_at desc, id limit 3) e),
    'confidenceScore', g.confidence_score, 'status', g.status, 'isInForce', g.is_in_force,
    'autoExecutable', g.auto_executable, 'requiresConfirmation', g.requires_confirmation,
    'exchanges', g.exchange_count, 'customers', g.customer_count, 'operators', g.operator_count, 'days', g.day_count,
    'decisions', (select count(*) from shadow_decisions d
      where d.pattern_id = g.id and d.pattern_version = g.version and d.kind = 'would_reply'),
    'agreed', g.agreed_count, 'disagreed', g.disagreed_count, 'isEdited', g.edited_at is not null,
    'isStale', g.last_seen < v3pls_now() - interval '90 days', 'possibleDuplicates', g.possible_duplicates,
    'createdFrom', g.created_from, 'firstSeen', g.first_seen, 'lastSeen', g.last_seen, 'createdAt', g.created_at,
    'updatedAt', g.updated_at, 'version', g.version, 'rank', g.rank, 'measure', g.measure)
    order by g.rank, -g.measure, g.id), '[]') from page g)
) as result`);
}

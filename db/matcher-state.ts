/** The matcher's state as rows: loaded once a warm instance, then only what changed since, by learning revision. */
import { type SQL, sql } from 'drizzle-orm';
import type { ExampleRecord, PatternRecord } from '../lib/learning/model.js';
import { readResult } from './client.js';

/** More changes than this since the instance last looked: it loads the state anew. */
const DELTA_LIMIT = 300;
/** Exemplars held in memory; the newest count. */
const EXAMPLE_LIMIT = 20_000;
const LOAD_TIMEOUT_MS = 6_000;

export type ExampleRow = Omit<ExampleRecord, 'patternId'> & { patternId: string | null };

export type MatcherDelta = {
  /** Which database this is: another one's revisions mean nothing here. */
  identity: string;
  /** The revision that the database stands at in this snapshot. */
  revision: number;
  patterns: PatternRecord[];
  /** `patternId` null: the exchange is credited to none any more. */
  examples: ExampleRow[];
  removed: string[];
  /** The limit was reached: load the whole state instead. */
  isTruncated: boolean;
};

const patternObject = sql`jsonb_build_object('id', p.id, 'version', p.version, 'triggerText', p.trigger_text,
  'responseTemplate', p.response_template, 'patternType', p.pattern_type, 'isEdited', p.edited_at is not null,
  'isActive', p.is_active, 'isRetired', p.retired_at is not null, 'confidence', p.confidence_score)`;
const exampleObject = sql`jsonb_build_object('exchangeId', e.id, 'patternId', e.pattern_id,
  'customerText', coalesce(e.customer_text, ''), 'previousOperatorText', coalesce(e.previous_operator_text, ''),
  'replyText', coalesce(e.reply_text, ''))`;

/** An expression for other statements: what changed since `known`; only the revision when nothing is known yet (-1). */
export function deltaColumns(known: number): SQL {
  if (known < 0) {
    return sql`(select jsonb_build_object('identity', identity, 'revision', revision, 'patterns', '[]'::jsonb, 'examples', '[]'::jsonb,
      'removed', '[]'::jsonb, 'isTruncated', true) from learning_state)`;
  }
  return sql`(select jsonb_build_object('identity', s.identity, 'revision', s.revision,
    'patterns', (select coalesce(jsonb_agg(${patternObject} order by p.id), '[]')
      from (select * from decision_patterns where revision > ${known} and merged_into is null limit ${DELTA_LIMIT}) p),
    'examples', (select coalesce(jsonb_agg(${exampleObject} order by e.id), '[]')
      from (select * from exchanges where revision > ${known} limit ${DELTA_LIMIT}) e),
    'removed', (select coalesce(jsonb_agg(pattern_id), '[]') from (
      select pattern_id from removed_patterns where revision > ${known}
      union all select id from decision_patterns where revision > ${known} and merged_into is not null) gone),
    'isTruncated', (select count(*) from (select from decision_patterns where revision > ${known} limit ${DELTA_LIMIT}) x) = ${DELTA_LIMIT}
      or (select count(*) from (select from exchanges where revision > ${known} limit ${DELTA_LIMIT}) x) = ${DELTA_LIMIT})
    from learning_state s)`;
}

/** The whole state, in one round trip. */
export function loadMatcherState(): Promise<MatcherDelta> {
  return readResult<MatcherDelta>(
    sql`select jsonb_build_object('identity', s.identity, 'revision', s.revision,
      'patterns', (select coalesce(jsonb_agg(${patternObject} order by p.id), '[]') from decision_patterns p where merged_into is null),
      'examples', (select coalesce(jsonb_agg(${exampleObject} order by e.id), '[]')
        from (select * from exchanges where pattern_id is not null order by recorded_at desc limit ${EXAMPLE_LIMIT}) e),
      'removed', '[]'::jsonb, 'isTruncated', false) as result from learning_state s`,
    LOAD_TIMEOUT_MS,
  );
}

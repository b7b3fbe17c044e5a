/** The matcher's state as rows: loaded once a warm instance, then only what changed since, by learning revision. */
import { type SQL, sql } from 'drizzle-orm';
import type { ExampleRecord, PatternRecord } from '../lib/learning/model.js';
import type { Outcome, Recalibration } from '../lib/learning/recalibration.js';
import { readResult, writeBatch } from './client.js';

/** More changes than this since the instance last looked: it loads the state anew. */
const DELTA_LIMIT = 300;
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
  recalibration: Recalibration;
  /** The revisions at which the packed state was built (-1: there is none) and at which the adjustment was fitted. */
  packedRevision: number;
  packedFormat: number;
  fittedRevision: number;
};

export type MatcherState = MatcherDelta & {
  /** Base64 of the gzipped bytes; then `examples` are those that changed since. */
  packed: string | null;
};

const patternObject = sql`jsonb_build_object('id', p.id, 'version', p.version, 'triggerText', p.trigger_text,
  'responseTemplate', p.response_template, 'patternType', p.pattern_type, 'isEdited', p.edited_at is not null,
  'isActive', p.is_active, 'isRetired', p.retired_at is not null, 'confidence', p.confidence_score)`;
/** Past retention an exchange keeps its credit, and is no example any more. */
const exampleObject = sql`jsonb_build_object('exchangeId', e.id, 'patternId', case when e.reply_text is not null then e.pattern_id end,
  'customerText', coalesce(e.customer_text, ''), 'previousOperatorText', coalesce(e.previous_operator_text, ''),
  'replyText', coalesce(e.reply_text, ''))`;

const keepingColumns = sql`'recalibration', jsonb_build_object('slope', m.slope, 'offset', m.confidence_offset, 'outcomes', m.outcomes),
  'packedFormat', m.packed_format, 'packedRevision', m.packed_revision, 'fittedRevision', m.fitted_revision`;

/** An expression for other statements: what changed since `known`; only the revision when nothing is known yet (-1). */
export function deltaColumns(known: number): SQL {
  if (known < 0) {
    return sql`(select jsonb_build_object('identity', identity, 'revision', revision, 'patterns', '[]'::jsonb, 'examples', '[]'::jsonb,
      'removed', '[]'::jsonb, 'isTruncated', true, ${keepingColumns}) from learning_state, matcher_state m)`;
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
      or (select count(*) from (select from exchanges where revision > ${known} limit ${DELTA_LIMIT}) x) = ${DELTA_LIMIT},
    ${keepingColumns})
    from learning_state s, matcher_state m)`;
}

/**
 * The whole state, in one round trip.
 * @param format of the packed state that can be read; null: from the exchanges alone, whatever is packed
 * @param limit exemplars that are held in memory; the newest count
 */
export function loadMatcherState(format: number | null, limit: number): Promise<MatcherState> {
  const isUsed = sql`(m.packed is not null and m.packed_format is not distinct from ${format}::int and m.packed_revision <= s.revision)`;
  return readResult<MatcherState>(
    sql`select jsonb_build_object('identity', s.identity, 'revision', s.revision,
      'packed', case when ${isUsed} then encode(m.packed, 'base64') end,
      'patterns', (select coalesce(jsonb_agg(${patternObject} order by p.id), '[]') from decision_patterns p where merged_into is null),
      -- The oldest first, as they come while an instance lives.
      'examples', (select coalesce(jsonb_agg(${exampleObject} order by e.recorded_at, e.id), '[]')
        from (select * from exchanges where revision > case when ${isUsed} then m.packed_revision else -1 end
          and (${isUsed} or (pattern_id is not null and reply_text is not null)) order by recorded_at desc limit ${limit}) e),
      'removed', '[]'::jsonb, 'isTruncated', false, ${keepingColumns}) as result from learning_state s, matcher_state m`,
    LOAD_TIMEOUT_MS,
  );
}

/** The newest judged decisions, for the adjustment of match confidence. */
export function listOutcomes(limit: number): Promise<Outcome[]> {
  return readResult(sql`select coalesce(jsonb_agg(jsonb_build_object('confidence', d.shipped_confidence, 'isAgreed', j.outcome = 'agreed')), '[]') as result
    from (select distinct on (decision_id) decision_id, outcome
      from (select id, decision_id, outcome from shadow_judgements order by id desc limit ${limit}) newest
      order by decision_id, id desc) j
    join shadow_decisions d on d.id = j.decision_id
    where j.outcome in ('agreed', 'disagreed') and d.shipped_confidence is not null`);
}

export type KeptMatcher = {
  /** The learning revision that all of it was made at. */
  revision: number;
  recalibration: Recalibration;
  /** Gzipped, of this format; null: the packed state stays as it is. */
  packed: { bytes: Uint8Array; format: number } | null;
};

/** A slower instance never puts back what a faster one, newer code, or an erasure has replaced. */
export async function keepMatcherState({ revision, recalibration, packed }: KeptMatcher): Promise<void> {
  const { slope, offset, outcomes } = recalibration;
  await writeBatch([
    sql`update matcher_state set slope = ${slope}, confidence_offset = ${offset}, outcomes = ${outcomes}, fitted_revision = ${revision}
      where fitted_revision < ${revision}`,
    ...(packed
      ? [
          sql`update matcher_state set packed = decode(${Buffer.from(packed.bytes).toString('base64')}, 'base64'),
            packed_format = ${packed.format}, packed_revision = ${revision}
            where least_revision <= ${revision} and (packed_format < ${packed.format}
              or (packed_format = ${packed.format} and packed_revision < ${revision}) or packed is null)`,
        ]
      : []),
  ]);
}

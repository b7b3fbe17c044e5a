/** Monitoring: what the plan asks, counted from data; and health, the one word for a probe. */
import * as z from 'zod';
import { readFailure } from '../db/errors.js';
import { findHealth, findMonitoring, type MonitoringFacts } from '../db/monitoring.js';
import { flushCounts } from './delivery-counts.js';
import { jsonResponse } from './http/answer.js';
import { presentKillSwitch } from './incidents.js';
import { iso } from './moment.js';
import { OPEN_METRICS_TYPE, writeOpenMetrics } from './open-metrics.js';
import { requireSchema } from './require-schema.js';

const HOURS_A_DAY = 24;
const MOST_DAYS = 10_000;

export const monitoringQuery = z
  .strictObject({
    view: z.enum(['health']).optional(),
    format: z.enum(['openmetrics']).optional(),
    window: z
      .string()
      .regex(/^[1-9]\d{0,5}[hd]$/, 'Hours or days, such as 24h or 7d.')
      .refine(text => hoursOf(text) <= MOST_DAYS * HOURS_A_DAY, `At most ${MOST_DAYS}d.`)
      .default('24h'),
  })
  .refine(({ view, format }) => !view || !format, { path: ['format'], message: 'Health is one word of JSON.' });

export type Health = 'ok' | 'unavailable' | 'incident' | 'stale' | 'silent';

/** @returns a probe's answer, the numbers, or the numbers as OpenMetrics */
export async function answerMonitoring(query: z.infer<typeof monitoringQuery>): Promise<unknown> {
  if (query.format === 'openmetrics') return answerOpenMetrics(query.window);
  if (query.view !== 'health') return presentMonitoring(query.window);
  const health = await checkHealth();
  const response = jsonResponse(health, health.status === 'ok' ? 200 : 503);
  if (response.status === 503) response.headers.set('retry-after', '60');
  return response;
}

/** The first that applies; learning off is ok. Never throws: a probe gets an answer. */
export async function checkHealth(): Promise<{ status: Health; detail?: string }> {
  try {
    const facts = await findHealth();
    requireSchema(facts.level);
    if (facts.isLatched || facts.openIncidents > 0) return { status: 'incident' };
    if (!facts.isLeaseValid) return { status: 'stale' };
    return { status: facts.isSilent ? 'silent' : 'ok' };
  } catch (error) {
    const failure = readFailure(error);
    return failure.kind === 'unavailable'
      ? { status: 'unavailable', detail: failure.detail }
      : { status: 'unavailable' };
  }
}

function hoursOf(window: string): number {
  return Number.parseInt(window, 10) * (window.endsWith('d') ? HOURS_A_DAY : 1);
}

/** @param window hours or days, `24h` or `7d` */
export async function presentMonitoring(window: string): Promise<Monitoring> {
  return shapeMonitoring(window, await requireFacts(window));
}

async function answerOpenMetrics(window: string): Promise<Response> {
  const facts = await requireFacts(window);
  return new Response(writeOpenMetrics(shapeMonitoring(window, facts), new Date(facts.now)), {
    headers: { 'content-type': OPEN_METRICS_TYPE, 'cache-control': 'no-store' },
  });
}

async function requireFacts(window: string): Promise<MonitoringFacts> {
  await flushCounts();
  const facts = await findMonitoring(hoursOf(window));
  requireSchema(facts.level);
  return facts;
}

export type Monitoring = ReturnType<typeof shapeMonitoring>;

function shapeMonitoring(window: string, facts: MonitoringFacts) {
  const { decisions, turns, covered, judged, agreed, disagreed } = facts.shadow;
  return {
    window,
    patterns: { perDay: facts.perDay, top: facts.top },
    executions: facts.executions,
    deliveries: {
      ...facts.deliveries,
      firstAt: iso(facts.deliveries.firstAt),
      lastAt: iso(facts.deliveries.lastAt),
    },
    // Coverage: the share of customer turns that it would have answered; null while there was none.
    shadow: {
      decisions,
      judged,
      agreed,
      disagreed,
      coverage: turns > 0 ? covered / turns : null,
      perDay: facts.shadowPerDay,
    },
    learning: {
      enabled: facts.config.enabled === 'true' && !facts.latch,
      learned: facts.learned,
      skipped: facts.skipped,
    },
    watchdog: {
      lastRunAt: iso(facts.lastRun?.at ?? null),
      leaseUntil: iso(facts.leaseUntil),
      checks: facts.lastRun?.checks ?? [],
    },
    killSwitch: presentKillSwitch(facts.latch),
    incidents: { open: facts.openIncidents },
    milestones: listMilestones(facts),
  };
}

/** The plan's success metrics, each with what was measured. They look at all of time, not at the window. */
function listMilestones(facts: MonitoringFacts) {
  const { totals, workload } = facts;
  const medianSeconds = workload.medianSeconds ?? 0;
  const isLearning = facts.config.enabled === 'true';
  const none = (id: string, measured: number) => ({ id, ok: measured === 0, measured, required: 0 });
  const atLeast = (id: string, measured: number | null, required: number) => ({
    id,
    ok: (measured ?? 0) >= required,
    measured,
    required,
  });
  const noAutoExecutions = none('no_auto_executions', totals.automaticExecutions);
  return {
    day1: [
      { id: 'learning_enabled', ok: isLearning, measured: isLearning, required: true },
      noAutoExecutions,
      atLeast('patterns_visible', totals.patterns, 1),
      none('all_inactive', totals.active),
    ],
    week1: [
      atLeast('patterns_created', totals.patterns, 10),
      atLeast('average_confidence', totals.avgConfidence, 0.5),
      noAutoExecutions,
      atLeast('patterns_reviewed', totals.edited, 1),
    ],
    month1: [
      atLeast('patterns_learned', totals.patterns, 100),
      atLeast('top_patterns', facts.top.length, 5),
      atLeast('ready_for_activation', totals.pendingReview, 1),
      atLeast('workload_measured', totals.agreed, 1),
    ],
    workloadSaved: {
      seconds: Math.round(workload.turns * medianSeconds),
      n: workload.turns,
      medianSeconds: workload.medianSeconds,
      formula: 'turns judged agreed × the median time from question to answer of those turns',
    },
  };
}

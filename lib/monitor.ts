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
    deliveries: { ...facts.deliveries, lastAt: iso(facts.deliveries.lastAt) },
    // Coverage: the share of customer turns that it would have answered; null while there was none.
    shadow: { decisions, judged, agreed, disagreed, coverage: turns > 0 ? covered / turns : null },
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
  return {
    day1: [
      {
        id: 'learning_enabled',
        ok: facts.config.enabled === 'true',
        measured: facts.config.enabled === 'true',
        required: true,
      },
      {
        id: 'no_auto_executions',
        ok: totals.automaticExecutions === 0,
        measured: totals.automaticExecutions,
        required: 0,
      },
      { id: 'patterns_visible', ok: totals.patterns > 0, measured: totals.patterns, required: 1 },
      { id: 'all_inactive', ok: totals.active === 0, measured: totals.active, required: 0 },
    ],
    week1: [
      { id: 'patterns_created', ok: totals.patterns >= 10, measured: totals.patterns, required: 10 },
      {
        id: 'average_confidence',
        ok: (totals.avgConfidence ?? 0) >= 0.5,
        measured: totals.avgConfidence,
        required: 0.5,
      },
      { id: 'patterns_reviewed', ok: totals.edited > 0, measured: totals.edited, required: 1 },
    ],
    month1: [{ id: 'patterns_learned', ok: totals.patterns >= 100, measured: totals.patterns, required: 100 }],
    workloadSaved: {
      seconds: Math.round(workload.turns * medianSeconds),
      n: workload.turns,
      medianSeconds: workload.medianSeconds,
      formula: 'turns judged agreed × the median time from question to answer of those turns',
    },
  };
}

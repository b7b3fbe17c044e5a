/**
 * Monitoring as OpenMetrics 1.0 text (the specification's ABNF). What is not known is left out, never 0. Whatever counts
 * within the window is a gauge: it falls again as the window moves on, which a counter may not.
 */
import type { Monitoring } from './monitor.js';

export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

type Sample = { value: unknown; labels?: Record<string, string> };

/** A name that ends with a unit has that unit. */
type Family = { name: string; type: 'gauge' | 'counter'; help: string; samples: Sample[] };

const UNIT = /_(seconds|ratio)$/;

/** @param now the database's, as leases go by its clock */
export function writeOpenMetrics(monitoring: Monitoring, now: Date): string {
  return `${listFamilies(monitoring, now).map(writeFamily).join('')}# EOF\n`;
}

function listFamilies(monitoring: Monitoring, now: Date): Family[] {
  const { deliveries, shadow, learning, watchdog, killSwitch, milestones } = monitoring;
  const leaseUntil = readSeconds(watchdog.leaseUntil);
  const saved = milestones.workloadSaved;
  const measured = (id: string) =>
    [...milestones.day1, ...milestones.week1, ...milestones.month1].find(milestone => milestone.id === id)?.measured;
  const window = { window: monitoring.window };
  const inWindow = (value: unknown): Sample => ({ value, labels: window });
  const inWindowBy = (label: string, counts: Record<string, unknown>): Sample[] =>
    Object.entries(counts).map(([key, value]) => ({ value, labels: { [label]: key, ...window } }));
  return [
    gauge('v3pls_kill_switch_engaged', 'Whether the kill switch is engaged: 1 stops everything.', {
      value: killSwitch.engaged,
    }),
    gauge('v3pls_kill_switch_since_timestamp_seconds', 'When the kill switch was engaged.', {
      value: readSeconds(killSwitch.since),
    }),
    gauge('v3pls_open_incidents', 'Incidents that are open, or whose rollback is pending.', {
      value: monitoring.incidents.open,
    }),
    gauge('v3pls_watchdog_lease_seconds', 'How long activations may rely on the last clean run; negative once stale.', {
      value: leaseUntil === null ? null : leaseUntil - now.getTime() / 1000,
    }),
    gauge('v3pls_watchdog_last_run_timestamp_seconds', 'When the watchdog last ran.', {
      value: readSeconds(watchdog.lastRunAt),
    }),
    gauge('v3pls_watchdog_violations', 'What the last run of the watchdog found.', ...readChecks(watchdog.checks)),
    {
      name: 'v3pls_automatic_executions',
      type: 'counter',
      help: 'Executions by anybody that do not say a person did them, since the beginning.',
      samples: [{ value: measured('no_auto_executions') }],
    },
    gauge('v3pls_executions', 'Executions by anybody, in the window.', inWindow(monitoring.executions.total)),
    gauge('v3pls_patterns', 'Patterns there are.', { value: measured('patterns_visible') }),
    gauge('v3pls_active_patterns', 'Patterns that are switched on.', { value: measured('all_inactive') }),
    gauge('v3pls_pattern_confidence_ratio', 'Average confidence of the patterns.', {
      value: measured('average_confidence'),
    }),
    gauge('v3pls_learning_enabled', 'Whether learning is on and the kill switch is not engaged.', {
      value: learning.enabled,
    }),
    gauge('v3pls_exchanges_learned', 'Exchanges learned, in the window.', inWindow(learning.learned)),
    gauge(
      'v3pls_exchanges_skipped',
      'Exchanges not learned, in the window, by reason.',
      ...inWindowBy('reason', learning.skipped),
    ),
    gauge(
      'v3pls_deliveries',
      'Deliveries in the window, by outcome.',
      ...inWindowBy('outcome', {
        accepted: deliveries.accepted,
        duplicate: deliveries.duplicate,
        ignored: deliveries.ignored,
        quarantined: deliveries.quarantined,
        refused: deliveries.refused,
      }),
    ),
    gauge('v3pls_last_delivery_timestamp_seconds', 'When the last authentic delivery came.', {
      value: readSeconds(deliveries.lastAt),
    }),
    gauge('v3pls_shadow_decisions', 'Shadow decisions, in the window.', inWindow(shadow.decisions)),
    gauge(
      'v3pls_shadow_judgements',
      'Shadow decisions that were judged, in the window, by agreement.',
      ...inWindowBy('agreement', { agreed: shadow.agreed, disagreed: shadow.disagreed }),
    ),
    gauge(
      'v3pls_shadow_coverage_ratio',
      'Share of the customer turns in the window that it would have answered.',
      inWindow(shadow.coverage),
    ),
    gauge(
      'v3pls_workload_saved_seconds',
      'Turns judged agreed in the window, times the median time that operators took for them.',
      // Turns whose times nobody knows: then neither does this.
      inWindow(saved.n > 0 && saved.medianSeconds === null ? null : saved.seconds),
    ),
  ];
}

function gauge(name: string, help: string, ...samples: Sample[]): Family {
  return { name, type: 'gauge', help, samples };
}

/** A family of which nothing is known is left out as a whole. */
function writeFamily({ name, type, help, samples }: Family): string {
  const unit = UNIT.exec(name)?.[1];
  const lines = samples.flatMap(({ value, labels }) => {
    const number = writeNumber(value);
    return number === null
      ? []
      : [`${type === 'counter' ? `${name}_total` : name}${writeLabels(labels ?? {})} ${number}\n`];
  });
  if (lines.length === 0) return '';
  const metadata = [
    `TYPE ${name} ${type}`,
    ...(unit ? [`UNIT ${name} ${unit}`] : []),
    `HELP ${name} ${escapeText(help)}`,
  ];
  return `${metadata.map(line => `# ${line}\n`).join('')}${lines.join('')}`;
}

function writeNumber(value: unknown): string | null {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null;
}

function writeLabels(labels: Record<string, string>): string {
  const written = Object.entries(labels).map(([name, value]) => `${name}="${escapeText(value)}"`);
  return written.length > 0 ? `{${written.join(',')}}` : '';
}

function escapeText(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}

function readSeconds(moment: string | null): number | null {
  return moment === null ? null : Date.parse(moment) / 1000;
}

/** @param checks as some run recorded them; what has another shape is nothing known */
function readChecks(checks: unknown): Sample[] {
  const rows: { id?: unknown; violations?: unknown }[] = Array.isArray(checks) ? checks : [];
  // One series a check, whatever a run recorded.
  const found = new Map(rows.map(row => [row?.id, row?.violations]));
  return [...found].flatMap(([id, value]) => (typeof id === 'string' ? [{ value, labels: { check: id } }] : []));
}

// One line of the doctor's report: what was measured and, unless all is well, what to do. A thing that could not be
// measured is unknown, never a pass.

export type Status = 'pass' | 'fail' | 'unknown';
export type Check = {
  /** Stable, for whoever reads `--json`. */
  id: string;
  title: string;
  status: Status;
  measured: string;
  /** What to do; null where nothing is to be done. */
  todo: string | null;
};

export type Title = { id: string; title: string };

export const pass = (title: Title, measured: string): Check => ({ ...title, status: 'pass', measured, todo: null });
export const fail = (title: Title, measured: string, todo: string): Check => ({
  ...title,
  status: 'fail',
  measured,
  todo,
});
export const unknown = (title: Title, measured: string, todo: string | null = null): Check => ({
  ...title,
  status: 'unknown',
  measured,
  todo,
});

export function countStatuses(checks: readonly Check[]): Record<Status, number> {
  const counts = { pass: 0, fail: 0, unknown: 0 };
  for (const { status } of checks) counts[status] += 1;
  return counts;
}

const MARK: Record<Status, string> = { pass: '✓', fail: '✗', unknown: '?' };

/** A line for each, and under what is not well what to do. */
export function listLines(checks: readonly Check[]): string[] {
  return checks.flatMap(({ status, title, measured, todo }) => [
    `${MARK[status]} ${title}: ${measured}`,
    ...(todo === null ? [] : [`    ${todo}`]),
  ]);
}

export function describeCounts({ pass, fail, unknown }: Record<Status, number>): string {
  return `${pass} pass, ${fail} fail, ${unknown} unknown`;
}

/** `3 minutes`, `2 days`: what a person wants to know of a length of time. */
export function describeMinutes(minutes: number): string {
  const [amount, unit] =
    minutes < 120 ? [minutes, 'minute'] : minutes < 48 * 60 ? [minutes / 60, 'hour'] : [minutes / 1_440, 'day'];
  const rounded = Math.round(amount);
  return `${rounded} ${unit}${rounded === 1 ? '' : 's'}`;
}

// The drill's report: what was expected, what was seen, how long it took. It can be filed as it stands: it holds numbers,
// codes and sentences of ours, no address, no customer's text.

export type Result = 'PASS' | 'FAIL' | 'SKIPPED';

export type Step = {
  /** Which part of the drill, `evidence` say. */
  scene: string;
  title: string;
  expected: string;
  seen: string;
  /** By this machine's stopwatch, the way to the database included; null where nothing was timed. */
  ms: number | null;
  result: Result;
};

/** The scenes in which something is planted that must be undone. */
const UNDOING = ['evidence', 'unclear evidence', 'queue', 'ground truth'];

export type Setting = {
  /** By the database's clock, ISO. */
  startedAt: string;
  /** What kind it is and its name, never its address. */
  database: string;
  /** PostgreSQL's own, `17.5` say. */
  version: string;
  /** Of the schema. */
  level: number;
  mode: 'scratch' | 'live';
};

export type Report = Setting & {
  ok: boolean;
  passed: number;
  failed: number;
  skipped: number;
  steps: Step[];
  /** What a reader must know of how it was done. */
  notes: string[];
  lastLine: string;
};

export function makeReport(setting: Setting, steps: Step[], notes: string[]): Report {
  const count = (result: Result) => steps.filter(step => step.result === result).length;
  const [passed, failed, skipped] = [count('PASS'), count('FAIL'), count('SKIPPED')];
  // A drill that showed nothing has not passed.
  const ok = failed === 0 && passed > 0;
  return {
    ...setting,
    ok,
    passed,
    failed,
    skipped,
    steps,
    notes,
    lastLine: sumUp(ok, steps, [passed, failed, skipped]),
  };
}

function sumUp(ok: boolean, steps: Step[], [passed, failed, skipped]: [number, number, number]): string {
  const done = passed + failed;
  const left = skipped === 0 ? '' : `, ${skipped} skipped`;
  if (!ok) {
    const first = steps.find(step => step.result === 'FAIL');
    return `FAIL: ${failed} of ${done} steps failed${left}. The first: ${first?.title ?? 'no step ran'}.`;
  }
  const slowest = Math.max(...steps.map(step => (UNDOING.includes(step.scene) ? (step.ms ?? 0) : 0)));
  return `PASS: ${passed} of ${done} steps${left}. Once it was found, everything was off within ${describeMs(slowest)}.`;
}

export function describeMs(ms: number | null): string {
  if (ms === null) return '';
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

function listHead({ startedAt, database, version, level, mode }: Report): [string, string][] {
  return [
    ['Date', `${startedAt} (the database's clock)`],
    ['Database', database],
    ['Version', `PostgreSQL ${version}, schema level ${level}`],
    ['Way', mode === 'live' ? 'in one transaction that ended in ROLLBACK' : 'on a scratch database'],
  ];
}

/** For a terminal. */
export function describeReport(report: Report): string {
  const steps = report.steps.flatMap(({ result, title, expected, seen, ms }) => [
    `${result.padEnd(7)} ${title}${ms === null ? '' : ` (${describeMs(ms)})`}`,
    ...(result === 'SKIPPED' ? [] : [`        expected: ${expected}`]),
    `        ${result === 'SKIPPED' ? 'because' : 'seen'}: ${seen}`,
  ]);
  const head = listHead(report).map(([name, value]) => `${name}: ${value}`);
  return ['Drill: nothing executes, and if anything does, it is undone', ...head, '', ...steps]
    .concat(report.notes.length === 0 ? [] : ['', ...report.notes], ['', report.lastLine])
    .join('\n');
}

/** For a file. */
export function writeMarkdown(report: Report): string {
  const row = (cells: string[]) => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const steps = report.steps.map((step, at) =>
    row([String(at + 1), step.title, step.expected, step.seen, describeMs(step.ms), step.result]),
  );
  return [
    '# Drill: nothing executes, and if anything does, it is undone',
    '',
    ...listHead(report).map(([name, value]) => `- ${name}: ${value}`),
    '',
    row(['#', 'Step', 'Expected', 'Seen', 'Time', 'Result']),
    '|---|---|---|---|---|---|',
    ...steps,
    '',
    ...report.notes.flatMap(note => [note, '']),
    `**${report.lastLine}**`,
    '',
  ].join('\n');
}

// `npm run -s drill`: plants an automatic execution as a foreign writer would, times how it is found and undone, rehearses
// kill switch, restore, release and the plan's own rollback, and prints a report that can be filed.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describeReport, writeMarkdown } from './drill/report.js';
import { runDrill, type Target } from './drill/run.js';
import { loadLocalEnvironment } from './server/local-environment.js';
import { Refusal, runScript } from './server/refusal.js';

const USAGE = `npm run -s drill -- [--postgres | --url URL | --live] [--out FILE] [--json]

Without an option, on an embedded database that is made for it and removed.
  --postgres   on a real PostgreSQL, the one that npm brought: also what needs a second session
  --url URL    on a scratch PostgreSQL that is empty; it keeps what the drill wrote
  --live       on the database of DATABASE_URL, in one transaction that always ends in ROLLBACK
  --out FILE   writes the report as Markdown too
  --json       the report as one JSON object

Ends with code 1 if any step failed.`;

runScript(async () => {
  const { target, out, json } = readArguments();
  const print = console.log;
  // The system's own log lines are not part of the report.
  console.log = console.error;
  if (target.kind === 'live') {
    loadLocalEnvironment({ generate: false });
    target.url = process.env.DATABASE_URL;
  }
  const report = await runDrill(target, { say: showProgress, onOpen: endQuietly });
  showProgress('');
  if (out !== undefined) writeReport(out, writeMarkdown(report));
  print(json ? JSON.stringify(report) : describeReport(report));
  if (!report.ok) process.exitCode = 1;
}, USAGE);

function readArguments(): { target: Target; out: string | undefined; json: boolean } {
  const flag = { type: 'boolean' as const, default: false };
  const text = { type: 'string' as const };
  try {
    const { values } = parseArgs({ options: { postgres: flag, url: text, live: flag, out: text, json: flag } });
    const { url, postgres, live, out, json } = values;
    if ([postgres, live, url !== undefined].filter(Boolean).length > 1)
      throw new Refusal(`Of --postgres, --url and --live only one can be given.\n\n${USAGE}`);
    const target: Target = live
      ? { kind: 'live' }
      : url !== undefined
        ? { kind: 'given', url }
        : { kind: postgres ? 'postgres' : 'embedded' };
    return { target, out, json };
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(`${(error as Error).message}\n\n${USAGE}`);
  }
}

/** Ctrl-C leaves nothing: no folder, and of a live drill no row, for it has committed nothing. */
function endQuietly(abandon: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      abandon();
      console.error('Stopped before its end: there is no report, and nothing of the drill remains.');
      process.exit(1);
    });
}

/** On a terminal, one line that the next one replaces. */
function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line.slice(0, process.stderr.columns - 1)}`);
}

function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new Refusal(`The report cannot be written to ${file} (${code}).`);
  }
}

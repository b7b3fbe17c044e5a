/**
 * `npm run -s backtest -- FILE [--json] [--decisions OUT.jsonl] [--from DATE] [--html OUT.html]`: learns on a line's past and
 * answers its future, in one pass in time order. Needs no database and writes nothing but OUT.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chooseSplit, readMessages, rehearseLine } from './backtest/line.js';
import { writePage } from './backtest/page.js';
import { makeReport, type Report } from './backtest/report.js';
import { sayCount } from './backtest/sentences.js';
import { summarise, toDecisionLine, writeSummary } from './backtest/summary.js';
import { makeProgressBar } from './server/progress.js';
import { Refusal, runScript } from './server/refusal.js';

const USAGE = `usage: npm run -s backtest -- FILE [--json] [--decisions OUT.jsonl] [--from DATE] [--html OUT.html]

  --from DATE             learns from everything, and counts only the turns from this day on, 2026-03-01 say; unset, the
                          table counts all of them, and the report the last 30 days (of a short file the last third)
  --html OUT.html         the report as one file for a browser, with plots; texts in it are redacted
  --decisions OUT.jsonl   a line for each turn: what it would have said, and how that compared
  --json                  the summary and the report as one JSON object`;

/** Times it was wrong that a terminal shows. */
const WRONG_ON_TERMINAL = 10;

/** Called once before the long pass too, so that it is not run for nothing. */
function writeOut(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Refusal(`${file} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`);
  }
}

function readArguments() {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean' }, decisions: text, from: text, html: text },
    });
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n\n${USAGE}`);
  }
}

/** Opens what will be written. @throws Refusal where one file would overwrite another, or cannot be written */
function openOuts(file: string, outs: Record<string, string | undefined>): void {
  const taken = new Map([[path.resolve(file), 'the file that is read']]);
  for (const [option, out] of Object.entries(outs)) {
    if (out === undefined) continue;
    const owner = taken.get(path.resolve(out));
    if (owner) throw new Refusal(`--${option} names ${owner}: it would be emptied.`);
    taken.set(path.resolve(out), `the file of --${option}`);
    writeOut(out, '');
  }
}

function printReport(report: Report): void {
  const lines = ['', report.sentence, report.savings];
  for (const { at, customerText, wouldHaveSaid, operatorText } of report.wrong.slice(0, WRONG_ON_TERMINAL)) {
    const show = (text: string | null) => (text === null ? '(not shown)' : JSON.stringify(text));
    lines.push('', `  ${at}  asked       ${show(customerText)}`);
    lines.push(
      `${' '.repeat(28)}would say   ${show(wouldHaveSaid)}`,
      `${' '.repeat(28)}staff said  ${show(operatorText)}`,
    );
  }
  const rest = report.disagreed - WRONG_ON_TERMINAL;
  if (rest > 0) lines.push('', `  and ${sayCount(rest, 'more', 'more')}: --html or --decisions`);
  lines.push('', `Chosen by what was known before ${report.testedFrom}, and nothing else: ${report.rule.words}.`);
  console.log(lines.join('\n'));
}

function main(): void {
  const { values, positionals } = readArguments();
  const file = positionals[0];
  const fromMs = values.from ? Date.parse(values.from) : null;
  if (!file || positionals.length > 1 || Number.isNaN(fromMs)) throw new Refusal(USAGE);
  const messages = readMessages(file);
  openOuts(file, { decisions: values.decisions, html: values.html });
  const line = rehearseLine(messages, fromMs ?? chooseSplit(messages), makeProgressBar('learning'));
  const turns = fromMs === null ? line.turns : line.turns.filter(turn => turn.atMs >= fromMs);
  if (values.decisions) writeOut(values.decisions, turns.map(turn => `${toDecisionLine(turn)}\n`).join(''));
  const report = makeReport(line);
  if (values.html) writeOut(values.html, writePage(report, path.basename(file)));
  const summary = summarise(turns);
  if (values.json) {
    console.log(JSON.stringify({ file, ...summary, report }));
    return;
  }
  console.log(writeSummary(summary));
  printReport(report);
}

runScript(async () => main(), USAGE);

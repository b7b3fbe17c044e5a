// The development lines through the acceptance script, which scores our own backtest against the gold acts.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

export type LineFigures = {
  command: string;
  nmi: number;
  /** Percent. */
  any: number;
  coverageAt80: number;
  patterns: number;
  turns: number;
};

const SCRIPT = '../shared/acceptance/lines.mjs';

/** @returns null where the script or the lines are not there; throws where it says nothing that can be read */
export async function measureLines(streams: string, count: number): Promise<LineFigures | null> {
  if (!existsSync(SCRIPT) || !existsSync(streams)) return null;
  const ending = '.messages.jsonl.gz';
  const lines = readdirSync(streams).filter(name => name.endsWith(ending));
  const names = lines.map(name => name.slice(0, -ending.length)).sort();
  const words = [SCRIPT, 'strong', streams, ...names.slice(0, count)];
  // It exits with 1 where the strong values are not reached; its figures are the same.
  const output = await new Promise<string>(resolve => {
    execFile(process.execPath, words, { maxBuffer: 1 << 24 }, (_error, stdout) => resolve(stdout));
  });
  const found = /NMI ([\d.]+), any ([\d.]+), coverage at 80 % ([\d.]+), patterns a line ([\d.]+) .*turns (\d+)/.exec(
    output,
  );
  if (!found) throw new Error(`${SCRIPT} printed no figures.`);
  const [nmi, any, coverageAt80, patterns, turns] = found.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return { command: `node ${words.join(' ')}`, nmi, any, coverageAt80, patterns, turns };
}

// A drill's report that somebody filed, as `drill --out FILE` or `drill --json` wrote it: read back by the lines that count.
import { readFileSync } from 'node:fs';
import * as z from 'zod';

export type DrillReport = {
  startedAt: string;
  level: number;
  mode: 'scratch' | 'live';
  /** What kind of database it was. */
  database: string;
  ok: boolean;
  lastLine: string;
};

export type DrillFile =
  | { kind: 'unnamed' }
  | { kind: 'unusable'; file: string; why: string }
  | { kind: 'read'; file: string; report: DrillReport };

const reportShape = z.object({
  startedAt: z.iso.datetime(),
  level: z.int(),
  mode: z.enum(['scratch', 'live']),
  database: z.string().max(200),
  ok: z.boolean(),
  lastLine: z
    .string()
    .regex(/^(PASS|FAIL): /)
    .max(500),
});

/** @param file as the person named it */
export function readDrillReport(file: string | undefined): DrillFile {
  if (file === undefined) return { kind: 'unnamed' };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return { kind: 'unusable', file, why: code === 'ENOENT' ? 'is not there' : `cannot be read (${code})` };
  }
  const report = parseDrillReport(text);
  return report ? { kind: 'read', file, report } : { kind: 'unusable', file, why: "is not a drill's report" };
}

/** @returns null for what is no report, or lacks one of the lines */
export function parseDrillReport(text: string): DrillReport | null {
  const parsed = reportShape.safeParse(text.trimStart().startsWith('{') ? parseJson(text) : parseMarkdown(text));
  if (!parsed.success) return null;
  // A report that says two things says nothing.
  return parsed.data.ok === parsed.data.lastLine.startsWith('PASS') ? parsed.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseMarkdown(text: string): unknown {
  const find = (pattern: RegExp) => pattern.exec(text)?.[1];
  const way = find(/^- Way: (.+)$/m) ?? '';
  const lastLine = find(/^\*\*((?:PASS|FAIL): .+)\*\*\s*$/m);
  const hasFailed = /\| FAIL \|\s*$/m.test(text);
  return {
    startedAt: find(/^- Date: (\S+)/m),
    level: Number(find(/^- Version: .*schema level (\d+)\s*$/m)),
    mode: way.includes('ROLLBACK') ? 'live' : way.includes('scratch') ? 'scratch' : undefined,
    database: find(/^- Database: (.+)$/m),
    ok: lastLine?.startsWith('PASS') && !hasFailed,
    lastLine,
  };
}

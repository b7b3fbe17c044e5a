// The plan's three checklists as the report shows them: every line judged, in the plan's order and words. Pure.
import { judgeAfter } from './after.js';
import { judgeBefore } from './before.js';
import { type Check, countStatuses, describeCounts, listLines, type Status } from './check.js';
import { judgeDuring } from './during.js';
import type { Evidence } from './evidence.js';
import { CHECKLIST_IDS, CHECKLISTS, type ChecklistId } from './plan-lines.js';

export type Checklist = {
  id: ChecklistId;
  title: string;
  counts: Record<Status, number>;
  parts: { title: string; lines: Check[] }[];
};

const JUDGES: Record<ChecklistId, (evidence: Evidence) => Check[]> = {
  before: judgeBefore,
  during: judgeDuring,
  after: judgeAfter,
};

/** @param asked one of them; undefined for all three */
export function judgeChecklists(evidence: Evidence, asked?: ChecklistId): Checklist[] {
  const ids = asked === undefined ? CHECKLIST_IDS : [asked];
  return ids.map(id => {
    const { title, parts } = CHECKLISTS[id];
    const checks = JUDGES[id](evidence);
    const requireCheck = (line: string) => {
      const check = checks.find(one => one.id === line);
      if (!check) throw new Error(`no judgement of ${line}`);
      return check;
    };
    return {
      id,
      title,
      counts: countStatuses(checks),
      parts: parts.map(part => ({ title: part.title, lines: part.lines.map(line => requireCheck(line.id)) })),
    };
  });
}

/** Whether the command ends well: by the checks, and by a checklist only where it was asked for by name. */
export function isWell(checks: readonly Check[], checklists: readonly Checklist[], asked?: ChecklistId): boolean {
  const isDone = checklists.every(({ counts }) => counts.fail === 0);
  return countStatuses(checks).fail === 0 && (asked === undefined || isDone);
}

/** The checks, the checklists below them, and last the numbers of the checks. */
export function describeReport(
  checks: readonly Check[],
  checklists: readonly Checklist[],
  asked?: ChecklistId,
): string {
  const sections = checklists.flatMap(({ title, counts, parts }) => [
    `The plan, ${title}: ${describeCounts(counts)}`,
    ...parts.flatMap(part => [
      ...(parts.length > 1 ? [`  ${part.title}`] : []),
      ...listLines(part.lines).map(line => `  ${line}`),
    ]),
    '',
  ]);
  const note =
    asked === undefined
      ? [
          'The checklists are of their moments: what fails in one ends this with code 1 only with --checklist before, during or after.',
        ]
      : [];
  return [...listLines(checks), '', ...sections, ...note, `The checks: ${describeCounts(countStatuses(checks))}`].join(
    '\n',
  );
}

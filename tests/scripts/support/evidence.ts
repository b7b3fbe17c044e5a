// A line that is well in every respect that the doctor's checklists judge; each test changes the one thing that it is about.
import type { WatchFacts } from '../../../db/doctor.js';
import { CATALOG } from '../../../lib/safety/catalog.js';
import { readCatalog } from '../../../lib/safety/catalog-check.js';
import type { PlanFacts } from '../../../scripts/doctor/ask-plan-facts.js';
import { type Backup, makeBackup } from '../../../scripts/doctor/backup.js';
import { judgeChecklists } from '../../../scripts/doctor/checklists.js';
import type { Setting } from '../../../scripts/doctor/database.js';
import type { DrillReport } from '../../../scripts/doctor/drill-report.js';
import type { Evidence } from '../../../scripts/doctor/evidence.js';

export const NOW = '2026-11-23T12:00:00.000Z';
export const LEVEL = 20;
export const ago = (minutes: number) => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();
export const DAY = 1_440;

export const CATALOG_FACTS = { major: 17, facts: readCatalog(CATALOG) };

export function settingsWith(values: { enabled?: boolean; shadow_mode?: boolean; silence_hours?: number } = {}) {
  const all = { enabled: true, shadow_mode: true, silence_hours: 72, ...values };
  const usual = { enabled: false, shadow_mode: true, silence_hours: 72 };
  return Object.entries(all).map(
    ([key, value]): Setting => ({ key, value, default: usual[key as keyof typeof usual] }),
  );
}

export function factsWith(changed: Partial<PlanFacts> = {}): PlanFacts {
  return {
    now: NOW,
    database: 'database 1',
    version: '17.5',
    defaults: { is_active: 'false', auto_executable: 'false', requires_confirmation: 'true' },
    patterns: { count: 12, active: 0, executable: 0, confident: 2, edited: 1, lastDay: 3, lastWeek: 12 },
    executions: { lastDay: 0, automaticLastDay: 0, automaticEver: 0 },
    enabledAt: ago(2 * DAY),
    exchanges: { answered: 60, learned: 40, skipped: { acknowledgement: 15, secret: 5 } },
    runs: { byStatus: { clean: 288 }, widestGapMinutes: 5.2 },
    incidentsLastDay: 0,
    ...changed,
  };
}

export const withPatterns = (changed: Partial<PlanFacts['patterns']>) =>
  factsWith({ patterns: { ...factsWith().patterns, ...changed } });

export const WATCH: WatchFacts = {
  ...{ now: NOW, lastRunAt: ago(3), lastStatus: 'clean', leaseUntil: ago(-8), intervalMinutes: 5 },
  ...{ isLatched: false, openIncidents: 0 },
};

export function backupWith(values: Parameters<typeof settingsWith>[0] = {}, count = 12): Backup {
  const versions = Array.from({ length: count }, (_, at) => ({ id: `pattern ${at}`, version: 1, isActive: false }));
  return makeBackup(settingsWith({ enabled: false, ...values }), factsWith(), versions, LEVEL);
}

export const reportWith = (changed: Partial<DrillReport> = {}): DrillReport => ({
  startedAt: ago(3 * DAY),
  level: LEVEL,
  mode: 'scratch',
  database: 'PostgreSQL from npm, made for this drill',
  ok: true,
  lastLine: 'PASS: 22 of 22 steps. Once it was found, everything was off within 61 ms.',
  ...changed,
});

export const drilled = (changed: Partial<DrillReport> = {}): Partial<Evidence> => ({
  drill: { kind: 'read', file: 'drill.md', report: reportWith(changed) },
});

export function evidenceWith(changed: Partial<Evidence> = {}): Evidence {
  return {
    why: 'not measured: the database was not asked',
    settings: settingsWith(),
    watch: WATCH,
    line: { now: NOW, lastDeliveryAt: ago(30), silenceHours: 72, refused: [], quarantined: [] },
    catalog: CATALOG_FACTS,
    facts: factsWith(),
    page: { fault: null, list: { count: 12, active: 0 }, milestones: [4, 3, 1] },
    backup: { kind: 'read', file: 'backup.json', backup: backupWith() },
    drill: { kind: 'read', file: 'drill.md', report: reportWith() },
    schemaLevel: LEVEL,
    isHobby: false,
    nowMs: Date.parse(NOW),
    ...changed,
  };
}

/** What is left where neither the database nor a deployment was asked. */
export const UNASKED: Partial<Evidence> = {
  ...{ settings: undefined, watch: undefined, line: undefined, catalog: undefined, facts: undefined, page: undefined },
};

/** The line of the plan with these words, judged. */
export function judgeLineOf(words: string, changed: Partial<Evidence> = {}) {
  const lines = judgeChecklists(evidenceWith(changed)).flatMap(({ parts }) => parts.flatMap(part => part.lines));
  const found = lines.filter(({ title }) => title === words);
  if (found.length !== 1) throw new Error(`${found.length} lines say "${words}"`);
  return found[0]!;
}

// The configuration in a file, as the plan asks before activation: values, the number of patterns and their versions, and no
// text. A file that is there is compared and never written over.
import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import type { PatternVersion, PlanFacts } from './ask-plan-facts.js';
import type { Setting } from './database.js';

const WHAT = 'V3-PLS configuration';

const backupShape = z.object({
  what: z.literal(WHAT),
  takenAt: z.iso.datetime(),
  database: z.string(),
  schemaLevel: z.int(),
  postgresVersion: z.string(),
  /** As PATCH /api/config takes it for `values`. */
  configuration: z.record(z.string(), z.union([z.boolean(), z.number(), z.string()])),
  patterns: z.object({
    count: z.int().min(0),
    active: z.int().min(0),
    versions: z.array(z.object({ id: z.string(), version: z.int(), isActive: z.boolean() })),
  }),
});
export type Backup = z.infer<typeof backupShape>;

export type BackupFile =
  | { kind: 'unnamed' }
  | { kind: 'absent'; file: string }
  /** `why` says what is wrong with it, or why it could not be written. */
  | { kind: 'unusable'; file: string; why: string }
  | { kind: 'read'; file: string; backup: Backup };

/** @param file as the person named it */
export function readBackup(file: string | undefined): BackupFile {
  if (file === undefined) return { kind: 'unnamed' };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { kind: 'absent', file } : { kind: 'unusable', file, why: `cannot be read (${code})` };
  }
  const parsed = backupShape.safeParse(parse(text));
  if (!parsed.success) return { kind: 'unusable', file, why: 'is not what --backup writes' };
  return { kind: 'read', file, backup: parsed.data };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function makeBackup(
  settings: readonly Setting[],
  facts: PlanFacts,
  versions: readonly PatternVersion[],
  schemaLevel: number,
): Backup {
  return {
    what: WHAT,
    takenAt: new Date(facts.now).toISOString(),
    database: facts.database,
    schemaLevel,
    postgresVersion: facts.version,
    configuration: Object.fromEntries(settings.map(({ key, value }) => [key, value])),
    patterns: {
      count: versions.length,
      active: versions.filter(({ isActive }) => isActive).length,
      versions: [...versions],
    },
  };
}

/** @returns what stands in the file afterwards */
export function writeBackup(file: string, backup: Backup): BackupFile {
  try {
    // Somebody else's file of that name, made meanwhile, is not written over either.
    writeFileSync(file, `${JSON.stringify(backup, null, 2)}\n`, { flag: 'wx' });
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return { kind: 'unusable', file, why: `cannot be written (${code})` };
  }
  return readBackup(file);
}

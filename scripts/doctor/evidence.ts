// What the lines of the checklists are judged by: what was measured, the files that a person named, and why the rest is missing.
import type { LineFacts, WatchFacts } from '../../db/doctor.js';
import type { CatalogFacts } from '../../lib/safety/catalog-check.js';
import type { PageFacts } from './ask-page.js';
import type { PlanFacts } from './ask-plan-facts.js';
import type { BackupFile } from './backup.js';
import type { Setting } from './database.js';
import type { DrillFile } from './drill-report.js';

export type Evidence = {
  /** Why what the database alone can tell is missing, where it is. */
  why: string;
  /** Of the database, else by the deployment's word. */
  settings?: Setting[];
  watch?: WatchFacts;
  line?: LineFacts;
  catalog?: CatalogFacts;
  facts?: PlanFacts;
  /** With `--url`. */
  page?: PageFacts;
  backup: BackupFile;
  drill: DrillFile;
  /** Of this code. */
  schemaLevel: number;
  /** The cron runs once a day, and other runs come with deliveries. */
  isHobby: boolean;
  /** By this machine's clock, Unix milliseconds. */
  nowMs: number;
};

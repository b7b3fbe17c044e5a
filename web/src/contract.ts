/**
 * The answers that the page reads, as the API contract names them. Everything is optional here on purpose: what an
 * answer does not say is shown as "unknown", never guessed.
 */

type Loose<T> = T extends (infer Item)[]
  ? Loose<Item>[]
  : T extends object
    ? { [Key in keyof T]?: Loose<T[Key]> | null }
    : T;

export type Gate = Loose<{ id: string; ok: boolean; measured: unknown; required: unknown; detail: string }>;

export type Pattern = Loose<{
  id: string;
  patternType: string;
  triggerText: string;
  triggerExamples: string[];
  responseTemplate: string;
  slots: unknown[];
  /** 0 to 1. */
  confidenceScore: number;
  /** 0 to 1. */
  confidenceLowerBound: number;
  status: string;
  isActive: boolean;
  evidence: { exchanges: number; customers: number; operators: number; days: number };
  shadow: { decisions: number; judged: number; agreed: number; disagreed: number };
  eligible: boolean;
  flags: string[];
  firstSeen: string;
  lastSeen: string;
  version: number;
}> & { gates?: Gate[] | null };

export type Counts = Loose<{ learning: number; pendingReview: number; active: number; retired: number }>;

export type PatternPage = { patterns?: Pattern[] | null; nextCursor?: string | null; counts?: Counts | null };

export type Monitoring = Loose<{
  deliveries: { lastAt: string };
  watchdog: { lastRunAt: string; leaseUntil: string };
  incidents: { open: number };
}> & { killSwitch?: unknown };

export type Config = { values?: Record<string, unknown> | null };

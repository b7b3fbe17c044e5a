/**
 * What whole threads teach, exchange by exchange in the order of time, with a model that learns as it goes: the batch form of
 * `followThread`. The law: what is taught and not written is taken back, so that the model never knows more than the database.
 */
import type { ExampleRecord, Model, PatternRecord } from './model.js';
import { putExample, putPattern, removeExample, removePattern } from './model.js';
import { learnInto, planExchange, readThread } from './plan-exchange.js';
import type {
  ExchangeWrite,
  FollowSettings,
  PatternWrite,
  RowIds,
  StoredExchange,
  ThreadView,
  WordsOf,
} from './thread-view.js';

/** One exchange of one thread that has to be written. */
export type Step = {
  threadId: string;
  /** When it was complete; Unix milliseconds. */
  atMs: number;
  write: ExchangeWrite;
  stored: StoredExchange | undefined;
  mustLearn: boolean;
  /** Rows of the thread that its messages no longer derive: they go with its first step. */
  withdrawn: StoredExchange[];
};

/** @returns in the order of time; none where everything is written already */
export function planSteps(threadId: string, view: ThreadView, settings: FollowSettings, ids: RowIds): Step[] {
  const read = readThread(view, settings);
  const steps = read.derived.flatMap(exchange => {
    const planned = planExchange(exchange, read, view, settings, ids);
    return planned
      ? [
          {
            threadId,
            atMs: (exchange.operator ?? exchange.customer)!.endMs,
            ...planned,
            withdrawn: [] as StoredExchange[],
          },
        ]
      : [];
  });
  // What vanished was taken over by an exchange that is written: a row is withdrawn because its messages stand elsewhere now.
  if (steps[0]) steps[0].withdrawn = read.vanished;
  return steps;
}

/** Ties by key: the same set of threads, the same order. */
export function compareSteps(a: Step, b: Step): number {
  return a.atMs - b.atMs || (a.write.exchange.key < b.write.exchange.key ? -1 : 1);
}

type Texts = { customerText: string; replyText: string };
export type PatternCreate = Extract<PatternWrite, { kind: 'create' }>;
export type PatternWords = Extract<PatternWrite, { kind: 'words' }>;

/** What one batch of steps writes, and how the model forgets it again. */
export type Batch = {
  steps: Step[];
  created: Map<string, PatternCreate>;
  worded: Map<string, PatternWords>;
  bereft: Set<string>;
  touched: Set<string>;
  /** What was learned in it, by exchange: its texts stand in no table yet. */
  texts: Map<string, Texts>;
  undo: (() => void)[];
  /** Something was replaced that the model cannot get back: it has to be loaded anew. */
  isFinal: boolean;
};

export function openBatch(): Batch {
  return {
    steps: [],
    created: new Map(),
    worded: new Map(),
    bereft: new Set(),
    touched: new Set(),
    texts: new Map(),
    undo: [],
    isFinal: false,
  };
}

/**
 * Teaches the model one step and adds it to the batch.
 * @param newPatternId of the pattern that this exchange creates, by the exchange's key
 * @returns an exchange whose words its pattern should get, to be looked up and given to `reword`
 */
export function teach(step: Step, batch: Batch, model: Model, newPatternId: (key: string) => string): WordsOf | null {
  const { write, stored, mustLearn, withdrawn } = step;
  batch.steps.push(step);
  for (const row of withdrawn) {
    forget(row.id, batch, model);
    if (row.patternId) lose(row.patternId, batch);
  }
  const pattern = mustLearn ? learnInto(write, stored, model, newPatternId) : null;
  if (stored?.patternId && stored.patternId !== write.patternId) lose(stored.patternId, batch);
  if (write.patternId) batch.touched.add(write.patternId);
  if (!write.example || !write.patternId) {
    if (stored?.patternId && !write.patternId) forget(write.id, batch, model);
    return null;
  }
  if (pattern?.kind === 'create') create(pattern, batch, model);
  const { customerText, previousOperatorText, replyText } = write.example;
  remember(
    { exchangeId: write.id, patternId: write.patternId, customerText, previousOperatorText, replyText },
    batch,
    model,
  );
  if (pattern?.kind === 'words') reword(pattern, batch, model);
  return pattern?.kind === 'words_of' ? pattern : null;
}

/** A pattern gets other words: as its next version, or, where it is not written yet, as its first. */
export function reword(words: PatternWords, batch: Batch, model: Model): void {
  const { record } = model.patterns.get(words.id)!;
  const { triggerText, responseTemplate, slots, facts } = words;
  if (record.responseTemplate === responseTemplate && record.triggerText === triggerText) return;
  const created = batch.created.get(words.id);
  const isWritten = !created && !batch.worded.has(words.id);
  if (created) batch.created.set(words.id, { ...created, triggerText, responseTemplate, slots, facts });
  else batch.worded.set(words.id, words);
  const version = isWritten ? record.version + 1 : record.version;
  replacePattern({ ...record, triggerText, responseTemplate, version, confidence: 0.5 }, record, batch, model);
}

/** The newest first, as it was learned last. @returns whether the model stands as before the batch; else it has to be loaded anew */
export function takeBack(batch: Batch): boolean {
  if (batch.isFinal) return false;
  for (const undo of batch.undo.reverse()) undo();
  return true;
}

function create(
  { id, triggerText, responseTemplate, patternType, ...rest }: PatternCreate,
  batch: Batch,
  model: Model,
): void {
  batch.created.set(id, { id, triggerText, responseTemplate, patternType, ...rest });
  const fresh = { id, version: 1, triggerText, responseTemplate, patternType, confidence: 0.5 };
  putPattern(model, { ...fresh, isEdited: false, isActive: false, isRetired: false });
  batch.undo.push(() => removePattern(model, id));
}

function replacePattern(record: PatternRecord, before: PatternRecord, batch: Batch, model: Model): void {
  putPattern(model, record);
  batch.undo.push(() => putPattern(model, before));
}

function remember(record: ExampleRecord, batch: Batch, model: Model): void {
  const { exchangeId, customerText, replyText } = record;
  if (model.examples.has(exchangeId)) batch.isFinal = true;
  putExample(model, record);
  batch.texts.set(exchangeId, { customerText, replyText });
  batch.undo.push(() => removeExample(model, exchangeId));
}

function forget(exchangeId: string, batch: Batch, model: Model): void {
  if (!model.examples.has(exchangeId)) return;
  batch.isFinal = true;
  removeExample(model, exchangeId);
}

function lose(patternId: string, batch: Batch): void {
  batch.bereft.add(patternId);
  batch.touched.add(patternId);
}

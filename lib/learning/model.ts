/**
 * The matcher's memory: patterns, their examples, and an index of both. The law: what it answers depends on what it holds,
 * never on the order in which that was put in.
 */
import { addDoc, compare, createIndex, type Index, removeDoc } from './candidates.js';
import { Doc, hasSameTokens, type PackedTexts } from './doc.js';
import { readTokens, readTrigger } from './features.js';
import { packTokens } from './lexicon.js';
import { type Meaning, middleOf } from './meaning.js';
import { type Recalibration, UNCHANGED } from './recalibration.js';
import { hashText } from './words.js';

export type PatternRecord = {
  id: string;
  version: number;
  triggerText: string;
  responseTemplate: string;
  patternType: string;
  isEdited: boolean;
  isActive: boolean;
  isRetired: boolean;
  confidence: number;
};

export type ExampleRecord = {
  exchangeId: string;
  patternId: string;
  customerText: string;
  previousOperatorText: string;
  replyText: string;
};

export type PatternEntry = {
  record: PatternRecord;
  /** Exchange ids by a hash of the id: the first few are a sample that no order of arrival can bias. */
  members: string[];
  /** Its own words, exactly while they count. */
  own: Doc | null;
  /** What its examples are about, in the middle; undefined until first needed, and again after a change. */
  middle: Meaning | null | undefined;
};

/** Members whose middle stands for a pattern. */
const MIDDLE_SAMPLE = 8;

export type Model = {
  patterns: Map<string, PatternEntry>;
  /** In the order of arrival. */
  examples: Map<string, Doc>;
  /** Examples whose pattern has not been put in (yet), by that pattern's id. */
  waiting: Map<string, Set<string>>;
  index: Index;
  /** How match confidence is adjusted to this business. */
  recalibration: Recalibration;
};

export function createModel(): Model {
  return {
    patterns: new Map(),
    examples: new Map(),
    waiting: new Map(),
    index: createIndex(),
    recalibration: UNCHANGED,
  };
}

/** Adds or replaces a pattern; new words replace its features at once. */
export function putPattern(model: Model, record: PatternRecord): void {
  const before = model.patterns.get(record.id);
  if (!before) {
    const members = sortByHash(model.waiting.get(record.id) ?? []);
    model.waiting.delete(record.id);
    model.patterns.set(record.id, { record, members, own: null, middle: undefined });
  } else {
    if (!hasSameWords(before.record, record)) {
      if (before.own) removeDoc(model.index, before.own);
      before.own = null;
      before.middle = undefined;
    }
    before.record = record;
  }
  indexOwn(model, model.patterns.get(record.id)!);
}

/** Forgets a pattern; its examples wait, in case it returns, and match nothing meanwhile. */
export function removePattern(model: Model, id: string): void {
  const entry = model.patterns.get(id);
  if (!entry) return;
  if (entry.own) removeDoc(model.index, entry.own);
  model.patterns.delete(id);
  if (entry.members.length > 0) model.waiting.set(id, new Set(entry.members));
}

/** Adds an example, or replaces the one of the same exchange, which may have moved to another pattern. */
export function putExample(model: Model, record: ExampleRecord): void {
  const { lexicon } = model.index;
  const trigger = readTrigger(record.customerText, record.previousOperatorText);
  putTexts(model, record.exchangeId, record.patternId, {
    customer: packTokens(lexicon, trigger?.customer ?? []),
    previous: packTokens(lexicon, trigger?.previous ?? []),
    reply: packTokens(lexicon, readTokens(record.replyText)),
  });
}

/** The same of texts that were read before; their words are of this model's lexicon. */
export function putTexts(model: Model, exchangeId: string, patternId: string, texts: PackedTexts): void {
  const before = model.examples.get(exchangeId);
  if (before && before.patternId === patternId && hasSameTexts(before.texts, texts)) return;
  const doc = new Doc(exchangeId, patternId, texts, model.index.lexicon);
  // Before the old one goes, whose words these may be.
  addDoc(model.index, doc);
  removeExample(model, exchangeId);
  model.examples.set(exchangeId, doc);
  const entry = model.patterns.get(patternId);
  if (entry) {
    insertSorted(entry.members, exchangeId);
    entry.middle = undefined;
    indexOwn(model, entry);
  } else model.waiting.set(patternId, (model.waiting.get(patternId) ?? new Set()).add(exchangeId));
}

export function removeExample(model: Model, exchangeId: string): void {
  const before = model.examples.get(exchangeId);
  if (!before) return;
  removeDoc(model.index, before);
  model.examples.delete(exchangeId);
  const { patternId } = before;
  const entry = model.patterns.get(patternId);
  if (entry) {
    entry.members.splice(entry.members.indexOf(exchangeId), 1);
    entry.middle = undefined;
    indexOwn(model, entry);
  }
  const waiting = model.waiting.get(patternId);
  waiting?.delete(exchangeId);
  if (waiting?.size === 0) model.waiting.delete(patternId);
}

/** Up to `limit` members' documents, the same whatever came first, and the pattern's own words where they count. */
export function sampleDocs(model: Model, entry: PatternEntry, limit: number, exceptExchangeId: string | null): Doc[] {
  const docs: Doc[] = entry.own ? [entry.own] : [];
  for (const id of entry.members) {
    if (docs.length >= limit) break;
    if (id !== exceptExchangeId) docs.push(model.examples.get(id)!);
  }
  return docs;
}

export function middleOfPattern(model: Model, entry: PatternEntry): Meaning | null {
  if (entry.middle === undefined) {
    const docs = sampleDocs(model, entry, MIDDLE_SAMPLE, null);
    entry.middle = middleOf(docs.map(doc => doc.meaning));
  }
  return entry.middle;
}

/** A pattern's own words are in the index exactly while they count. */
function indexOwn(model: Model, entry: PatternEntry): void {
  if (countsItself(entry) === (entry.own !== null)) return;
  if (entry.own) {
    removeDoc(model.index, entry.own);
    entry.own = null;
    return;
  }
  const { id, triggerText, responseTemplate } = entry.record;
  const { lexicon } = model.index;
  const texts = {
    customer: packTokens(lexicon, readTrigger(triggerText, null)?.customer ?? []),
    previous: null,
    reply: packTokens(lexicon, readTokens(responseTemplate)),
  };
  entry.own = new Doc(`pattern:${id}`, id, texts, lexicon);
  addDoc(model.index, entry.own);
}

/** A pattern's own words count while it has no example, and whenever a person wrote them. */
function countsItself(entry: PatternEntry): boolean {
  return entry.members.length === 0 || entry.record.isEdited;
}

function compareByHash(a: string, b: string): number {
  return hashText(a) - hashText(b) || compare(a, b);
}

function sortByHash(ids: Iterable<string>): string[] {
  const hashed = Array.from(ids, id => ({ id, hash: hashText(id) }));
  return hashed.sort((a, b) => a.hash - b.hash || compare(a.id, b.id)).map(({ id }) => id);
}

function insertSorted(members: string[], id: string): void {
  let low = 0;
  let high = members.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareByHash(members[middle]!, id) < 0) low = middle + 1;
    else high = middle;
  }
  members.splice(low, 0, id);
}

function hasSameWords(a: PatternRecord, b: PatternRecord): boolean {
  return a.triggerText === b.triggerText && a.responseTemplate === b.responseTemplate;
}

function hasSameTexts(a: PackedTexts, b: PackedTexts): boolean {
  return (['customer', 'previous', 'reply'] as const).every(side => hasSameTokens(a[side], b[side]));
}

/**
 * The matcher's memory: patterns, their examples, and an inverted index over both sides' features. The law: what it answers
 * depends on what it holds, never on the order in which that was put in.
 */
import { featuriseReply, featuriseTrigger, hash, listTrigrams, type Vector } from './features.js';
import { type Meaning, middleOf, readMeaning } from './meaning.js';

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

/** One indexed text pair: an example, or a pattern's own words. */
export type Doc = {
  /** The exchange's id, or "pattern:" and the pattern's: breaks ties, so it never depends on insertion. */
  key: string;
  patternId: string;
  trigger: Vector | null;
  reply: Vector | null;
  /** Of the customer's text; filled when first needed. */
  trigrams: Set<string> | null;
  /** What the customer's text is about. */
  meaning: Meaning | null;
  customerText: string;
};

export type PatternEntry = {
  record: PatternRecord;
  /** Exchange ids by a hash of the id: the first few are a sample that no order of arrival can bias. */
  members: string[];
  own: Doc;
  /** What its examples are about, in the middle; undefined until first needed, and again after a change. */
  middle: Meaning | null | undefined;
};

/** Members whose middle stands for a pattern. */
const MIDDLE_SAMPLE = 24;

export type Side = 'trigger' | 'reply';

export type Model = {
  patterns: Map<string, PatternEntry>;
  examples: Map<string, { record: ExampleRecord; doc: Doc }>;
  /** Examples whose pattern has not been put in (yet), by that pattern's id. */
  waiting: Map<string, Set<string>>;
  index: Record<Side, Map<number, Set<Doc>>>;
};

export function createModel(): Model {
  return {
    patterns: new Map(),
    examples: new Map(),
    waiting: new Map(),
    index: { trigger: new Map(), reply: new Map() },
  };
}

/** Adds or replaces a pattern; new words replace its features at once. */
export function putPattern(model: Model, record: PatternRecord): void {
  const before = model.patterns.get(record.id);
  if (before && hasSameWords(before.record, record)) {
    before.record = record;
    return;
  }
  if (before) removeDoc(model, before.own);
  const own: Doc = {
    key: `pattern:${record.id}`,
    patternId: record.id,
    trigger: featuriseTrigger(record.triggerText, null),
    reply: featuriseReply(record.responseTemplate),
    trigrams: null,
    meaning: readMeaning(record.triggerText),
    customerText: record.triggerText,
  };
  addDoc(model, own);
  const members = before?.members ?? [...(model.waiting.get(record.id) ?? [])].sort(compareByHash);
  model.waiting.delete(record.id);
  model.patterns.set(record.id, { record, members, own, middle: undefined });
}

/** Forgets a pattern; its examples wait, in case it returns, and match nothing meanwhile. */
export function removePattern(model: Model, id: string): void {
  const entry = model.patterns.get(id);
  if (!entry) return;
  removeDoc(model, entry.own);
  model.patterns.delete(id);
  if (entry.members.length > 0) model.waiting.set(id, new Set(entry.members));
}

/** Adds an example, or replaces the one of the same exchange, which may have moved to another pattern. */
export function putExample(model: Model, record: ExampleRecord): void {
  const before = model.examples.get(record.exchangeId);
  if (before && before.record.patternId === record.patternId && hasSameTexts(before.record, record)) return;
  removeExample(model, record.exchangeId);
  const doc: Doc = {
    key: record.exchangeId,
    patternId: record.patternId,
    trigger: featuriseTrigger(record.customerText, record.previousOperatorText),
    reply: featuriseReply(record.replyText),
    trigrams: null,
    meaning: readMeaning(record.customerText),
    customerText: record.customerText,
  };
  addDoc(model, doc);
  model.examples.set(record.exchangeId, { record, doc });
  const entry = model.patterns.get(record.patternId);
  if (entry) {
    insertSorted(entry.members, record.exchangeId);
    entry.middle = undefined;
  } else model.waiting.set(record.patternId, (model.waiting.get(record.patternId) ?? new Set()).add(record.exchangeId));
}

export function removeExample(model: Model, exchangeId: string): void {
  const before = model.examples.get(exchangeId);
  if (!before) return;
  removeDoc(model, before.doc);
  model.examples.delete(exchangeId);
  const { patternId } = before.record;
  const entry = model.patterns.get(patternId);
  if (entry) {
    entry.members.splice(entry.members.indexOf(exchangeId), 1);
    entry.middle = undefined;
  }
  const waiting = model.waiting.get(patternId);
  waiting?.delete(exchangeId);
  if (waiting?.size === 0) model.waiting.delete(patternId);
}

/** A pattern's own words count while it has no example, and whenever a person wrote them. */
export function countsItself(entry: PatternEntry): boolean {
  return entry.members.length === 0 || entry.record.isEdited;
}

/** Up to `limit` members' documents, the same whatever came first, and the pattern's own words where they count. */
export function sampleDocs(model: Model, entry: PatternEntry, limit: number, exceptExchangeId: string | null): Doc[] {
  const docs: Doc[] = countsItself(entry) ? [entry.own] : [];
  for (const id of entry.members) {
    if (docs.length >= limit) break;
    if (id !== exceptExchangeId) docs.push(model.examples.get(id)!.doc);
  }
  return docs;
}

/** Whether a document may be answered with: its pattern exists, and a pattern's own words count. */
export function isLiveDoc(model: Model, doc: Doc): boolean {
  const entry = model.patterns.get(doc.patternId);
  return entry !== undefined && (doc !== entry.own || countsItself(entry));
}

export function trigramsOf(doc: Doc): Set<string> {
  doc.trigrams ??= listTrigrams(doc.customerText);
  return doc.trigrams;
}

export function middleOfPattern(model: Model, entry: PatternEntry): Meaning | null {
  if (entry.middle === undefined) {
    const docs = sampleDocs(model, entry, MIDDLE_SAMPLE, null);
    entry.middle = middleOf(docs.map(doc => doc.meaning));
  }
  return entry.middle;
}

/**
 * The documents that share the rarest features with a vector, with their partial cosine.
 * @param budget postings to visit at most (the feature that crosses it is still finished): bounds the time of a query
 */
export function findCandidates(model: Model, side: Side, query: Vector, budget: number): Map<Doc, number> {
  const index = model.index[side];
  const order: { id: number; weight: number; docs: Set<Doc> }[] = [];
  for (let i = 0; i < query.ids.length; i++) {
    const docs = index.get(query.ids[i]!);
    if (docs) order.push({ id: query.ids[i]!, weight: query.weights[i]!, docs });
  }
  order.sort((a, b) => a.docs.size - b.docs.size || a.id - b.id);
  const scores = new Map<Doc, number>();
  let visited = 0;
  for (const { weight, docs } of order) {
    if (visited >= budget) break;
    visited += docs.size;
    // The document's own weight is left to the exact score; the query's is enough to choose whom to score.
    for (const doc of docs) scores.set(doc, (scores.get(doc) ?? 0) + weight * weight);
  }
  return scores;
}

/** The `limit` candidates with the highest partial score; ties by key, so that no order of insertion shows. */
export function rankCandidates(scores: ReadonlyMap<Doc, number>, limit: number): Doc[] {
  const ranked = [...scores].sort((a, b) => b[1] - a[1] || compare(a[0].key, b[0].key));
  return ranked.slice(0, limit).map(entry => entry[0]);
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareByHash(a: string, b: string): number {
  return hash(a) - hash(b) || compare(a, b);
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

function addDoc(model: Model, doc: Doc): void {
  for (const side of ['trigger', 'reply'] as const) {
    const index = model.index[side];
    for (const id of doc[side]?.ids ?? []) {
      const docs = index.get(id);
      if (docs) docs.add(doc);
      else index.set(id, new Set([doc]));
    }
  }
}

function removeDoc(model: Model, doc: Doc): void {
  for (const side of ['trigger', 'reply'] as const) {
    const index = model.index[side];
    for (const id of doc[side]?.ids ?? []) {
      const docs = index.get(id);
      if (!docs) continue;
      docs.delete(doc);
      if (docs.size === 0) index.delete(id);
    }
  }
}

function hasSameWords(a: PatternRecord, b: PatternRecord): boolean {
  return a.triggerText === b.triggerText && a.responseTemplate === b.responseTemplate;
}

function hasSameTexts(a: ExampleRecord, b: ExampleRecord): boolean {
  return (
    a.customerText === b.customerText &&
    a.previousOperatorText === b.previousOperatorText &&
    a.replyText === b.replyText
  );
}

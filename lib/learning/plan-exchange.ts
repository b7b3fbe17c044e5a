/**
 * What must be written of one derived exchange: nothing, a verdict, or what it teaches. Shared by whatever looks at a thread: a
 * delivery, a thread that is followed again, and an import.
 */
import { findSkip, isByWords } from './exchange-skip.js';
import { deriveExchanges } from './exchanges.js';
import { learnExchange } from './learn.js';
import { listMarked } from './marks.js';
import type { Model } from './model.js';
import { idsOf, pairWithStored, sameIds } from './pair-exchanges.js';
import { prepareExchange } from './prepare.js';
import type {
  ExchangeWrite,
  FollowSettings,
  PatternWrite,
  RowIds,
  StoredExchange,
  ThreadView,
  WordsOf,
} from './thread-view.js';
import type { DerivedExchange } from './types.js';

export type ReadThread = {
  derived: DerivedExchange[];
  /** The row that each continues: its own, or one that it shares a message with. */
  kin: Map<DerivedExchange, StoredExchange>;
  /** Rows that the messages no longer derive. */
  vanished: StoredExchange[];
  /** By a person: not to be learned. */
  marked: ReadonlySet<DerivedExchange>;
  /** Messages of turns that may be cut: they are left alone. */
  cutIds: ReadonlySet<string>;
  /** Messages whose texts are past retention. */
  fadedIds: ReadonlySet<string>;
};

export function readThread(view: ThreadView, settings: FollowSettings): ReadThread {
  const derived = deriveExchanges(view.messages, settings.windowMinutes);
  // Where older texts were left out, the first turn may be cut, and the second one's context with it.
  const cutIds = new Set((view.isCut ? derived.splice(0, 2) : []).flatMap(exchange => [...idsOf(exchange)]));
  if (view.isCutLater) for (const id of idsOf(derived.pop())) cutIds.add(id);
  const visible = new Set(view.messages.map(message => message.id));
  const inScope = view.stored.filter(stored =>
    [...stored.customerMessageIds, ...stored.operatorMessageIds].every(id => visible.has(id) && !cutIds.has(id)),
  );
  const keys = new Set(derived.map(exchange => exchange.key));
  return {
    derived,
    kin: pairWithStored(derived, inScope),
    vanished: inScope.filter(stored => !keys.has(stored.key)),
    marked: listMarked(derived, view.stored),
    cutIds,
    fadedIds: new Set(view.messages.flatMap(message => (message.isFaded ? [message.id] : []))),
  };
}

export type PlannedExchange = {
  write: ExchangeWrite;
  stored: StoredExchange | undefined;
  /** The words decide: `learnInto` completes the write. */
  mustLearn: boolean;
};

/** @returns null where nothing changed */
export function planExchange(
  exchange: DerivedExchange,
  { kin, marked, fadedIds }: ReadThread,
  view: ThreadView,
  settings: FollowSettings,
  ids: RowIds,
): PlannedExchange | null {
  const relative = kin.get(exchange);
  const stored = relative?.key === exchange.key ? relative : undefined;
  const isSame =
    stored !== undefined &&
    stored.isAfterWindow === exchange.isAfterWindow &&
    sameIds(stored.customerMessageIds, exchange.customer) &&
    sameIds(stored.operatorMessageIds, exchange.operator) &&
    sameIds(stored.previousOperatorMessageIds, exchange.previousOperator);
  const verdict = exchange.operator ? findSkip(exchange, relative, { view, marked, settings }) : null;
  const mayLearn = exchange.operator !== null && verdict === null;
  const isFaded = [...idsOf(exchange)].some(id => fadedIds.has(id));
  // It was answered, and its words are gone: only a mark can still change what is known of it.
  if (isFaded && stored?.operatorMessageIds.length && verdict !== 'dont_learn' && stored.skipped !== 'dont_learn')
    return null;
  // A reply was learned or refused by its words: unless the messages changed, so did neither.
  if (isSame && (verdict === stored.skipped || (mayLearn && (stored.patternId !== null || isByWords(stored.skipped)))))
    return null;

  const write: ExchangeWrite = {
    id: stored?.id ?? ids.exchange(exchange.key),
    exchange,
    skipped: verdict,
    skippedDetail: null,
    dontLearn: marked.has(exchange),
    patternId: null,
    example: null,
  };
  // Learned while learning was on, and grew while it is off: the credit stays as it is.
  const keepsCredit = mayLearn && !settings.isLearning && Boolean(stored?.patternId);
  if (keepsCredit) write.patternId = stored!.patternId;
  else if (mayLearn && isFaded) {
    write.skipped = 'quarantined';
    write.skippedDetail = 'past_retention';
  }
  return { write, stored, mustLearn: write.skipped === null && mayLearn && !keepsCredit };
}

/**
 * Completes the write with what the exchange teaches, or with why its words teach nothing.
 * @returns what must be written of the pattern; undefined where nothing was learned
 */
export function learnInto(
  write: ExchangeWrite,
  stored: StoredExchange | undefined,
  model: Model,
  newPatternId: (key: string) => string,
): PatternWrite | WordsOf | null | undefined {
  const { customer, operator, previousOperator } = write.exchange;
  const prepared = prepareExchange({
    customerText: customer!.text,
    previousOperatorText: previousOperator?.text ?? '',
    operatorText: operator!.text,
    customerHasMedia: customer!.hasMedia,
    operatorHasMedia: operator!.hasMedia,
  });
  if (!prepared.ok) {
    write.skipped = prepared.skip;
    write.skippedDetail = prepared.detail;
    return undefined;
  }
  const { example } = prepared;
  const learned = learnExchange(
    model,
    { ...example, exchangeId: write.id },
    stored?.patternId ? { patternId: stored.patternId } : null,
  );
  write.example = example;
  if (learned.kind === 'join') {
    write.patternId = learned.patternId;
    const { patternId: id, words } = learned;
    if (!words) return null;
    if ('exchangeId' in words) return { kind: 'words_of', id, exchangeId: words.exchangeId };
    return { kind: 'words', id, ...words, slots: example.slots, facts: example.facts };
  }
  write.patternId = newPatternId(write.exchange.key);
  const { patternType, triggerText, responseTemplate, possibleDuplicates } = learned;
  return {
    kind: 'create',
    id: write.patternId,
    patternType,
    triggerText,
    responseTemplate,
    slots: example.slots,
    possibleDuplicates,
    facts: example.facts,
    firstSeenMs: customer!.startMs,
    lastSeenMs: operator!.endMs,
  };
}

/** What forbids learning an answered exchange before its words are looked at; the first that applies. */
import { isBroadcast } from './broadcast.js';
import type { FollowSettings, StoredExchange, ThreadView } from './thread-view.js';
import type { DerivedExchange, SkipCode } from './types.js';

/** @param relative the row that it continues · @param marked by a person, by themselves */
export function findSkip(
  exchange: DerivedExchange,
  relative: StoredExchange | undefined,
  { view, marked, settings }: { view: ThreadView; marked: ReadonlySet<DerivedExchange>; settings: FollowSettings },
): SkipCode | null {
  if (!exchange.customer) return 'no_customer_turn';
  if (exchange.isAfterWindow) return 'after_window';
  if (view.isGroup || exchange.isGroup) return 'group';
  if (exchange.operator!.messageIds.some(id => isBroadcast(id, view.broadcastTexts))) return 'broadcast';
  if (view.dontLearn || marked.has(exchange)) return 'dont_learn';
  // A turn that closed while learning was off stays so, whatever is added to it later; an import takes the mark off what it brings.
  const first = view.messages.find(message => message.id === exchange.operator!.messageIds[0]);
  if (first?.isOff || (relative?.skipped === 'learning_off' && !settings.makesGoodOff)) return 'learning_off';
  // It was not learned because of a mark, which is gone: that can be made good when learning is on again.
  if (!settings.isLearning && !relative?.patternId)
    return relative?.skipped === 'dont_learn' ? 'dont_learn' : 'learning_off';
  return null;
}

/** Refused for its words: for as long as they stay, so does that. */
export function isByWords(skip: SkipCode | null): boolean {
  return (
    skip === 'acknowledgement' ||
    skip === 'media_only' ||
    skip === 'opt_out' ||
    skip === 'emergency' ||
    skip === 'quarantined'
  );
}

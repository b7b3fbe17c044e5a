// A line's messages, played against the live engine in one pass in time order. Nothing of the tested part is known before it.
import { type BroadcastText, isBroadcast } from '../../lib/learning/broadcast.js';
import { DEFAULT_MATCH_THRESHOLD } from '../../lib/learning/decide.js';
import { compareMessages } from '../../lib/learning/exchanges.js';
import { createRehearsal, type RehearsalMessage, receiveMessage } from '../../lib/learning/rehearsal.js';
import {
  listRehearsedPatterns,
  listTurns,
  listUnanswered,
  type RehearsedPattern,
  type RehearsedTurn,
} from '../../lib/learning/rehearsed.js';
import type { QuoListItem } from '../quo/encode.js';
import { readMessageFile } from '../server/message-file.js';

const WINDOW_MINUTES = 60;
const DAY_MS = 86_400_000;
/** The tested part: a month, and never so much that less than twice as long is learned from before. */
const TESTED_DAYS = 30;
const TESTED_SHARE = 1 / 3;
/** A file of so many days is split at midnight, UTC. */
const DAYS_TO_ROUND = 6;

/** The messages in time order. Throws a Refusal that names the file and the line. */
export function readMessages(file: string): RehearsalMessage[] {
  return readMessageFile(file).map(toMessage).sort(compareMessages);
}

function toMessage(item: QuoListItem): RehearsalMessage {
  const isIncoming = item.direction === 'incoming';
  return {
    id: item.id,
    threadId: item.conversationId ?? `${item.phoneNumberId ?? ''} ${isIncoming ? item.from : item.to.join(',')}`,
    direction: item.direction,
    text: item.text ?? '',
    atMs: Date.parse(item.createdAt),
    actorId: isIncoming ? null : (item.userId ?? null),
    isPerson: isIncoming || (item.userId ?? '').startsWith('US'),
    isGroup: item.to.length > 1,
    hasMedia: (item.media ?? []).length > 0,
  };
}

/** The ids of messages that went to many customers at once; a property of the whole set, as it is live. */
export function findBroadcasts(messages: readonly RehearsalMessage[]): Set<string> {
  const byText = new Map<string, BroadcastText[]>();
  const last = new Map<string, RehearsalMessage>();
  for (const message of messages) {
    const before = last.get(message.threadId);
    last.set(message.threadId, message);
    if (message.direction === 'incoming') continue;
    // As the live query compares: whatever the case and the spaces around.
    const textKey = message.text.trim().toLowerCase();
    if (!textKey) continue;
    const isAnswer = before?.direction === 'incoming' && message.atMs - before.atMs < WINDOW_MINUTES * 60_000;
    const texts = byText.get(textKey) ?? [];
    texts.push({ messageId: message.id, threadId: message.threadId, textKey, atMs: message.atMs, isAnswer });
    byText.set(textKey, texts);
  }
  const ids = new Set<string>();
  for (const texts of byText.values()) {
    if (texts.length < 5) continue;
    for (const text of texts) if (isBroadcast(text.messageId, texts)) ids.add(text.messageId);
  }
  return ids;
}

/** Where the tested part begins if nobody says: 30 days before the end, or a third of a shorter file. @param messages in time order */
export function chooseSplit(messages: readonly RehearsalMessage[]): number {
  const first = messages[0]?.atMs ?? 0;
  const last = messages.at(-1)?.atMs ?? 0;
  const split = last - Math.min(TESTED_DAYS * DAY_MS, (last - first) * TESTED_SHARE);
  return last - first < DAYS_TO_ROUND * DAY_MS ? Math.ceil(split) : Math.ceil(split / DAY_MS) * DAY_MS;
}

export type RehearsedLine = {
  messages: readonly RehearsalMessage[];
  splitMs: number;
  /** Every operator turn, also those before the split, in time order. */
  turns: RehearsedTurn[];
  unanswered: RehearsedTurn[];
  /** The patterns and their evidence as they stood when the first message of the tested part came. */
  knownAtSplit: RehearsedPattern[];
};

/** @param messages in time order */
export function rehearseLine(
  messages: readonly RehearsalMessage[],
  splitMs: number,
  onProgress: (done: number, total: number) => void = () => undefined,
): RehearsedLine {
  const rehearsal = createRehearsal({
    matchThreshold: DEFAULT_MATCH_THRESHOLD,
    windowMinutes: WINDOW_MINUTES,
    broadcastIds: findBroadcasts(messages),
  });
  let knownAtSplit: RehearsedPattern[] | null = null;
  messages.forEach((message, index) => {
    if (message.atMs >= splitMs) knownAtSplit ??= listRehearsedPatterns(rehearsal);
    receiveMessage(rehearsal, message);
    onProgress(index + 1, messages.length);
  });
  return {
    messages,
    splitMs,
    turns: listTurns(rehearsal),
    unanswered: listUnanswered(rehearsal),
    knownAtSplit: knownAtSplit ?? listRehearsedPatterns(rehearsal),
  };
}

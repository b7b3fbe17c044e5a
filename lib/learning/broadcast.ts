/** A broadcast: the same text to five or more customers within ten minutes, most of them without an open turn. It teaches nothing. */

/** One of several outgoing messages with the same text, near in time, across threads. */
export type BroadcastText = {
  messageId: string;
  threadId: string;
  textKey: string;
  atMs: number;
  /** The thread's message before it was a customer's, within the conversation window. */
  isAnswer: boolean;
};

const CUSTOMERS = 5;
const SPAN_MS = 10 * 60_000;

/** Whether a fullest ten minutes around this message hold such a group. The same for every order of arrival. */
export function isBroadcast(messageId: string, texts: readonly BroadcastText[]): boolean {
  const own = texts.find(text => text.messageId === messageId);
  if (!own) return false;
  const near = texts
    .filter(text => text.textKey === own.textKey && Math.abs(text.atMs - own.atMs) <= SPAN_MS)
    .sort((a, b) => a.atMs - b.atMs || (a.messageId < b.messageId ? -1 : 1));
  return near.some((first, index) => {
    const group = near.slice(index).filter(text => text.atMs - first.atMs <= SPAN_MS);
    const before = near[index - 1];
    // A part of a larger group is no group of its own.
    const isPart = before !== undefined && group.at(-1)!.atMs - before.atMs <= SPAN_MS;
    if (isPart || !group.includes(own)) return false;
    const customers = new Set(group.map(text => text.threadId)).size;
    const unprompted = group.filter(text => !text.isAnswer).length;
    return customers >= CUSTOMERS && unprompted * 2 > group.length;
  });
}

/** The other threads whose exchanges may have to be looked at again because of this message. */
export function listBroadcastNeighbours(messageId: string, texts: readonly BroadcastText[]): string[] {
  const own = texts.find(text => text.messageId === messageId);
  if (!own) return [];
  const near = texts.filter(
    text => text.textKey === own.textKey && text.threadId !== own.threadId && Math.abs(text.atMs - own.atMs) <= SPAN_MS,
  );
  return near.length >= CUSTOMERS - 1 ? [...new Set(near.map(text => text.threadId))].sort() : [];
}

/**
 * The texts near to each thread's own, of all that may be broadcasts.
 * @returns for a thread, what `isBroadcast` has to look at: few of many
 */
export function gatherBroadcasts(texts: readonly BroadcastText[]): (threadId: string) => BroadcastText[] {
  const byKey = new Map<string, BroadcastText[]>();
  const byThread = new Map<string, BroadcastText[]>();
  for (const text of texts) {
    for (const [map, key] of [
      [byKey, text.textKey],
      [byThread, text.threadId],
    ] as const) {
      const list = map.get(key);
      if (list) list.push(text);
      else map.set(key, [text]);
    }
  }
  return threadId => {
    const near = new Set<BroadcastText>();
    for (const { textKey, atMs } of byThread.get(threadId) ?? [])
      for (const text of byKey.get(textKey)!) if (Math.abs(text.atMs - atMs) <= 2 * SPAN_MS) near.add(text);
    return [...near];
  };
}

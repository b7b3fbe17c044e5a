/**
 * Derives turns and exchanges from a thread's messages. The law: the same *set* of messages gives the same exchanges,
 * whatever their order of arrival (I14), because only event times and ids decide.
 */
import type { DerivedExchange, Direction, ThreadMessage, Turn } from './types.js';

/** Event time decides; a question sorts before an answer of the same millisecond, then the id does. */
export function compareMessages(a: ThreadMessage, b: ThreadMessage): number {
  if (a.atMs !== b.atMs) return a.atMs - b.atMs;
  if (a.direction !== b.direction) return a.direction === 'incoming' ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

type Run = { direction: Direction; conversation: number; turn: Turn; texts: string[] };

/**
 * @param messages any order, duplicates by id allowed (the first of them counts)
 * @param windowMinutes a gap of this many minutes or more starts a new conversation
 * @returns exchanges in time order; a customer turn without an answer has `operator: null`, an operator turn that
 *   answers nothing has `customer: null`
 */
export function deriveExchanges(messages: readonly ThreadMessage[], windowMinutes: number): DerivedExchange[] {
  const isGroup = messages.some(m => m.isGroup);
  const runs = collectRuns(messages, windowMinutes * 60_000);
  const exchanges: DerivedExchange[] = [];
  let open: DerivedExchange | null = null;
  let lastOperator: { turn: Turn; conversation: number } | null = null;
  for (const run of runs) {
    if (run.direction === 'incoming') {
      const previousOperator = lastOperator?.conversation === run.conversation ? lastOperator.turn : null;
      open = {
        key: run.turn.messageIds[0]!,
        customer: run.turn,
        operator: null,
        previousOperator,
        isAfterWindow: false,
        isGroup,
      };
      exchanges.push(open);
      continue;
    }
    if (open?.customer) {
      open.operator = run.turn;
      open.isAfterWindow = run.turn.startMs - open.customer.endMs >= windowMinutes * 60_000;
      open = null;
    } else {
      exchanges.push({
        key: run.turn.messageIds[0]!,
        customer: null,
        operator: run.turn,
        previousOperator: null,
        isAfterWindow: false,
        isGroup,
      });
    }
    lastOperator = { turn: run.turn, conversation: run.conversation };
  }
  return exchanges;
}

/** Groups people's messages into bursts; a burst ends where the other side writes or the conversation does. */
function collectRuns(messages: readonly ThreadMessage[], windowMs: number): Run[] {
  const seen = new Set<string>();
  const sorted = messages.filter(m => m.isPerson && !seen.has(m.id) && seen.add(m.id)).sort(compareMessages);
  const runs: Run[] = [];
  let conversation = 0;
  let previousMs = Number.NEGATIVE_INFINITY;
  for (const message of sorted) {
    const isNewConversation = message.atMs - previousMs >= windowMs;
    if (isNewConversation) conversation++;
    previousMs = message.atMs;
    const last = runs.at(-1);
    if (last && last.direction === message.direction && !isNewConversation) extendTurn(last, message);
    else runs.push({ direction: message.direction, conversation, turn: startTurn(message), texts: [message.text] });
  }
  // Joined once: a burst of thousands of texts would else be copied thousands of times.
  for (const { turn, texts } of runs) if (texts.length > 1) turn.text = texts.filter(Boolean).join('\n');
  return runs;
}

function startTurn(message: ThreadMessage): Turn {
  return {
    messageIds: [message.id],
    text: message.text,
    startMs: message.atMs,
    endMs: message.atMs,
    actorId: message.direction === 'outgoing' ? message.actorId : null,
    hasMedia: message.hasMedia,
  };
}

function extendTurn({ turn, texts }: Run, message: ThreadMessage): void {
  turn.messageIds.push(message.id);
  texts.push(message.text);
  turn.endMs = message.atMs;
  turn.hasMedia ||= message.hasMedia;
}

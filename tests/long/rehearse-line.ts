/** A line's messages, learned from one after another as the backtest does it. */
import { DEFAULT_MATCH_THRESHOLD } from '../../lib/learning/decide.js';
import { compareMessages } from '../../lib/learning/exchanges.js';
import {
  createRehearsal,
  type Rehearsal,
  type RehearsalMessage,
  receiveMessage,
} from '../../lib/learning/rehearsal.js';
import { findBroadcasts, readMessages } from '../../scripts/backtest/line.js';
import { readMessageFile } from '../../scripts/server/message-file.js';
import { orderDeliveries } from '../../scripts/server/replay-messages.js';

/** @param shuffleSeed null: in time order; a number: each message up to an hour late, by that seed */
export function readLine(file: string, shuffleSeed: number | null = null): RehearsalMessage[] {
  const messages = readMessages(file);
  if (shuffleSeed === null) return messages;
  const byId = new Map(messages.map(message => [message.id, message]));
  return orderDeliveries(readMessageFile(file), { shuffleSeed }).map(({ id }) => byId.get(id)!);
}

/** @param messages in the order of arrival */
export function rehearse(messages: readonly RehearsalMessage[]): Rehearsal {
  const rehearsal = createRehearsal({
    matchThreshold: DEFAULT_MATCH_THRESHOLD,
    windowMinutes: 60,
    broadcastIds: findBroadcasts([...messages].sort(compareMessages)),
  });
  for (const message of messages) receiveMessage(rehearsal, message);
  return rehearsal;
}

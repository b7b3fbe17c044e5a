/**
 * Reads an authentic delivery's bytes as one of Quo's events. The law: it never throws; what can't be read says why, so
 * that the bytes are kept and the sender still gets its 200.
 */
import { type MessageEventType, normaliseMessage, type QuoMessage } from './message.js';

export type { MessageEventType, QuoMessage } from './message.js';

export type UnreadableReason = 'invalid_utf8' | 'malformed_json' | 'not_an_event' | 'invalid_message';

/** `eventId` is the envelope's own id, null where it is missing or not 1-255 of `[A-Za-z0-9_-]`. */
export type QuoEvent =
  | { kind: 'message'; eventId: string | null; eventType: MessageEventType; message: QuoMessage }
  | { kind: 'ignored'; eventId: string | null; eventType: string }
  | { kind: 'unreadable'; eventId: string | null; eventType: string | null; reason: UnreadableReason };

/** There is no `message.sent`: an operator's text shows only by the carrier's answer to it (quo-api.md §0). */
const MESSAGE_EVENT_TYPES: ReadonlySet<string> = new Set<MessageEventType>([
  'message.received',
  'message.delivered',
  'message.failed',
  'message.undelivered',
]);

const EVENT_ID = /^[A-Za-z0-9_-]{1,255}$/;
const EVENT_TYPE = /^[A-Za-z0-9._:/-]{1,100}$/;

/**
 * @param rawBody a verified delivery's bytes, at most 1 MiB
 * @returns a message; or the name of an event that is none of our business (calls, contacts, tasks, names of tomorrow);
 *   or why it could not be read. Never throws.
 */
export function readEvent(rawBody: Uint8Array): QuoEvent {
  const text = decodeUtf8(rawBody);
  if (text === null) return unreadable('invalid_utf8');
  const json = parseJson(text);
  if (json === undefined) return unreadable('malformed_json');
  const envelope = unwrap(json);
  if (envelope === null) return unreadable('not_an_event');

  const eventId = findMatch(envelope.id, EVENT_ID);
  const eventType = findMatch(envelope.type, EVENT_TYPE);
  if (eventType === null) return unreadable('not_an_event', eventId);
  if (!isMessageEvent(eventType)) return { kind: 'ignored', eventId, eventType };
  const message = normaliseMessage(eventType, envelope.data);
  if (message === null) return unreadable('invalid_message', eventId, eventType);
  return { kind: 'message', eventId, eventType, message };
}

function unreadable(
  reason: UnreadableReason,
  eventId: string | null = null,
  eventType: string | null = null,
): Extract<QuoEvent, { kind: 'unreadable' }> {
  return { kind: 'unreadable', eventId, eventType, reason };
}

/** Fatal, since a replaced byte would change a customer's words silently. A byte order mark is dropped, not refused. */
function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** @returns undefined for anything that does not parse, too deep a nesting (RangeError in some engines) included */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Two sources show v3 events wrapped once more, as `{"object":{…}}`; in a plain v3 event `object` is the word "event". */
function unwrap(json: unknown): Record<string, unknown> | null {
  if (!isRecord(json)) return null;
  const inner = json.object;
  return isRecord(inner) && typeof inner.type === 'string' ? inner : json;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isMessageEvent(eventType: string): eventType is MessageEventType {
  return MESSAGE_EVENT_TYPES.has(eventType);
}

function findMatch(value: unknown, pattern: RegExp): string | null {
  return typeof value === 'string' && pattern.test(value) ? value : null;
}

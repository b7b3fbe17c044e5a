/**
 * Normalises one message of any of Quo's four payload dialects (quo-api.md §2.3-2.6). The law: the same text gives the
 * same QuoMessage whichever dialect carried it, and a field that can't be trusted refuses the message, never guesses.
 */
import * as z from 'zod';

export type MessageEventType = 'message.received' | 'message.delivered' | 'message.failed' | 'message.undelivered';

export type QuoMessage = {
  /** `AC…`; with the event type the business key for duplicates. */
  id: string;
  direction: 'incoming' | 'outgoing';
  /** Well-formed, without NUL, so that PostgreSQL takes it; '' where there were no words. */
  text: string;
  hasMedia: boolean;
  /** `PN…`, else our own number. */
  lineId: string;
  /** `CN…`, null where no dialect field holds it. */
  threadId: string | null;
  /** Phone numbers are usually E.164, but may be short codes or other strings. */
  from: string;
  /** Without repetitions, in Quo's order. */
  to: string[];
  /** The other side, sorted and unique. */
  customers: string[];
  /** Several recipients: a reply would go to everyone. */
  isGroup: boolean;
  /** Outgoing only; webhooks name a user on incoming texts too, who did not write them. */
  actorId: string | null;
  /** Every incoming text; outgoing only of a `US…` actor (`SYU…` is Quo's own system). */
  isPerson: boolean;
  status: string;
  /** When the text was written (resource.createdAt), not when the event or the delivery was made. */
  at: Date;
};

/** An honest body is bounded to 1 MiB before it comes here; this is the same bound for whoever forgets. */
const MAX_TEXT_CHARS = 1_048_576;
const MAX_IDENTIFIER_CHARS = 255;
const MAX_RECIPIENTS = 64;
/** Outside of it the clock of whoever wrote the time is wrong, and ordering by it would be too. */
const MIN_TIME_MS = Date.UTC(2000, 0, 1);
const MAX_TIME_MS = Date.UTC(2100, 0, 1);

const ID = /^[A-Za-z0-9_-]{1,255}$/;
/** `https://my.quo.com/inbox/<PN>/c/<CN>?at=<AC>`: the only place where the v4 dialect names the conversation. */
const DEEP_LINK_THREAD = /\/c\/(CN[A-Za-z0-9_-]{1,253})(?:[/?#]|$)/;

/** Null, absent and '' all mean "not said", so that the next source in the row is asked. */
const optionalId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{0,255}$/)
  .nullish()
  .transform(id => id || null);

const identifier = z
  .string()
  .trim()
  .min(1)
  .max(MAX_IDENTIFIER_CHARS)
  .refine(value => value.isWellFormed() && !value.includes('\0'));

/** An array, one string, or several in one string joined by commas (a legacy group). */
const recipients = z
  .union([z.string().max(MAX_RECIPIENTS * (MAX_IDENTIFIER_CHARS + 1)), z.array(z.string()).max(MAX_RECIPIENTS)])
  .transform(value => [value].flat().flatMap(splitByComma))
  .pipe(z.array(identifier).min(1).max(MAX_RECIPIENTS));

const eventTime = z.iso
  .datetime({ offset: true })
  .transform(text => new Date(text))
  .refine(at => at.getTime() >= MIN_TIME_MS && at.getTime() < MAX_TIME_MS);

const text = z.string().max(MAX_TEXT_CHARS).nullish();

// Plain objects: Quo adds fields to a frozen version without asking. `unknown` where a strange value must not cost the
// text (media, status) or counts on outgoing texts only (the actor).
const messageFields = z.object({
  id: z.string().regex(ID),
  direction: z.enum(['incoming', 'outgoing']).nullish(),
  text,
  body: text,
  from: identifier.nullish(),
  to: recipients.nullish(),
  media: z.unknown().optional(),
  status: z.unknown().optional(),
  createdAt: eventTime,
  createdBy: z.unknown().optional(),
  userId: z.unknown().optional(),
  phoneNumberId: optionalId,
  conversationId: optionalId,
});

const contextFields = z.object({
  userId: z.unknown().optional(),
  phoneNumberId: optionalId,
  conversationId: optionalId,
  senderIdentifier: identifier.nullish(),
  recipientIdentifiers: recipients.nullish(),
});

const messageData = z.object({
  resource: z.unknown().optional(),
  object: z.unknown().optional(),
  context: contextFields.nullish(),
  deepLink: z.unknown().optional(),
});

/**
 * @param data the envelope's `data`: `resource` and `context` in 2026-03-30, `object` in the three legacy dialects
 * @returns null when a needed field is missing, out of bounds, or contradicts the event type
 */
export function normaliseMessage(eventType: MessageEventType, data: unknown): QuoMessage | null {
  const envelope = messageData.safeParse(data);
  if (!envelope.success) return null;
  const { context, deepLink, resource, object } = envelope.data;
  const parsed = messageFields.safeParse(resource ?? object);
  if (!parsed.success) return null;
  const fields = parsed.data;

  const direction = eventType === 'message.received' ? 'incoming' : 'outgoing';
  if (fields.direction && fields.direction !== direction) return null;
  const from = context?.senderIdentifier ?? fields.from;
  const to = [...new Set(context?.recipientIdentifiers ?? fields.to)];
  const ownNumber = direction === 'incoming' ? to[0] : from;
  if (!from || !ownNumber || to.length === 0) return null;

  const actor = direction === 'outgoing' ? optionalId.safeParse(firstSaid(context?.userId, fields)) : null;
  if (actor && !actor.success) return null;
  const actorId = actor?.data ?? null;
  const phoneNumberId = context?.phoneNumberId ?? fields.phoneNumberId;
  const isGroup = to.length > 1;

  return {
    id: fields.id,
    direction,
    text: cleanText(fields.text ?? fields.body ?? ''),
    hasMedia: Array.isArray(fields.media) && fields.media.length > 0,
    lineId: phoneNumberId ?? ownNumber,
    threadId: context?.conversationId ?? fields.conversationId ?? findThreadInLink(deepLink),
    from,
    to,
    customers: direction === 'incoming' ? listSenders(from, to, phoneNumberId === null) : [...to].sort(),
    isGroup,
    actorId,
    isPerson: direction === 'incoming' || (actorId?.startsWith('US') ?? false),
    status: readStatus(fields.status, eventType),
    at: fields.createdAt,
  };
}

/**
 * @param item an item of Quo's list of messages, or of an export of it; it names no event, so its direction stands for one
 * @returns null when a needed field is missing or out of bounds
 */
export function normaliseItem(item: unknown): QuoMessage | null {
  const { direction } = (item ?? {}) as { direction?: unknown };
  if (direction !== 'incoming' && direction !== 'outgoing') return null;
  return normaliseMessage(direction === 'incoming' ? 'message.received' : 'message.delivered', { object: item });
}

/** `createdBy` before `userId`: in v2 and v3 the first is who wrote it, the second may be the number's owner. */
function firstSaid(contextUserId: unknown, fields: { createdBy?: unknown; userId?: unknown }): unknown {
  return contextUserId || fields.createdBy || fields.userId;
}

/**
 * Who is on the other side of an incoming text. In a group our own number stands among the recipients without a mark;
 * it is left out only where it already had to serve as the line's id. Keeping it otherwise is the safe mistake: a
 * customer left out here could not be found for erasing.
 */
function listSenders(from: string, to: string[], isFirstRecipientOurs: boolean): string[] {
  if (to.length === 1) return [from];
  return [...new Set([from, ...(isFirstRecipientOurs ? to.slice(1) : to)])].sort();
}

function findThreadInLink(deepLink: unknown): string | null {
  return typeof deepLink === 'string' ? (DEEP_LINK_THREAD.exec(deepLink)?.[1] ?? null) : null;
}

/** Quo lists thirteen values and may add more; a strange one is replaced by what the event itself says. */
function readStatus(status: unknown, eventType: MessageEventType): string {
  if (typeof status === 'string' && /^[A-Za-z_-]{1,64}$/.test(status)) return status;
  return eventType.slice('message.'.length);
}

/** PostgreSQL refuses NUL in text, and lone surrogates can't be encoded as UTF-8. */
function cleanText(value: string): string {
  return value.replaceAll('\0', '\uFFFD').toWellFormed();
}

function splitByComma(value: string): string[] {
  return value
    .split(',')
    .map(part => part.trim())
    .filter(Boolean);
}

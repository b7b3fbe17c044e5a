/**
 * Encodes an item of Quo's message list as the webhook body that Quo would have sent for it, for the replay, the demo
 * and the tests. The law: every dialect carries the same message, in the field names seen in real deliveries.
 */

/** An item of `GET /messages` (quo-api.md §4.2); fields that are not needed are left out. */
export type QuoListItem = {
  id: string;
  conversationId: string | null;
  phoneNumberId: string | null;
  direction: 'incoming' | 'outgoing';
  from: string;
  to: string[];
  text: string | null;
  /** `US…` or `SYU…` of an outgoing text; null for incoming ones. */
  userId: string | null;
  status: string;
  /** ISO 8601. */
  createdAt: string;
  media?: unknown[];
};

/** `standard` is 2026-03-30; `v4` is made by the v1 API, `v2` and `v3` by the app, `wrapped-v3` is v3 in one more object. */
export type QuoDialect = 'standard' | 'v2' | 'v3' | 'v4' | 'wrapped-v3';

/** Webhooks name a user on incoming texts too (quo-api.md §2.6); a reader has to ignore it. */
const OWNER_USER_ID = 'USowner';

/**
 * @returns compact JSON, as Quo sends it. The event id is derived from the message id, and differs between the new and
 *   the legacy system, as it would on two subscriptions.
 */
export function encodeEvent(item: QuoListItem, dialect: QuoDialect): string {
  switch (dialect) {
    case 'standard':
      return JSON.stringify(encodeStandard(item));
    case 'v2':
    case 'v3':
      return JSON.stringify(encodeAppMade(item, dialect));
    case 'v4':
      return JSON.stringify(encodeApiMade(item));
    case 'wrapped-v3':
      return JSON.stringify({ object: encodeAppMade(item, 'v3') });
    default:
      throw new Error(`Unknown dialect: ${dialect satisfies never}`);
  }
}

function eventTypeOf(item: QuoListItem): string {
  if (item.direction === 'incoming') return 'message.received';
  if (item.status === 'failed' || item.status === 'undelivered') return `message.${item.status}`;
  return 'message.delivered';
}

function encodeStandard(item: QuoListItem) {
  const type = eventTypeOf(item);
  const { id, direction, text, status, createdAt, media = [] } = item;
  const resource = { id, direction, text, status, createdAt };
  return {
    id: `EV${id}`,
    apiVersion: '2026-03-30',
    createdAt,
    type,
    data: {
      // message.failed has an error code and no media, message.undelivered has both (quo-api.md §2.3).
      resource: {
        ...resource,
        ...(type === 'message.failed' ? {} : { media }),
        ...(type === 'message.failed' || type === 'message.undelivered' ? { errorCode: null } : {}),
      },
      context: {
        orgId: 'ORreplay',
        phoneNumberId: item.phoneNumberId,
        conversationId: item.conversationId,
        userId: item.direction === 'incoming' ? OWNER_USER_ID : item.userId,
        contacts: { ids: [], lookupStatus: 'none' },
        senderIdentifier: item.from,
        recipientIdentifiers: item.to,
      },
      links: { quo: null },
    },
  };
}

function encodeAppMade(item: QuoListItem, apiVersion: 'v2' | 'v3') {
  const { id, from, to, direction, text, status, createdAt, phoneNumberId, conversationId, media = [] } = item;
  return {
    id: `EVL${id}`,
    object: 'event',
    apiVersion,
    createdAt,
    type: eventTypeOf(item),
    data: {
      object: {
        id,
        object: 'message',
        from,
        to: to.join(','),
        direction,
        body: text,
        media,
        status,
        createdAt,
        createdBy: direction === 'incoming' ? null : item.userId,
        userId: direction === 'incoming' ? OWNER_USER_ID : item.userId,
        phoneNumberId,
        conversationId,
      },
    },
  };
}

/** No conversation id: it stands only in the deep link. `to` was seen as a plain string, and is documented as an array. */
function encodeApiMade(item: QuoListItem) {
  const { id, from, to, direction, text, status, createdAt, phoneNumberId, conversationId, media = [] } = item;
  return {
    id: `EVL${id}`,
    object: 'event',
    apiVersion: 'v4',
    createdAt,
    type: eventTypeOf(item),
    data: {
      object: {
        id,
        object: 'message',
        from,
        to: to.length === 1 ? to[0] : to,
        direction,
        text,
        media,
        status,
        createdAt,
        userId: direction === 'incoming' ? OWNER_USER_ID : item.userId,
        phoneNumberId,
        contactIds: [],
      },
      deepLink: `https://my.quo.com/inbox/${phoneNumberId}/c/${conversationId}?at=${id}`,
    },
  };
}

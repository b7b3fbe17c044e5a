/**
 * Tells a local Quo's subscribers of its texts, as Quo does: signed, at least once, in no promised order, and again where the
 * answer is not 2xx (quo-api.md §3). What goes wrong on purpose is drawn from a seed, so that a run can be repeated.
 */
import { randomBytes } from 'node:crypto';
import { encodeEvent, type QuoListItem } from '../quo/encode.js';
import { signHeaders } from '../quo/sign.js';
import type { Delivery, Subscription, Subscriptions } from './webhooks.js';

export type Trouble = {
  /** 0 to 1: deliveries that are never made. */
  drop: number;
  /** 0 to 1: deliveries that are made once more; every other one of them under another delivery id, as a second webhook would. */
  duplicate: number;
  /** A delivery may come so much later than another one of a later text. */
  disorderMinutes: number;
  /** 0 to 1: calls of the API that are answered 500. */
  faults: number;
  seed: number;
};

export const NO_TROUBLE: Trouble = { drop: 0, duplicate: 0, disorderMinutes: 0, faults: 0, seed: 1 };

/** After the first attempt; then it is given up. About 27.5 hours. */
const RETRIES_MS = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000].map(seconds => seconds * 1_000);
const ANSWER_LIMIT_MS = 10_000;

export type Deliverer = {
  /** Tells of these texts, one after the other, and returns when each was answered, dropped or given up. */
  deliver(items: readonly QuoListItem[], onProgress?: (done: number, total: number) => void): Promise<void>;
  /** One event to one subscriber, whatever it listens to; for a manual retry and the API's own test. */
  send(subscription: Subscription, item: QuoListItem, deliveryId?: string): Promise<Delivery>;
};

/** @param retryScale what Quo's waits are multiplied by: 1 is Quo's own, 0 tries again at once */
export function makeDeliverer(
  subscriptions: Subscriptions,
  trouble: () => Trouble,
  random: () => number,
  retryScale: number,
): Deliverer {
  async function send(subscription: Subscription, item: QuoListItem, deliveryId = newDeliveryId()): Promise<Delivery> {
    const body = encodeEvent(item, subscription.dialect);
    const { id: eventId, type: eventType } = JSON.parse(body) as { id: string; type: string };
    const delivery: Delivery = {
      id: deliveryId,
      eventId,
      eventType,
      resourceId: item.id,
      status: 'pending',
      attempts: 0,
      responseStatusCode: null,
    };
    subscriptions.deliveries.get(subscription.id)?.push(delivery);
    for (const waitMs of [0, ...RETRIES_MS]) {
      if (waitMs > 0) await new Promise(resolve => setTimeout(resolve, waitMs * retryScale));
      // Deleted or switched off meanwhile: nobody is told any more.
      if (subscription.status === 'disabled' || !subscriptions.all.has(subscription.id)) break;
      delivery.attempts += 1;
      delivery.responseStatusCode = await post(subscription, body, deliveryId);
      if (delivery.responseStatusCode >= 200 && delivery.responseStatusCode < 300) {
        delivery.status = 'delivered';
        return delivery;
      }
    }
    delivery.status = 'failed';
    return delivery;
  }

  return {
    send,
    async deliver(items, onProgress = () => undefined) {
      const list = planDeliveries(items, subscriptions, trouble(), random);
      for (const [index, { subscription, item, kind }] of list.entries()) {
        if (kind === 'dropped') noteDropped(subscriptions, subscription, item);
        else {
          const first = await send(subscription, item);
          if (kind === 'twice') await send(subscription, item, index % 2 === 0 ? first.id : undefined);
        }
        onProgress(index + 1, list.length);
      }
    },
  };
}

type Planned = { subscription: Subscription; item: QuoListItem; kind: 'once' | 'twice' | 'dropped' };

function planDeliveries(
  items: readonly QuoListItem[],
  subscriptions: Subscriptions,
  { drop, duplicate, disorderMinutes }: Trouble,
  random: () => number,
): Planned[] {
  return items
    .map(item => ({ item, atMs: Date.parse(item.createdAt) + random() * disorderMinutes * 60_000 }))
    .sort((one, other) => one.atMs - other.atMs)
    .flatMap(({ item }) =>
      subscriptions.listHearers(eventTypeOf(item), item).map(subscription => ({ item, subscription })),
    )
    .map(({ item, subscription }) => {
      const kind = random() < drop ? 'dropped' : random() < duplicate ? 'twice' : 'once';
      return { item, subscription, kind };
    });
}

/** Quo tells of a text when it came, or when the carrier said what became of it: one that is only sent is told to nobody. */
export function eventTypeOf({ direction, status }: QuoListItem): string {
  if (direction === 'incoming') return 'message.received';
  return `message.${status}`;
}

function noteDropped(subscriptions: Subscriptions, { id }: Subscription, item: QuoListItem): void {
  const dropped = { id: newDeliveryId(), eventId: `EV${item.id}`, eventType: eventTypeOf(item), resourceId: item.id };
  subscriptions.deliveries.get(id)?.push({ ...dropped, status: 'dropped', attempts: 0, responseStatusCode: null });
}

/** @returns the HTTP status; 0 where no answer came */
async function post({ url, scheme, key }: Subscription, body: string, deliveryId: string): Promise<number> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...signHeaders(scheme, key, body, { deliveryId, nowMs: Date.now() }),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

function newDeliveryId(): string {
  return `msg_${randomBytes(13).toString('hex')}`;
}

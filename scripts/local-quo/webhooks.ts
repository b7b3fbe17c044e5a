/**
 * The webhook subscriptions of a local Quo, of both kinds (quo-api.md §1, §4.3): whom it tells, by which scheme and secret, and
 * what became of each delivery. The law: a secret is shown by create and rotate, and by nothing else of the new kind.
 */
import { randomBytes } from 'node:crypto';
import type { QuoDialect, QuoListItem } from '../quo/encode.js';

export type Scheme = 'standard' | 'legacy';

export type Subscription = {
  id: string;
  scheme: Scheme;
  /** How its bodies are written: a legacy webhook was made in the app (v3), or by the v1 API (v4). */
  dialect: QuoDialect;
  url: string;
  /** Event names. */
  events: string[];
  /** `PN…`, or `*` for every line. */
  resourceIds: string[];
  status: 'enabled' | 'disabled';
  label: string;
  key: string;
  createdAt: string;
};

export type Delivery = {
  id: string;
  eventId: string;
  eventType: string;
  resourceId: string;
  status: 'pending' | 'delivered' | 'failed' | 'dropped';
  attempts: number;
  /** 0 where no answer came. */
  responseStatusCode: number | null;
};

export const MESSAGE_EVENTS = ['message.received', 'message.delivered', 'message.failed', 'message.undelivered'];
const MOST = 50;

export class Subscriptions {
  readonly all = new Map<string, Subscription>();
  readonly deliveries = new Map<string, Delivery[]>();
  #count = 0;

  /** @returns null where there are 50 already */
  create(fields: Partial<Subscription> & { url: string; scheme: Scheme }): Subscription | null {
    if (this.all.size >= MOST) return null;
    this.#count += 1;
    const { scheme } = fields;
    const subscription: Subscription = {
      id: scheme === 'standard' ? String(1_000 + this.#count) : `WH${String(this.#count).padStart(8, '0')}`,
      events: MESSAGE_EVENTS,
      resourceIds: ['*'],
      status: 'enabled',
      label: '',
      createdAt: new Date().toISOString(),
      dialect: scheme === 'standard' ? 'standard' : 'v3',
      ...fields,
      key: fields.key ?? makeSecret(scheme),
    };
    this.all.set(subscription.id, subscription);
    this.deliveries.set(subscription.id, []);
    return subscription;
  }

  /** Those that hear of this event of this text. */
  listHearers(eventType: string, { phoneNumberId }: QuoListItem): Subscription[] {
    return [...this.all.values()].filter(
      ({ status, events, resourceIds }) =>
        status === 'enabled' &&
        events.includes(eventType) &&
        (resourceIds.includes('*') || resourceIds.includes(phoneNumberId ?? '')),
    );
  }
}

export function makeSecret(scheme: Scheme): string {
  return (scheme === 'standard' ? 'whsec_' : '') + randomBytes(32).toString('base64');
}

/** As the API shows it. */
export function showSubscription(subscription: Subscription, withKey: boolean) {
  const { scheme, dialect, key, ...shown } = subscription;
  const isShown = withKey || scheme === 'legacy';
  const apiVersion = scheme === 'standard' ? '2026-03-30' : dialect;
  return { ...shown, orgId: 'ORlocal', apiVersion, updatedAt: shown.createdAt, ...(isShown && { key }) };
}

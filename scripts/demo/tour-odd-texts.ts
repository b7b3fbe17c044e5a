// Deliveries that are no ordinary text: an exchange of long ago, one that nobody signed, and one that cannot be understood.

import type { QuoListItem } from '../quo/encode.js';
import { signHeaders } from '../quo/sign.js';
import type { Signer } from '../server/replay-messages.js';
import { LINE_NUMBER, operatorId } from './build-sample-line.js';

const CUSTOMER = '+15558000123';
const ALIKE = { conversationId: 'CNtourcamp', phoneNumberId: 'PNtourcamp' };

/** Only the distance between the two counts. Nobody has asked since, so its pattern is stale. */
export const STALE_EXCHANGE: readonly QuoListItem[] = [
  {
    ...ALIKE,
    id: 'ACtourcampasked',
    direction: 'incoming',
    from: CUSTOMER,
    to: [LINE_NUMBER],
    text: 'do you run a summer camp again this year?',
    userId: null,
    status: 'received',
    createdAt: '1970-01-01T00:00:00.000Z',
  },
  {
    ...ALIKE,
    id: 'ACtourcampanswered',
    direction: 'outgoing',
    from: LINE_NUMBER,
    to: [CUSTOMER],
    text: 'We do! Two weeks in July as every year, and the days go up on our website in spring.',
    userId: operatorId('Imani'),
    status: 'delivered',
    createdAt: '1970-01-01T00:06:00.000Z',
  },
];

const post = (url: string, headers: Record<string, string>, body: string) =>
  fetch(new URL('/api/webhook', url), { method: 'POST', headers, body });

/** Refused with 401 and counted. */
export async function refuseDelivery(url: string): Promise<void> {
  await post(url, { 'content-type': 'application/json' }, '{"signed":"by nobody"}');
}

/** Signed, and not a delivery of any shape that is known: kept raw, quarantined, answered 200. */
export async function sendRubbish(url: string, { scheme, secret }: Signer): Promise<void> {
  const body = '{"type":"message.received","data":[]}';
  const signature = signHeaders(scheme, secret, body, { deliveryId: 'msg_tourrubbish', nowMs: Date.now() });
  await post(url, { 'content-type': 'application/json', ...signature }, body);
}

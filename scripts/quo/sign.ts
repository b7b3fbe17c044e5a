/**
 * Signs a body as Quo does, for the replay, the demo and the tests. The law: it shares no code with the verifier, since
 * a signer taken from the verifier proves only that the verifier agrees with itself (a real outage: quo-api.md §1.5).
 */
import { createHmac } from 'node:crypto';

/**
 * @param secret `whsec_<base64>` for standard, bare base64 for legacy, as Quo shows it
 * @param body what will be sent; a string is signed as its UTF-8 bytes
 * @param options.deliveryId the `webhook-id` of the standard scheme; legacy deliveries have none
 * @param options.nowMs Unix milliseconds: sent as seconds by the standard scheme, as they are by the legacy one
 * @returns the signature headers only
 */
export function signHeaders(
  scheme: 'standard' | 'legacy',
  secret: string,
  body: string | Uint8Array,
  options: { deliveryId: string; nowMs: number },
): Record<string, string> {
  const content = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  if (scheme === 'legacy') {
    const time = String(Math.floor(options.nowMs));
    return { 'openphone-signature': `hmac;1;${time};${digest(secret, [time], content)}` };
  }
  const time = String(Math.floor(options.nowMs / 1000));
  return {
    'webhook-id': options.deliveryId,
    'webhook-timestamp': time,
    'webhook-signature': `v1,${digest(secret.replace(/^whsec_/, ''), [options.deliveryId, time], content)}`,
  };
}

function digest(base64Key: string, parts: string[], content: Uint8Array): string {
  const prefix = Buffer.from(parts.map(part => `${part}.`).join(''));
  return createHmac('sha256', Buffer.from(base64Key, 'base64'))
    .update(Buffer.concat([prefix, content]))
    .digest('base64');
}

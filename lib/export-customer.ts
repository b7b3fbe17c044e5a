/** Everything that is held of one customer, as one value: what erasing would blank is what stands here. */
import { findHeld, type HeldDelivery } from '../db/customers.js';
import { customerKey } from './customer-keys.js';
import { formsOf, phoneNumber, requireNumber } from './erase-customer.js';
import { plainText } from './http/text.js';
import { readNumber } from './quo/phone-number.js';
import { requireSchema } from './require-schema.js';

/** In an address a bare "+" arrives as a blank: what is no number without it is read with it. */
export const customerParameter = plainText(64)
  .transform(text => (/^ \d/.test(text) && !readNumber(text).ok ? `+${text.slice(1)}` : text))
  .pipe(phoneNumber);

/** @param customer any spelling of the number @throws Problem invalid_input */
export async function exportCustomer(customer: string) {
  const number = requireNumber(customer);
  const key = process.env.PRIVACY_KEY ? customerKey(number) : null;
  const { level, deliveries, ...held } = await findHeld(formsOf(number), key);
  requireSchema(level);
  return { customer: number, ...held, deliveries: deliveries.map(decode) };
}

/** The event that was sent, or its text where it is none. */
function decode({ body, ...delivery }: HeldDelivery) {
  return { ...delivery, event: parse(body) };
}

function parse(body: string | null): unknown {
  try {
    return body === null ? null : JSON.parse(body);
  } catch {
    return body;
  }
}

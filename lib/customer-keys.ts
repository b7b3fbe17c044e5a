/** What stands for a customer where no number may stand: a hash keyed with PRIVACY_KEY, so that nobody without it can try numbers out. */
import { createHmac } from 'node:crypto';
import { requirePrivacyKey } from './environment.js';
import { readStoredNumber } from './quo/phone-number.js';

/**
 * @param number in E.164
 * @throws Unavailable (503) where PRIVACY_KEY is not set, or is none
 */
export function customerKey(number: string): string {
  return createHmac('sha256', requirePrivacyKey()).update(number).digest('hex');
}

/**
 * The keys under which these customers may have been erased; none where there is no PRIVACY_KEY, without which nobody is
 * erased either.
 * @param customers as Quo named them; what is no phone number can't be erased, and has no key
 * @throws Unavailable (503) for a PRIVACY_KEY that is set and is none
 */
export function listCustomerKeys(customers: readonly string[]): string[] {
  if (!process.env.PRIVACY_KEY) return [];
  const numbers = customers.map(readStoredNumber).filter(number => number !== null);
  return [...new Set(numbers.map(customerKey))].sort();
}

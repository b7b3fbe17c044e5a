/**
 * Erases a customer: one transaction in which every text of theirs goes, what was learned from them alone goes with it, and
 * what others taught too is rebuilt from the others'. Rows keep their ids, and a keyed tombstone keeps late texts out.
 */
import * as z from 'zod';
import { withinBudget } from '../db/client.js';
import { type CustomerForms, eraseCustomer as commitErasing, type Erased, findLessons } from '../db/customers.js';
import { customerKey } from './customer-keys.js';
import { untilNotOvertaken } from './follow.js';
import { Problem } from './http/problem.js';
import { plainText } from './http/text.js';
import { planForgetting } from './learning/forget.js';
import { listStoredDigits, mentionPattern, readNumber } from './quo/phone-number.js';
import { requireSchema } from './require-schema.js';

/** A spelling of a phone number as a person writes it; becomes the number in E.164. */
export const phoneNumber = plainText(64).transform((text, context) => {
  const read = readNumber(text);
  if (read.ok) return read.number;
  context.addIssue({ code: 'custom', message: read.detail });
  return z.NEVER;
});

export const erasure = z.strictObject({ customer: phoneNumber });

/** Of a function; the endpoint ends after fifteen seconds. */
const PATIENCE_MS = 13_000;

/**
 * Again is harmless: it erases what came since, and moves the tombstone.
 * @param customer any spelling of the number
 * @param actor whom the audit names
 * @returns how much was blanked; `switchedOff` lists patterns that were active and whose words changed or went
 * @throws Unavailable without PRIVACY_KEY; Problem invalid_input for what is no customer's number, conflict where others
 *   kept learning from the same patterns meanwhile (nothing is erased then)
 */
export async function eraseCustomer(customer: string, actor: string, patienceMs = PATIENCE_MS): Promise<Erased> {
  const number = requireNumber(customer);
  const key = customerKey(number);
  const forms = formsOf(number);
  const attempt = async () => {
    const { level, isLine, patterns } = await findLessons(forms);
    requireSchema(level);
    if (isLine) throw refuse('This is a number of the business itself, not a customer.');
    return commitErasing(forms, key, actor, patterns.map(planForgetting));
  };
  const erased = await withinBudget(patienceMs, () => untilNotOvertaken(attempt));
  if (!erased) throw new Problem('conflict', 'Others kept writing meanwhile, and nothing was erased: try again.');
  return erased;
}

/** @throws Problem invalid_input */
export function requireNumber(text: string): string {
  const read = readNumber(text);
  if (!read.ok) throw refuse(read.detail);
  return read.number;
}

export function formsOf(number: string): CustomerForms {
  return { digits: listStoredDigits(number), mention: mentionPattern(number) };
}

function refuse(detail: string): Problem {
  return new Problem('invalid_input', undefined, { errors: [{ pointer: '#/customer', detail }] });
}

/** Why a person did it. Kept apart from the append-only rows, so that it can be erased. */
import { randomUUID } from 'node:crypto';
import type { Reason } from '../../db/reasons.js';
import { plainText } from './text.js';

export const reasonText = plainText(1_000).trim().min(1);

export function makeReason(text: string | undefined): Reason | null {
  return text === undefined ? null : { id: randomUUID(), text };
}

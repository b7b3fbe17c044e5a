/**
 * Which exchanges a person marked "don't learn". The law: a mark holds for the texts it was made for, so an exchange inherits
 * it from every row that it shares a text with, whether late texts join two exchanges or part one.
 */
import { idsOf } from './pair-exchanges.js';
import type { StoredExchange } from './thread-view.js';
import type { DerivedExchange } from './types.js';

export function listMarked(
  derived: readonly DerivedExchange[],
  stored: readonly StoredExchange[],
): Set<DerivedExchange> {
  const texts = new Set(
    stored.filter(row => row.dontLearn).flatMap(row => [...row.customerMessageIds, ...row.operatorMessageIds]),
  );
  return new Set(derived.filter(exchange => [...idsOf(exchange)].some(id => texts.has(id))));
}

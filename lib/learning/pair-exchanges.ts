/** Finds the stored row that each derived exchange continues, so that what a person marked stays marked while texts come late. */
import type { StoredExchange } from './thread-view.js';
import type { DerivedExchange } from './types.js';

/** Finds each derived exchange's row: by key, else by a shared message, since a late text may lead the turn from now on. */
export function pairWithStored(
  derived: readonly DerivedExchange[],
  stored: readonly StoredExchange[],
): Map<DerivedExchange, StoredExchange> {
  const pairs = new Map<DerivedExchange, StoredExchange>();
  const free = new Set(stored);
  const pair = (exchange: DerivedExchange, match: StoredExchange | undefined) => {
    if (!match) return;
    pairs.set(exchange, match);
    free.delete(match);
  };
  for (const exchange of derived)
    pair(
      exchange,
      [...free].find(row => row.key === exchange.key),
    );
  for (const exchange of derived) {
    if (pairs.has(exchange)) continue;
    const ids = idsOf(exchange);
    const shares = (row: StoredExchange) =>
      [...row.operatorMessageIds, ...row.customerMessageIds].some(id => ids.has(id));
    pair(exchange, [...free].find(shares));
  }
  return pairs;
}

export function idsOf(exchange: DerivedExchange | undefined): Set<string> {
  return new Set([...(exchange?.customer?.messageIds ?? []), ...(exchange?.operator?.messageIds ?? [])]);
}

export function sameIds(ids: readonly string[], turn: { messageIds: string[] } | null): boolean {
  const others = turn?.messageIds ?? [];
  return ids.length === others.length && ids.every((id, index) => id === others[index]);
}

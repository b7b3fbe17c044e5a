/** Long lists are gone through stretch by stretch. The law: never more cards stand on the page than a browser draws and puts away at once. */
import { useMemo, useState } from 'react';
import type { Pattern } from '../../contract.js';
import type { Filters } from '../../patterns/filters.js';
import type { PatternList } from '../../patterns/pattern-list.js';

const MOST_CARDS = 100;

export type Stretch = {
  shown: readonly Pattern[];
  /** How many stand before the first that is shown. */
  before: number;
  /** What comes next: more below, or the next stretch instead of this one. */
  next: 'more' | 'stretch' | null;
  goOn: () => void;
  goBack: () => void;
};

export function useStretch({ patterns, hasMore, loadMore }: PatternList, filters: Filters): Stretch {
  const [position, setPosition] = useState({ before: 0, filters });
  // Another question begins at its beginning.
  const before = position.filters === filters ? position.before : 0;
  const shown = useMemo(() => patterns.slice(before, before + MOST_CARDS), [patterns, before]);
  const end = before + MOST_CARDS;
  const isFull = shown.length === MOST_CARDS;
  const next = isFull && (hasMore || patterns.length > end) ? 'stretch' : hasMore ? 'more' : null;

  function goOn(): void {
    if (next === 'more' || patterns.length <= end) loadMore();
    if (next === 'stretch') goTo(end);
  }

  function goTo(wanted: number): void {
    setPosition({ before: wanted, filters });
    scrollTo(0, 0);
  }

  return { shown, before, next, goOn, goBack: () => goTo(Math.max(0, before - MOST_CARDS)) };
}

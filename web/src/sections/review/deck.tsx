/** The cards in a column: one has the frame, and keys move it. */
import { type RefObject, useEffect, useRef, useState } from 'react';
import { goTo } from '../../app/address.js';
import type { Pattern } from '../../contract.js';
import { Card, type DialogName } from '../../patterns/card.js';

export type DeckHandle = {
  move: (by: 1 | -1) => void;
  /** Presses what the framed card offers, if it does. */
  press: (selector: string) => void;
};

type DeckProps = {
  patterns: readonly Pattern[];
  onDialog: (name: DialogName, pattern: Pattern) => void;
  /** Somebody wants to go on below the last card. */
  onEnd: (() => void) | null;
  handle: RefObject<DeckHandle | null>;
  isBusy: boolean;
};

/** Which card had the frame last, for whoever comes back from a pattern. */
let lastFramed: string | null = null;

export function Deck({ patterns, onDialog, onEnd, handle, isBusy }: DeckProps) {
  const [framed, setFramed] = useState(lastFramed);
  const list = useRef<HTMLUListElement>(null);
  const isHere = patterns.some(({ id }) => id === framed);
  const tabStop = isHere ? framed : patterns[0]?.id;

  // Only on the way back: a card that is framed anew has the focus already.
  useEffect(() => {
    if (lastFramed) findCard(list.current, lastFramed)?.scrollIntoView({ block: 'center' });
    return () => {
      if (!location.hash.startsWith('#/pattern/')) lastFramed = null;
    };
  }, []);

  function frame(id: string): void {
    lastFramed = id;
    setFramed(id);
  }

  handle.current = {
    move: by => {
      const at = patterns.findIndex(({ id }) => id === framed);
      const isInside = list.current?.contains(document.activeElement);
      const next = patterns[at === -1 ? 0 : isInside ? at + by : at];
      if (!next && by === 1) onEnd?.();
      const card = findCard(list.current, next?.id);
      card?.focus({ preventScroll: true });
      card?.scrollIntoView({ block: 'nearest' });
    },
    press: selector => findCard(list.current, framed)?.querySelector<HTMLElement>(selector)?.click(),
  };

  return (
    <ul className="cards deck" ref={list} aria-busy={isBusy}>
      {patterns.map(pattern => (
        <li
          key={pattern.id}
          data-id={pattern.id}
          className="card"
          data-framed={pattern.id === framed || undefined}
          tabIndex={pattern.id === tabStop ? 0 : -1}
          onFocus={() => frame(pattern.id)}
          onKeyDown={event => {
            // On the card itself: inside it, Enter is for what has the focus there.
            if (event.key === 'Enter' && event.target === event.currentTarget) goTo(`/pattern/${pattern.id}`);
          }}
        >
          <Card pattern={pattern} onDialog={onDialog} />
        </li>
      ))}
    </ul>
  );
}

function findCard(list: HTMLElement | null, id: string | null | undefined): HTMLElement | null {
  return list?.querySelector<HTMLElement>(`[data-id="${id}"]`) ?? null;
}

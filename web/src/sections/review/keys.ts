/**
 * The keys of the review deck. The law: a key presses what the card itself offers, so that nobody can do by key what they could
 * not do by hand; and no key means anything while somebody writes.
 */
import { useEffect, useRef, useState } from 'react';

export const KEYS: readonly [key: string, what: string, isForAdmins?: true][] = [
  ['j', 'Next pattern'],
  ['k', 'Previous pattern'],
  ['Enter', 'What is behind it'],
  ['/', 'Search'],
  ['a', 'Switch on or off'],
  ['e', 'Edit', true],
  ['x', 'Retire, or restore', true],
  ['m', 'Merge with another', true],
  ['?', 'This help'],
];

type Actions = Record<string, () => void>;

/** Where letters are letters, and where a key already means something. */
const WRITES = 'input, textarea, select, [contenteditable], [role="dialog"], [role="alertdialog"]';

/** @param actions by key. @returns whether the keys are on, and the way to switch them */
export function useKeys(actions: Actions): [areOn: boolean, setOn: (areOn: boolean) => void] {
  const [areOn, setOn] = useState(readChoice);
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    function press(event: KeyboardEvent): void {
      const { key, target } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
      if (target instanceof Element && target.closest(WRITES)) return;
      const act = (areOn || key === '?') && latest.current[key];
      if (!act) return;
      event.preventDefault();
      act();
    }
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [areOn]);
  return [
    areOn,
    wanted => {
      keepChoice(wanted);
      setOn(wanted);
    },
  ];
}

const STORED = 'v3pls-keys';

/** On, unless somebody switched them off in this browser: who speaks to the computer types letters without meaning to. */
function readChoice(): boolean {
  try {
    return localStorage.getItem(STORED) !== 'off';
  } catch {
    return true;
  }
}

function keepChoice(areOn: boolean): void {
  try {
    localStorage.setItem(STORED, areOn ? 'on' : 'off');
  } catch {
    // A browser that keeps nothing: the choice holds until the page is closed.
  }
}

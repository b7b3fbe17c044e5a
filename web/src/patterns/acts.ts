/**
 * What people do to patterns. The law: an act names the version that the person saw, and what is shown after it is what the
 * server answered: its new state, or after a refusal the state that it really has.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Pattern } from '../contract.js';
import { useNews } from '../parts/news.js';
import { useAct } from '../server/act.js';
import { api, ask } from '../server/client.js';
import { useTimeZone } from '../server/reading.js';
import { sayDate } from '../words.js';
import { isPatternList, putPattern, rereadPattern } from './listed.js';

/** Switches on (or renews) and off. */
export function useToggle(pattern: Pattern) {
  const timeZone = useTimeZone();
  return usePatternAct<boolean>(pattern, {
    act: active =>
      ask(
        api.POST('/api/patterns/{id}/toggle', {
          params: { path: { id: pattern.id } },
          body: { active, expectedVersion: pattern.version },
        }),
      ),
    say: ({ isActive, activeUntil }) =>
      isActive
        ? `Switched on until ${sayDate(activeUntil, timeZone)}: staff can copy it. It sends nothing.`
        : 'Switched off.',
  });
}

export type Edit = {
  triggerText?: string;
  responseTemplate?: string;
  patternType?: string;
  notes?: string;
  reason?: string;
};

export function useEdit(pattern: Pattern, onDone: () => void) {
  return usePatternAct<Edit>(pattern, {
    act: edit => patch(pattern.id, { ...edit, expectedVersion: pattern.version }),
    say: ({ version }) =>
      version === pattern.version
        ? 'Saved. The words are the same as before.'
        : `Saved as version ${version}: switched off, and its evidence starts anew.`,
    onDone,
  });
}

export function useRetire(pattern: Pattern, onDone?: () => void) {
  return usePatternAct<void, undefined>(pattern, {
    act: () => ask(api.DELETE('/api/patterns/{id}', { params: { path: { id: pattern.id } } })) as Promise<undefined>,
    say: () => 'Retired: kept, switched off, and it can be restored.',
    onDone,
  });
}

export function useRestore(pattern: Pattern) {
  return usePatternAct<void>(pattern, {
    act: () => patch(pattern.id, { restore: true, expectedVersion: pattern.version }),
    say: () => 'Restored, switched off.',
  });
}

/** @param pattern the one that is retired by it: what was learned for it counts for `target` from then on */
export type Merge = { pattern: Pattern; target: Pattern };

export function useMerge(shown: Pattern, onDone: () => void) {
  const client = useQueryClient();
  return usePatternAct<Merge>(shown, {
    act: ({ pattern, target }) =>
      patch(pattern.id, {
        expectedVersion: pattern.version,
        mergeInto: { id: target.id, expectedVersion: target.version },
      }),
    say: () => 'Merged: one of the two is retired, and what was learned for it counts for the other.',
    onAnswered: ({ pattern, target }) =>
      Promise.all([rereadPattern(client, pattern.id), rereadPattern(client, target.id)]).then(() => {}),
    onDone,
  });
}

type Patch = Edit & {
  expectedVersion: number;
  restore?: true;
  mergeInto?: { id: string; expectedVersion: number };
};

function patch(id: string, body: Patch): Promise<Pattern> {
  return ask(api.PATCH('/api/patterns/{id}', { params: { path: { id } }, body }));
}

const REREAD = 'It was read again: what you see is its state on the server.';

type PatternAct<Input, Output> = {
  act: (input: Input) => Promise<Output>;
  say: (output: Output) => string;
  onAnswered?: (input: Input) => Promise<void>;
  onDone?: () => void;
};

function usePatternAct<Input, Output extends Pattern | undefined = Pattern>(
  { id }: Pattern,
  { act, say, onAnswered, onDone }: PatternAct<Input, Output>,
) {
  const client = useQueryClient();
  const news = useNews();
  const [isReread, setReread] = useState(false);
  const mutation = useAct<Input, Output>({
    act,
    onConfirmed: output => {
      if (output) putPattern(client, output);
      news(say(output));
      onDone?.();
    },
    onAnswered: async input => {
      setReread(false);
      await (onAnswered ? onAnswered(input) : rereadPattern(client, id));
      setReread(true);
    },
    isLeft: isPatternList,
  });
  return { ...mutation, since: mutation.error && isReread ? REREAD : null };
}

/**
 * Everything that changes something goes through here. The law: no state is shown before the server has confirmed it, and after
 * every act, also a refused one, what is shown is read anew, here and in the other tabs.
 */
import { type QueryKey, type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { useNews } from '../parts/news.js';
import { SESSION_KEY, tellOtherTabs } from './query-client.js';

type Options<Input, Output> = {
  /** One call of the API. @throws Refusal */
  act: (input: Input) => Promise<Output>;
  /** What the server confirmed, to be taken over before everything is read anew. */
  onConfirmed?: (output: Output, input: Input) => void;
  /** What to read anew besides, before anything else, also after a refusal. */
  onAnswered?: (input: Input) => Promise<void>;
  /** What is shown and not read anew: for lists, whose cards would change places. They are read when somebody comes back to them. */
  isLeft?: (key: QueryKey) => boolean;
  /** The answer is a secret: the page forgets it as soon as it is no longer shown. */
  isSecret?: boolean;
};

/** @returns `mutate(input)`, `isPending`, and `error`: a Refusal with the server's words, until the next attempt */
export function useAct<Input, Output>({
  act,
  onConfirmed,
  onAnswered,
  isLeft = () => false,
  isSecret = false,
}: Options<Input, Output>): UseMutationResult<Output, Error, Input> {
  const client = useQueryClient();
  const say = useNews();
  return useMutation({
    mutationFn: act,
    // What the last act did must not be read as what this one did.
    onMutate: () => say(null),
    ...(isSecret && { gcTime: 0 }),
    onSuccess: (output, input) => {
      onConfirmed?.(output, input);
      tellOtherTabs();
    },
    onSettled: async (_output, _error, input) => {
      // What cannot be read now is read when its list is: the act's own outcome is what counts here.
      await onAnswered?.(input).catch(() => {});
      // Not awaited: the act is over when the server has answered it.
      client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] && !isLeft(queryKey) });
      client.invalidateQueries({ predicate: ({ queryKey }) => isLeft(queryKey), refetchType: 'none' });
    },
  });
}

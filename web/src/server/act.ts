/**
 * Everything that changes something goes through here. The law: no state is shown before the server has confirmed it, and after
 * every act, also a refused one, what is shown is read anew, here and in the other tabs.
 */
import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { SESSION_KEY, tellOtherTabs } from './query-client.js';

type Options<Input, Output> = {
  /** One call of the API. @throws Refusal */
  act: (input: Input) => Promise<Output>;
  /** What the server confirmed, to be taken over before everything is read anew. */
  onConfirmed?: (output: Output, input: Input) => void;
};

/** @returns `mutate(input)`, `isPending`, and `error`: a Refusal with the server's words, until the next attempt */
export function useAct<Input, Output>({
  act,
  onConfirmed,
}: Options<Input, Output>): UseMutationResult<Output, Error, Input> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (output, input) => {
      onConfirmed?.(output, input);
      tellOtherTabs();
    },
    // Not awaited: the act is over when the server has answered it.
    onSettled: () => {
      client.invalidateQueries({ predicate: query => query.queryKey[0] !== SESSION_KEY[0] });
    },
  });
}

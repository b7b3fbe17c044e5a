/**
 * Plans what becomes of a pattern when a customer who taught it is erased. The law: no wording of theirs stays, whatever a person
 * wrote does, and new words are words that somebody else's exchange has.
 */
import { compare } from './candidates.js';
import { featuriseReply } from './features.js';
import { shortenTrigger } from './learn.js';
import type { ExampleRecord } from './model.js';
import { cosine } from './similarity.js';
import { listUnknownSlots, type Slot } from './slots.js';

export type TaughtPattern = {
  id: string;
  /** Of what this plan rests on: the database refuses the plan where it has changed. */
  fingerprint: string;
  triggerText: string;
  responseTemplate: string;
  slots: Slot[];
  facts: string[];
  /** A person changed its words once. */
  isEdited: boolean;
  /** Another program brought it. */
  isExternal: boolean;
  /** An exchange of the customer is credited to it. */
  isCredited: boolean;
  /** The present words came from the customer, and nobody else's exchange has them. */
  hasTheirTrigger: boolean;
  hasTheirTemplate: boolean;
  /** Exchanges of others that are credited to it; `examples` are those that still have their texts. */
  otherExchanges: number;
  examples: Pick<ExampleRecord, 'exchangeId' | 'customerText' | 'replyText'>[];
};

export type ForgetPlan = { id: string; fingerprint: string } & (
  | { kind: 'keep' }
  | { kind: 'remove' }
  | {
      kind: 'reword';
      triggerText: string;
      responseTemplate: string;
      slots: Slot[];
      facts: string[];
      /** No words are left that anything could be answered with. */
      isRetired: boolean;
    }
);

/** Stands where words were and nobody else's could take their place. */
export const ERASED = '[erased]';

export function planForgetting(pattern: TaughtPattern): ForgetPlan {
  const { id, fingerprint, hasTheirTrigger, hasTheirTemplate } = pattern;
  const isTaught = hasTheirTrigger || hasTheirTemplate;
  // Where a person changed one side only, the other is still what was learned.
  const isPersons = pattern.isExternal || (pattern.isEdited && !(hasTheirTrigger && hasTheirTemplate));
  if (pattern.otherExchanges === 0 && !isPersons && (isTaught || pattern.isCredited))
    return { id, fingerprint, kind: 'remove' };
  if (!isTaught) return { id, fingerprint, kind: 'keep' };
  return { id, fingerprint, kind: 'reword', ...reword(pattern, isPersons) };
}

function reword(pattern: TaughtPattern, isPersons: boolean) {
  const { examples, hasTheirTemplate } = pattern;
  // A template that others got too stays, and the new trigger is of one of them.
  const alike = examples.filter(example => example.replyText === pattern.responseTemplate);
  const chosen = findCentral(hasTheirTemplate || alike.length === 0 ? examples : alike);
  // Both sides of one exchange, unless one of them is a person's.
  const takesTrigger = pattern.hasTheirTrigger || (!isPersons && chosen !== null && hasTheirTemplate);
  const triggerText = takesTrigger ? (chosen ? shortenTrigger(chosen.customerText) : ERASED) : pattern.triggerText;
  const responseTemplate = hasTheirTemplate ? (chosen?.replyText ?? ERASED) : pattern.responseTemplate;
  return {
    triggerText,
    responseTemplate,
    slots: hasTheirTemplate ? listUnknownSlots(responseTemplate) : pattern.slots,
    facts: pattern.facts.filter(fact => responseTemplate.includes(fact)),
    isRetired: responseTemplate === ERASED,
  };
}

/** The exchange whose reply is nearest to all the others' (mean cosine), ties by id. */
function findCentral<Example extends TaughtPattern['examples'][number]>(examples: readonly Example[]): Example | null {
  const vectors = examples.map(({ replyText }) => featuriseReply(replyText));
  let best: { example: Example; sum: number } | null = null;
  examples.forEach((example, at) => {
    const own = vectors[at];
    let sum = 0;
    vectors.forEach((other, index) => {
      if (own && other && index !== at) sum += cosine(own, other);
    });
    sum = Math.round(sum * 1e9) / 1e9;
    if (!best || sum > best.sum || (sum === best.sum && compare(example.exchangeId, best.example.exchangeId) < 0))
      best = { example, sum };
  });
  return (best as { example: Example } | null)?.example ?? null;
}

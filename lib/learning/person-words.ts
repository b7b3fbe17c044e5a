/** The words that a person gives a pattern: held to the same law as learned ones (I15), with a sentence for each refusal. */
import { cleanText } from './normalise.js';
import { findSensitive, type SensitiveType } from './redaction.js';
import { isFillableType, isSlotType, SLOT_PATTERN, SLOT_TYPES, type Slot } from './slots.js';

const NAMED: Record<SensitiveType, string> = {
  name: 'a name: write {{name}}',
  phone: 'a phone number: leave it out',
  email: 'an e-mail address: leave it out',
  code: 'a code or a password: leave it out',
  link: 'a link of one occasion: leave it out',
};

/** Line breaks and tabs are words' own; other control, bidirectional and zero-width characters hide something. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/u;
/** Joins the parts of one emoji. */
const JOINERS = /[\u200D\uFE0F]|[\r\n\t]/g;

/** @returns what is wrong with it, in a sentence; null when nothing is */
export function checkWords(text: string): string | null {
  if (INVISIBLE.test(text.replace(JOINERS, ''))) return 'Holds characters that cannot be seen: type it anew.';
  const unknown = [...text.matchAll(/\{\{([^}]*)\}?\}?/g)].find(match => !isWhole(match[0]));
  if (unknown)
    return `"${unknown[0].slice(0, 40)}" is no blank: there are ${SLOT_TYPES.map(type => `{{${type}}}`).join(', ')}.`;
  try {
    const { spans, unsure } = findSensitive(cleanText(text));
    if (spans[0]) return `Holds ${NAMED[spans[0].type]}.`;
    return unsure === null ? null : 'Holds something that may be a secret: say it without.';
  } catch {
    return 'Could not be checked for secrets: say it shorter.';
  }
}

/** Blanks of this template, each once. Which of them can be filled is known from the conversation; a secret never is. */
export function findTemplateSlots(template: string): Slot[] {
  const names = new Set([...template.matchAll(SLOT_PATTERN)].map(match => match[1]!));
  return [...names].map(name => ({ name, type: name, fillable: isFillableType(name) }));
}

function isWhole(blank: string): boolean {
  const match = /^\{\{([a-z]+)\}\}$/.exec(blank);
  return match !== null && isSlotType(match[1]!);
}

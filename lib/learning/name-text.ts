/** A text as words with their places, for the detectors of names. The law: offsets are those of the text that was given. */

export type Word = { text: string; start: number; end: number; isCapital: boolean; isSentenceStart: boolean };

const WORD = /[\p{L}\p{M}]+(?:'[\p{L}\p{M}]+)*/gu;

/** Slots, e-mail and web addresses hold no names of their own and give no words. */
export function collectWords(text: string): Word[] {
  const blanked = text.replace(/\{\{[a-z_0-9]+\}\}|\S+@\S+|(?:https?:\/\/|www\.)\S+/g, hidden =>
    ' '.repeat(hidden.length),
  );
  return [...blanked.matchAll(WORD)].map(match => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
    isCapital: /^\p{Lu}/u.test(match[0]),
    isSentenceStart: startsSentence(blanked, match.index),
  }));
}

/** Walks back by hand: a pattern anchored at the end would walk through a long run of blank lines once for every word. */
function startsSentence(text: string, index: number): boolean {
  let at = index - 1;
  while (at >= 0 && /[\s¡¿"')(]/.test(text[at]!)) {
    if (text[at] === '\n') return true;
    at--;
  }
  return at < 0 || /[.!?:]/.test(text[at]!);
}

export function listWords(text: string): string[] {
  return [...text.matchAll(WORD)].map(match => match[0].replace(/'s$/, ''));
}

export function isJoined(text: string, a: Word, b: Word): boolean {
  return (
    /^(?:\s|\. ?|-|\s?& ?)$/.test(text.slice(a.end, b.start)) &&
    (text.slice(a.end, b.start)[0] !== '.' || a.text.length === 1)
  );
}

/** "PebbleGuest": a made-up word of a business or a device, unlike "McDonald" and "O'Brien". */
export function isCamelCase(word: string): boolean {
  return /\p{Ll}\p{Lu}/u.test(word.replace(/^(?:Mc|Mac|De|Di|La|Le|Van|Fitz)(?=\p{Lu})/u, ''));
}

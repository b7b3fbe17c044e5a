/** One letter of a word lost, doubled or swapped with its neighbour. `random` gives 0 to 1 and decides which. */
export function misspell(word: string, random: () => number): string {
  const place = Math.floor(random() * word.length);
  const [before, letter, after] = [word.slice(0, place), word.slice(place, place + 1), word.slice(place + 1)];
  const kind = Math.floor(random() * 3);
  if (kind === 0) return before + after;
  if (kind === 1) return before + letter + letter + after;
  return before + after.slice(0, 1) + letter + after.slice(1);
}

/** The same of one word of a text. */
export function misspellText(text: string, random: () => number): string {
  const words = text.split(' ');
  const place = Math.floor(random() * words.length);
  words[place] = misspell(words[place]!, random);
  return words.join(' ');
}

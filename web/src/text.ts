/** Customers' text is only text: this cuts it into parts to be put on the page by textContent. Pure. */

export type Part = { kind: 'text' | 'hidden' | 'slot'; text: string };

/** Emoji are built with joiners and variation selectors; inside one of these they hide nothing and stay as they are. */
const EMOJI = String.raw`\p{Extended_Pictographic}\ufe0f?\p{Emoji_Modifier}?(?:\u200d\p{Extended_Pictographic}\ufe0f?\p{Emoji_Modifier}?)*|[0-9#*]\ufe0f?\u20e3`;
/** Controls, bidirectional and zero-width characters, private use, unassigned invisibles; a line end is shown as one. */
const HIDDEN = String.raw`(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]`;
const EMOJI_OR_HIDDEN = new RegExp(`(?<emoji>${EMOJI})|(?<hidden>${HIDDEN})`, 'gu');
const SLOT = /\{\{([a-z][a-z0-9_]{0,31})\}\}/g;

/** @returns the text's parts in order; a hidden character becomes its code point in words, such as `U+202E` */
export function showHidden(text: string): Part[] {
  const parts: Part[] = [];
  const source = text.replaceAll('\r\n', '\n');
  let from = 0;
  for (const match of source.matchAll(EMOJI_OR_HIDDEN)) {
    const hidden = match.groups?.hidden;
    if (hidden === undefined) continue;
    if (match.index > from) parts.push({ kind: 'text', text: source.slice(from, match.index) });
    parts.push({ kind: 'hidden', text: nameCodePoint(hidden) });
    from = match.index + hidden.length;
  }
  if (from < source.length) parts.push({ kind: 'text', text: source.slice(from) });
  return parts;
}

/** A response template's parts: as above, and `{{time}}` becomes the slot `time`. */
export function showTemplate(template: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of template.matchAll(SLOT)) {
    parts.push(...showHidden(template.slice(from, match.index)), { kind: 'slot', text: match[1]! });
    from = match.index + match[0].length;
  }
  return [...parts, ...showHidden(template.slice(from))];
}

/** The same in one string, for a place that takes no elements. */
export function showPlainly(text: string): string {
  return showHidden(text)
    .map(part => (part.kind === 'hidden' ? `[${part.text}]` : part.text))
    .join('');
}

function nameCodePoint(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}

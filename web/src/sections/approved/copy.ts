/** What the clipboard gets of an answer. The law: a blank is written so that nobody sends it by mistake. Pure. */
import { showTemplate } from '../../text.js';

/** @returns the text with each blank as `[time]`, hidden characters left out, and the names of the blanks, each once */
export function writeCopy(template: string): { text: string; blanks: string[] } {
  const parts = showTemplate(template);
  const write = (part: (typeof parts)[number]) =>
    part.kind === 'slot' ? `[${part.text}]` : part.kind === 'hidden' ? '' : part.text;
  return {
    text: parts.map(write).join(''),
    blanks: [...new Set(parts.flatMap(part => (part.kind === 'slot' ? [part.text] : [])))],
  };
}

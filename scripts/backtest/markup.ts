// Writes HTML and SVG. The law: whatever is put into a template is text and is escaped, unless this file itself made it.

/** Markup that was escaped already. Only `markup` makes one. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Insert = Markup | string | number | null | readonly Insert[];

/** A tagged template: ``markup`<p>${text}</p>` ``. A list is joined, null is nothing. Inserts stand in text or quoted attributes. */
export function markup(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Markup {
  return new Markup(parts.map((part, index) => part + (index < inserts.length ? write(inserts[index]!) : '')).join(''));
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function write(insert: Insert): string {
  if (insert === null) return '';
  if (insert instanceof Markup) return insert.text;
  if (typeof insert === 'string' || typeof insert === 'number')
    return String(insert).replace(/[&<>"']/g, character => ESCAPES[character]!);
  return insert.map(write).join('');
}

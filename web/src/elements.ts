/** Builds elements. The law: text goes in as text nodes only, and no attribute that could run or fetch something is set from data. */
import { type Part, showHidden } from './text.js';

type Child = Node | string | null;
type Attributes = Record<string, string | boolean>;

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter(child => child !== null));
  return node;
}

/** Other people's text: literal, its hidden characters shown, its direction kept from the text around it. */
export function foreignText(parts: readonly Part[] | string): HTMLElement {
  const list = typeof parts === 'string' ? showHidden(parts) : parts;
  return element('bdi', { class: 'foreign' }, ...list.map(showPart));
}

function showPart(part: Part): Child {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'hidden':
      return element('span', { class: 'hidden-character', title: 'A character that would be invisible' }, part.text);
    case 'slot':
      return element('mark', { class: 'slot' }, element('span', { class: 'unseen' }, 'blank: '), part.text);
    default:
      return part.kind satisfies never;
  }
}

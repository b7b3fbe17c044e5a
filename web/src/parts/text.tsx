/**
 * Other people's text on the page. The law: it goes in as text nodes only, what would be invisible is shown, and its direction
 * never turns the words around it.
 */
import { useState } from 'react';
import { type Part, showHidden, showTemplate } from '../text.js';

/** Longer texts are cut until somebody asks for the rest: one of ten thousand characters would push everything else away. */
const SHOWN_CHARACTERS = 600;

type TextProps = {
  /** The text as it came from the server. */
  children: string;
  /** Never cut. */
  isWhole?: boolean;
  /** Cut without a way to the rest: for links and labels, which hold no button. */
  isCut?: boolean;
};

export function Text({ children, isWhole = false, isCut = false }: TextProps) {
  return <Foreign text={children} split={showHidden} isWhole={isWhole} isCut={isCut} />;
}

/** A response template: as `Text`, and its slots are marked. */
export function Template({ children, isWhole = false, isCut = false }: TextProps) {
  return <Foreign text={children} split={showTemplate} isWhole={isWhole} isCut={isCut} />;
}

type ForeignProps = { text: string; split: (text: string) => Part[]; isWhole: boolean; isCut: boolean };

function Foreign({ text, split, isWhole, isCut }: ForeignProps) {
  const [isOpen, setOpen] = useState(false);
  const isLong = !isWhole && text.length > SHOWN_CHARACTERS;
  const shown = isLong && !isOpen ? shorten(text) : text;
  return (
    <>
      <bdi className="foreign">
        {split(shown).map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other identity
          <ShownPart key={index} part={part} />
        ))}
      </bdi>
      {isLong && !isCut && (
        <button type="button" className="link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Show less' : `Show all ${text.length.toLocaleString('en')} characters`}
        </button>
      )}
    </>
  );
}

function ShownPart({ part }: { part: Part }) {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'hidden':
      return (
        <span className="hidden-character" title="A character that would be invisible">
          {part.text}
        </span>
      );
    case 'slot':
      return (
        <mark className="slot">
          <span className="unseen">blank: </span>
          {part.text}
        </mark>
      );
    default:
      return part.kind satisfies never;
  }
}

/** Whole characters only: half of a pair would be shown as a hidden one. */
function shorten(text: string): string {
  const end = /[\ud800-\udbff]/.test(text[SHOWN_CHARACTERS - 1]!) ? SHOWN_CHARACTERS - 1 : SHOWN_CHARACTERS;
  return `${text.slice(0, end)}…`;
}

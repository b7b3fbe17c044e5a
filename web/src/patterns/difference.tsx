/** Two texts in one: what only the first has is struck out, what only the second has is marked. The law: where little is the same, no difference is pretended, and the texts are shown as they are. */
import { diffWordsWithSpace } from 'diff';
import { Template, Text } from '../parts/text.js';

/** Comparing long texts takes long; these are shown as they are. */
const LONGEST_CHARACTERS = 4_000;
const MOST_MS = 50;
/** Of the shorter one. With less in common, struck out and marked words alternate until nobody can read either text. */
const LEAST_COMMON = 0.7;

type DifferenceProps = {
  before: string;
  after: string;
  /** Which of two texts with little in common are shown: both, or the second alone where the first stands elsewhere. */
  otherwise: 'both' | 'after';
};

type Change = { value: string; added: boolean; removed: boolean };

export default function Difference({ before, after, otherwise }: DifferenceProps) {
  const changes = compare(before, after);
  if (changes) {
    return (
      <span className="difference">
        {changes.map((change, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other identity
          <Changed key={index} change={change} />
        ))}
      </span>
    );
  }
  if (otherwise === 'after') return <Template>{after}</Template>;
  return (
    <span className="difference">
      <Changed change={{ value: before, added: false, removed: true }} />
      <br />
      <Changed change={{ value: after, added: true, removed: false }} />
    </span>
  );
}

function Changed({ change: { value, added, removed } }: { change: Change }) {
  const text = <Text isWhole>{value}</Text>;
  if (added) {
    return (
      <ins>
        <span className="unseen">added: </span>
        {text}
      </ins>
    );
  }
  if (removed) {
    return (
      <del>
        <span className="unseen">removed: </span>
        {text}
      </del>
    );
  }
  return text;
}

/** @returns null where the texts are too long, or have too little in common */
function compare(before: string, after: string): Change[] | null {
  if (before.length + after.length > LONGEST_CHARACTERS) return null;
  const changes = diffWordsWithSpace(before, after, { timeout: MOST_MS });
  if (!changes) return null;
  const common = changes.reduce((sum, { value, added, removed }) => sum + (added || removed ? 0 : count(value)), 0);
  return common >= LEAST_COMMON * Math.min(count(before), count(after)) ? changes : null;
}

/** Characters that are something: blanks are the same everywhere. */
function count(text: string): number {
  return text.replace(/\s/g, '').length;
}

/** Two texts in one: what only the first has is struck out, what only the second has is marked. */
import { diffWordsWithSpace } from 'diff';
import { Text } from '../parts/text.js';

/** Comparing takes long where nearly nothing is the same; then both are shown as they are. */
const LONGEST_CHARACTERS = 4_000;
const MOST_MS = 50;

type DifferenceProps = { before: string; after: string };

export default function Difference({ before, after }: DifferenceProps) {
  const isShort = before.length + after.length <= LONGEST_CHARACTERS;
  const parts = isShort ? diffWordsWithSpace(before, after, { timeout: MOST_MS }) : undefined;
  if (!parts) {
    return (
      <>
        <del>
          <Text>{before}</Text>
        </del>{' '}
        <ins>
          <Text>{after}</Text>
        </ins>
      </>
    );
  }
  return (
    <span className="difference">
      {parts.map(({ value, added, removed }, index) => {
        const key = `${index}${value}`;
        if (added) {
          return (
            <ins key={key}>
              <span className="unseen">added: </span>
              <Text isWhole>{value}</Text>
            </ins>
          );
        }
        if (removed) {
          return (
            <del key={key}>
              <span className="unseen">removed: </span>
              <Text isWhole>{value}</Text>
            </del>
          );
        }
        return (
          <Text key={key} isWhole>
            {value}
          </Text>
        );
      })}
    </span>
  );
}

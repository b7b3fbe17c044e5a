/** Patterns by their words where only their ids are known: asked for one by one, and few at a time. */
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { Template } from '../../parts/text.js';
import { api, ask } from '../../server/client.js';

const AT_A_TIME = 10;

type PatternNamesProps = {
  patterns: readonly { id: string; version: number }[];
  /** How many there are in all; more than are named here where the list came cut short. */
  count: number;
};

export function PatternNames({ patterns, count }: PatternNamesProps) {
  const [shown, setShown] = useState(AT_A_TIME);
  const listed = patterns.slice(0, shown);
  const names = useQueries({
    queries: listed.map(({ id }) => ({
      queryKey: ['pattern', id],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        ask(api.GET('/api/patterns/{id}', { params: { path: { id } }, signal })),
    })),
  });
  return (
    <>
      <ul className="plain-list">
        {listed.map(({ id, version }, place) => {
          const name = names[place]?.data?.triggerText;
          return (
            <li key={id}>
              <Link href={`/pattern/${id}`}>
                {name ? <Template isCut>{name}</Template> : `Pattern ${id.slice(0, 8)}`}
              </Link>{' '}
              <span className="muted small">version {version}</span>
            </li>
          );
        })}
      </ul>
      {patterns.length > shown && (
        <button type="button" className="link" onClick={() => setShown(shown + AT_A_TIME)}>
          Show more
        </button>
      )}
      {count > patterns.length && (
        <p className="muted small">
          The first {patterns.length} of {count} are listed.
        </p>
      )}
    </>
  );
}

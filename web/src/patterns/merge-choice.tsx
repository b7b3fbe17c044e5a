/** Which pattern to merge with: those that look alike first, or any other that a search finds. */
import { useQueries, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useId, useState } from 'react';
import type { Pattern } from '../contract.js';
import { Failure } from '../parts/failure.js';
import { Template } from '../parts/text.js';
import { api, ask } from '../server/client.js';
import { sayShare } from '../words.js';
import { MOST_QUERY_CHARACTERS } from './filters.js';

const MOST_ALIKE = 5;
const MOST_FOUND = 5;

type MergeChoiceProps = { pattern: Pattern; chosen: Pattern | null; onChoose: (other: Pattern) => void };
type Candidate = { pattern: Pattern; note: string | null };

export function MergeChoice({ pattern, chosen, onChoose }: MergeChoiceProps) {
  const id = useId();
  const [words, setWords] = useState('');
  const alike = useAlike(pattern);
  const found = useFound(useDeferredValue(words).trim());
  const error = alike.error ?? found.error;
  const listed = new Set(alike.candidates.map(candidate => candidate.pattern.id));
  const candidates: Candidate[] = [
    ...alike.candidates,
    ...found.patterns.filter(other => !listed.has(other.id)).map(other => ({ pattern: other, note: null })),
  ].filter(candidate => candidate.pattern.id !== pattern.id && candidate.pattern.status !== 'retired');
  return (
    <>
      <fieldset className="choices">
        <legend>Merge with</legend>
        {error && <Failure what="Not all could be loaded." error={error} />}
        {candidates.map(({ pattern: other, note }) => (
          <label key={other.id} htmlFor={id + other.id}>
            <input
              id={id + other.id}
              type="radio"
              name={`${id}other`}
              checked={chosen?.id === other.id}
              onChange={() => onChoose(other)}
            />
            <span>
              <Template isCut>{other.triggerText}</Template>
              <br />
              <span className="muted">
                <Template isCut>{other.responseTemplate}</Template>
              </span>
              {note && (
                <>
                  <br />
                  <span className="small">{note}</span>
                </>
              )}
            </span>
          </label>
        ))}
        {candidates.length === 0 && !alike.isPending && (
          <p className="muted">
            {words.trim() ? 'No other pattern has these words.' : 'No other pattern looks like it. Search for one.'}
          </p>
        )}
      </fieldset>
      <div>
        <label htmlFor={`${id}q`}>Search for another one</label>
        <input
          id={`${id}q`}
          type="search"
          autoComplete="off"
          maxLength={MOST_QUERY_CHARACTERS}
          value={words}
          onChange={event => setWords(event.target.value)}
          // Enter would merge with what is chosen already.
          onKeyDown={event => event.key === 'Enter' && event.preventDefault()}
        />
      </div>
    </>
  );
}

function useAlike({ possibleDuplicates }: Pattern) {
  const queries = useQueries({
    queries: possibleDuplicates.slice(0, MOST_ALIKE).map(({ id }) => ({
      queryKey: ['pattern', id],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        ask(api.GET('/api/patterns/{id}', { params: { path: { id } }, signal })),
    })),
  });
  const candidates: Candidate[] = queries.flatMap(({ data }, index) =>
    data ? [{ pattern: data, note: `${sayShare(possibleDuplicates[index]?.similarity)} alike` }] : [],
  );
  return {
    candidates,
    isPending: queries.some(query => query.isPending),
    error: queries.find(query => query.error)?.error ?? null,
  };
}

function useFound(words: string): { patterns: readonly Pattern[]; error: Error | null } {
  const { data, error } = useQuery({
    queryKey: ['patterns-to-merge', words],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/patterns', { params: { query: { q: words, limit: MOST_FOUND } }, signal })),
    enabled: words !== '',
  });
  return { patterns: words === '' ? [] : (data?.patterns ?? []), error };
}

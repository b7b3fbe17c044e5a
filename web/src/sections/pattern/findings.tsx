/** What is behind the flags: which fact changed into what, which pattern is answered with instead, which ones look alike. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { PatternDetail } from '../../contract.js';
import { Template, Text } from '../../parts/text.js';
import { api, ask } from '../../server/client.js';
import { sayCount, sayShare } from '../../words.js';

export function Findings({ pattern }: { pattern: PatternDetail }) {
  const { facts, factChanges, conflicts, possibleDuplicates, mergedInto, slots } = pattern;
  const blanks = slots.filter(slot => !slot.fillable);
  const isQuiet = [facts, factChanges, conflicts, possibleDuplicates, blanks].every(list => list.length === 0);
  if (isQuiet && !mergedInto) return null;
  return (
    <section className="card" aria-labelledby="findings">
      <h2 id="findings">What to look at</h2>
      <ul className="findings">
        {mergedInto && (
          <li>
            Merged into <PatternLink id={mergedInto} />
          </li>
        )}
        {factChanges.map(({ fact, newer, seen }) => (
          <li key={fact + newer}>
            The answer says <Text>{fact}</Text>, newer replies say{' '}
            <strong>
              <Text>{newer}</Text>
            </strong>{' '}
            ({sayCount(seen, 'time')})
          </li>
        ))}
        {conflicts.map(({ id, times }) => (
          <li key={id}>
            Staff answered {sayCount(times, 'time')} with <PatternLink id={id} />
          </li>
        ))}
        {possibleDuplicates.map(({ id, similarity }) => (
          <li key={id}>
            {sayShare(similarity)} alike: <PatternLink id={id} />
          </li>
        ))}
        {blanks.map(({ name }) => (
          <li key={name}>
            Nothing in the conversation can fill the blank <Text>{name}</Text>
          </li>
        ))}
        {facts.length > 0 && (
          <li>
            It states for everyone:{' '}
            {facts.map((fact, index) => (
              <span key={fact}>
                {index > 0 && ', '}
                <Text>{fact}</Text>
              </span>
            ))}
            . See that this still holds.
          </li>
        )}
      </ul>
    </section>
  );
}

/** By its question, once it is known. */
function PatternLink({ id }: { id: string }) {
  const { data } = useQuery({
    queryKey: ['pattern', id],
    queryFn: ({ signal }) => ask(api.GET('/api/patterns/{id}', { params: { path: { id } }, signal })),
  });
  return (
    <Link href={`/pattern/${id}`}>{data ? <Template isCut>{data.triggerText}</Template> : 'another pattern'}</Link>
  );
}

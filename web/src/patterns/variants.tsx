/** How staff worded the answer lately, with the difference from the template: asked for only when somebody opens it. */
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { Pattern } from '../contract.js';
import { Failure } from '../parts/failure.js';
import { Template } from '../parts/text.js';
import { api, ask } from '../server/client.js';
import { useIs } from '../server/person.js';

const Difference = lazy(() => import('./difference.js'));

const SHOWN = 3;

export function Variants({ pattern }: { pattern: Pattern }) {
  const mayRead = useIs('operator');
  const [isOpen, setOpen] = useState(false);
  // One exchange is the template's own.
  if (!mayRead || pattern.evidence.exchanges < 2) return null;
  return (
    <details className="variants" onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>How staff worded it</summary>
      {isOpen && <Newest pattern={pattern} />}
    </details>
  );
}

function Newest({ pattern: { id, responseTemplate } }: { pattern: Pattern }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['pattern', id],
    queryFn: ({ signal }) => ask(api.GET('/api/patterns/{id}', { params: { path: { id } }, signal })),
  });
  if (error) return <Failure what="The replies could not be loaded." error={error} retry={refetch} />;
  if (!data) return <p role="status">Loading the replies…</p>;
  const replies = data.exchanges.flatMap(({ operatorText }) => operatorText ?? []);
  const others = [...new Set(replies)].filter(reply => reply !== responseTemplate).slice(0, SHOWN);
  if (others.length === 0) return <p className="muted">Always in these words.</p>;
  return (
    <ul className="examples">
      {others.map(reply => (
        <li key={reply}>
          <Suspense fallback={<Template>{reply}</Template>}>
            <Difference before={responseTemplate} after={reply} otherwise="after" />
          </Suspense>
        </li>
      ))}
    </ul>
  );
}

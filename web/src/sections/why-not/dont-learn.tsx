/** Marks an exchange or a whole thread "don't learn", and takes the mark away. What is shown is what the server answered: a mark stands when it says so. */
import { useState } from 'react';
import type { paths } from '../../openapi.js';
import { useNews } from '../../parts/news.js';
import { ReasonDialog } from '../../parts/reason-dialog.js';
import { useAct } from '../../server/act.js';
import { api, ask } from '../../server/client.js';
import type { Turn } from './reading.js';

type Mark = NonNullable<paths['/api/exchanges']['patch']['requestBody']>['content']['application/json'];
type Scope = 'exchange' | 'thread';

/** A thread's mark holds for every exchange in it, so it is the one to take away first. */
export function DontLearn({ turn }: { turn: Turn }) {
  const [isOpen, setOpen] = useState(false);
  const [scope, setScope] = useState<Scope>('exchange');
  const say = useNews();
  const marking = useAct({
    act: (mark: Mark) => ask(api.PATCH('/api/exchanges', { body: mark })),
    onConfirmed: ({ dontLearn, pending, threadId }) => {
      setOpen(false);
      const what = threadId === undefined ? 'This exchange' : 'The whole conversation';
      const done = dontLearn ? `${what} is marked “don’t learn”.` : `${what} may be learned again.`;
      say(pending ? `${done} What was learned from it follows with the next check.` : done);
    },
  });
  const isMarked = turn.threadDontLearn || turn.dontLearn;
  const marked: Scope = turn.threadDontLearn ? 'thread' : 'exchange';
  const chosen = isMarked ? marked : scope;

  function open(): void {
    marking.reset();
    setScope('exchange');
    setOpen(true);
  }

  function confirm(reason: string | null): void {
    const which = chosen === 'thread' ? { threadId: turn.threadId } : { exchangeId: turn.id };
    marking.mutate({ ...which, dontLearn: !isMarked, ...(reason !== null && { reason }) });
  }

  return (
    <>
      <button type="button" onClick={open}>
        {isMarked ? 'Learn again' : 'Don’t learn'}
      </button>
      <ReasonDialog
        title={isMarked ? 'Learn again' : 'Don’t learn'}
        action={isMarked ? 'Learn again' : 'Don’t learn'}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={confirm}
        isReasonNeeded={false}
        isPending={marking.isPending}
        error={marking.error}
      >
        {isMarked ? (
          <p>
            {marked === 'thread' ? 'The whole conversation with this customer is' : 'This exchange is'} marked “don’t
            learn”. Take the mark away, and it is learned as if it had never been there.
          </p>
        ) : (
          <>
            <p>
              What was learned from it is taken back, and nothing is learned from it again. The texts stay. You can undo
              this.
            </p>
            <ScopeChoice scope={scope} onChange={setScope} />
          </>
        )}
      </ReasonDialog>
    </>
  );
}

function ScopeChoice({ scope, onChange }: { scope: Scope; onChange: (scope: Scope) => void }) {
  const options: [Scope, string][] = [
    ['exchange', 'This exchange alone'],
    ['thread', 'Everything with this customer on this line, also what comes later'],
  ];
  return (
    <fieldset className="stack scope">
      <legend className="label">What should not be learned?</legend>
      {options.map(([value, label]) => (
        <label key={value} className="row">
          <input type="radio" name="scope" checked={scope === value} onChange={() => onChange(value)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

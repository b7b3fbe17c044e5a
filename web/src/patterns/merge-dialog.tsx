/** Merges two patterns that say the same. The law: the person sees the difference, and chooses whose words stay. */
import { type FormEvent, lazy, Suspense, useId, useState } from 'react';
import type { Pattern } from '../contract.js';
import { Dialog } from '../parts/dialog.js';
import { Failure } from '../parts/failure.js';
import { Template } from '../parts/text.js';
import { sayCount, sayState } from '../words.js';
import { useMerge } from './acts.js';
import { MergeChoice } from './merge-choice.js';

const Difference = lazy(() => import('./difference.js'));

type MergeDialogProps = { pattern: Pattern; onClose: () => void };

export default function MergeDialog({ pattern, onClose }: MergeDialogProps) {
  const id = useId();
  const merge = useMerge(pattern, onClose);
  const [other, setOther] = useState<Pattern | null>(null);
  const [keeps, setKeeps] = useState<'other' | 'this'>('other');

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!other) return;
    merge.mutate(keeps === 'other' ? { pattern, target: other } : { pattern: other, target: pattern });
  }

  return (
    <Dialog title="Merge two patterns" isOpen onClose={onClose} isWide>
      <form onSubmit={submit} className="stack">
        <p className="muted">
          Two patterns that say the same become one. What was learned for the one that goes counts for the one that
          stays; the other is retired.
        </p>
        <MergeChoice pattern={pattern} chosen={other} onChoose={setOther} />
        {other && (
          <>
            <div className="pair">
              <Side title="This one" pattern={pattern} />
              <Side title="The other one" pattern={other} />
            </div>
            <div>
              <p className="label">The difference between their answers, from this one to the other</p>
              <blockquote>
                <Suspense fallback="Comparing…">
                  <Difference before={pattern.responseTemplate} after={other.responseTemplate} otherwise="both" />
                </Suspense>
              </blockquote>
            </div>
            <fieldset className="choices">
              <legend>Whose words stay?</legend>
              {(['other', 'this'] as const).map(value => (
                <label key={value} htmlFor={id + value}>
                  <input
                    id={id + value}
                    type="radio"
                    name={id}
                    checked={keeps === value}
                    onChange={() => setKeeps(value)}
                  />
                  {value === 'other' ? 'The other one’s' : 'This one’s'}
                </label>
              ))}
            </fieldset>
          </>
        )}
        {merge.error && <Failure what="They were not merged." error={merge.error} />}
        <div className="actions">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={!other || merge.isPending}>
            {merge.isPending ? 'Asking the server…' : 'Merge'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Side({ title, pattern }: { title: string; pattern: Pattern }) {
  return (
    <div>
      <p className="label">
        {title}: {sayState(pattern.status)}, {sayCount(pattern.evidence.exchanges, 'exchange')}
      </p>
      <p>
        <Template>{pattern.triggerText}</Template>
      </p>
    </div>
  );
}

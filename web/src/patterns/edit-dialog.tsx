/** Changes a pattern's words. The law: the person sees before saving that new words switch it off and start its evidence anew. */
import { type FormEvent, useId, useRef, useState } from 'react';
import type { Pattern } from '../contract.js';
import { Dialog } from '../parts/dialog.js';
import { Failure } from '../parts/failure.js';
import { Template } from '../parts/text.js';
import { Refusal } from '../server/refusal.js';
import { type Edit, useEdit } from './acts.js';

/** As long as the server takes them. */
const MOST_CHARACTERS = 2_000;
const MOST_KIND_CHARACTERS = 64;
const MOST_REASON_CHARACTERS = 1_000;

type EditDialogProps = { pattern: Pattern; onClose: () => void };

export default function EditDialog({ pattern, onClose }: EditDialogProps) {
  const id = useId();
  const edit = useEdit(pattern, onClose);
  const answer = useRef<HTMLTextAreaElement>(null);
  const faults = edit.error instanceof Refusal ? edit.error.errors.map(({ pointer }) => pointer) : [];
  const [words, setWords] = useState({
    triggerText: pattern.triggerText,
    responseTemplate: pattern.responseTemplate,
    patternType: pattern.patternType,
    notes: pattern.notes ?? '',
    reason: '',
  });
  const changes = findChanges(pattern, words);
  const isReworded = 'triggerText' in changes || 'responseTemplate' in changes;
  const isUnchanged = Object.keys(changes).length === 0;

  function write(change: Partial<typeof words>): void {
    setWords({ ...words, ...change });
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!isUnchanged) edit.mutate({ ...changes, ...(words.reason.trim() && { reason: words.reason.trim() }) });
  }

  return (
    <Dialog title="Edit the pattern" isOpen onClose={onClose} firstFocus={answer} isWide>
      <form onSubmit={submit} noValidate className="stack">
        <div>
          <label htmlFor={`${id}q`}>Customers ask</label>
          <textarea
            id={`${id}q`}
            rows={2}
            maxLength={MOST_CHARACTERS}
            aria-invalid={faults.includes('#/triggerText')}
            value={words.triggerText}
            onChange={event => write({ triggerText: event.target.value })}
          />
        </div>
        <div>
          <label htmlFor={`${id}a`}>Staff answer</label>
          <textarea
            id={`${id}a`}
            ref={answer}
            rows={4}
            maxLength={MOST_CHARACTERS}
            aria-invalid={faults.includes('#/responseTemplate')}
            value={words.responseTemplate}
            onChange={event => write({ responseTemplate: event.target.value })}
            aria-describedby={`${id}h`}
          />
          <p className="muted small" id={`${id}h`}>
            A blank is written in two pairs of braces, such as {'{{time}}'}. It reads:
          </p>
          <blockquote>
            <Template>{words.responseTemplate}</Template>
          </blockquote>
        </div>
        <div className="two">
          <div>
            <label htmlFor={`${id}k`}>Kind</label>
            <input
              id={`${id}k`}
              maxLength={MOST_KIND_CHARACTERS}
              aria-invalid={faults.includes('#/patternType')}
              value={words.patternType}
              onChange={event => write({ patternType: event.target.value })}
            />
          </div>
          <div>
            <label htmlFor={`${id}r`}>Reason (may be left empty)</label>
            <input
              id={`${id}r`}
              maxLength={MOST_REASON_CHARACTERS}
              value={words.reason}
              onChange={event => write({ reason: event.target.value })}
            />
          </div>
        </div>
        <div>
          <label htmlFor={`${id}n`}>Notes for your colleagues</label>
          <textarea
            id={`${id}n`}
            rows={2}
            maxLength={MOST_CHARACTERS}
            aria-invalid={faults.includes('#/notes')}
            value={words.notes}
            onChange={event => write({ notes: event.target.value })}
          />
        </div>
        {isReworded && (
          <p className="notice" data-tone="attention">
            New words are a new version: it is {pattern.isActive ? 'switched off' : 'off'} until an admin switches it
            on, its evidence starts anew, and learning leaves its words alone from then on.
          </p>
        )}
        {edit.error && <Failure what="It was not saved." error={edit.error} />}
        <div className="actions">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={isUnchanged || edit.isPending}>
            {edit.isPending ? 'Asking the server…' : isUnchanged ? 'Nothing is changed' : 'Save'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

type Words = Required<Pick<Edit, 'triggerText' | 'responseTemplate' | 'patternType' | 'notes'>>;

/** Only what differs is sent: the rest may have been changed by somebody else. */
function findChanges(pattern: Pattern, words: Words): Edit {
  const changes: Edit = {};
  for (const field of ['triggerText', 'responseTemplate', 'patternType', 'notes'] as const) {
    if (words[field] !== (pattern[field] ?? '')) changes[field] = words[field];
  }
  return changes;
}

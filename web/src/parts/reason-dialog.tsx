/** Asks for a reason before an act, and does it in one press after. It stays open, with the server's words, until the server has confirmed. */
import { type FormEvent, type ReactNode, useId, useRef, useState } from 'react';
import { Dialog } from './dialog.js';
import { Failure } from './failure.js';

/** As long as the server takes one. */
const MOST_CHARACTERS = 1_000;

type ReasonDialogProps = {
  title: string;
  /** What will happen, in words. */
  children?: ReactNode;
  /** What the button does: "Engage the kill switch". */
  action: string;
  isOpen: boolean;
  onClose: () => void;
  /** @param reason null where it is not needed and was left empty */
  onConfirm: (reason: string | null) => void;
  isReasonNeeded?: boolean;
  /** No field at all: a plain "are you sure". */
  hasReason?: boolean;
  isDanger?: boolean;
  isPending?: boolean;
  error?: Error | null;
  /** What an error means here, where it may be half done: "Not all of it was done." */
  whatFailed?: string;
};

export function ReasonDialog(props: ReasonDialogProps) {
  const { title, isOpen, onClose } = props;
  const first = useRef<HTMLTextAreaElement>(null);
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose} firstFocus={props.hasReason === false ? undefined : first}>
      <ReasonForm {...props} field={first} />
    </Dialog>
  );
}

/** A component of its own, so that every opening starts with an empty field. */
function ReasonForm({
  children,
  action,
  onClose,
  onConfirm,
  isReasonNeeded = true,
  hasReason = true,
  isDanger = false,
  isPending = false,
  error = null,
  whatFailed = 'The server did not do it.',
  field,
}: ReasonDialogProps & { field: React.RefObject<HTMLTextAreaElement | null> }) {
  const id = useId();
  const [isMissing, setMissing] = useState(false);

  function submit(event: FormEvent): void {
    event.preventDefault();
    const reason = field.current?.value.trim() || null;
    setMissing(hasReason && isReasonNeeded && reason === null);
    if (hasReason && isReasonNeeded && reason === null) field.current?.focus();
    else onConfirm(reason);
  }

  return (
    <form onSubmit={submit} noValidate className="stack">
      {children}
      {hasReason && (
        <div>
          <label htmlFor={id}>{isReasonNeeded ? 'Reason' : 'Reason (may be left empty)'}</label>
          <textarea
            id={id}
            ref={field}
            rows={3}
            maxLength={MOST_CHARACTERS}
            required={isReasonNeeded}
            aria-invalid={isMissing}
            aria-describedby={isMissing ? `${id}-missing` : undefined}
          />
          {isMissing && (
            <p className="error" id={`${id}-missing`} role="alert">
              Write a reason: it goes into the audit.
            </p>
          )}
        </div>
      )}
      {error && <Failure what={whatFailed} error={error} />}
      <div className="actions">
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" className={isDanger ? 'danger' : 'primary'} disabled={isPending}>
          {isPending ? 'Asking the server…' : action}
        </button>
      </div>
    </form>
  );
}

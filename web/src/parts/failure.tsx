/** A failure in words: what it means here, what the server said, the gates that refused with what they measured, and a way to try again. */
import { useEffect, useRef } from 'react';
import type { Gate } from '../contract.js';
import { Refusal } from '../server/refusal.js';
import { showPlainly } from '../text.js';
import { sayGate } from '../words.js';

type FailureProps = {
  /** Such as "The patterns could not be loaded." */
  what: string;
  error: Error;
  retry?: () => unknown;
  /** What is true now, where something is known of it. */
  since?: string | null;
};

export function Failure({ what, error, retry, since }: FailureProps) {
  const box = useRef<HTMLDivElement>(null);
  // In a long window it may stand below what is in sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new failure is brought into sight once
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' });
  }, [error]);
  const { gates, errors } = error instanceof Refusal ? error : { gates: [], errors: [] };
  const refusing = gates.filter(gate => !gate.ok);
  return (
    <div className="failure" role="alert" ref={box}>
      <p>
        <strong>{what}</strong> {showPlainly(error.message)}
      </p>
      {(refusing.length > 0 || errors.length > 0) && (
        <ul>
          {refusing.map(gate => (
            <li key={gate.id}>{sayRefusingGate(gate, error.message)}</li>
          ))}
          {errors.map(({ pointer, detail }) => (
            <li key={pointer + detail}>
              {sayField(pointer)}
              {showPlainly(detail)}
            </li>
          ))}
        </ul>
      )}
      {since && <p>{since}</p>}
      {retry && (
        <button type="button" onClick={() => retry()}>
          Try again
        </button>
      )}
    </div>
  );
}

/** The server's sentence says most gates in words already: then only what was measured is added. */
function sayRefusingGate(gate: Gate, message: string): string {
  const isSaid = gate.detail !== undefined && message.includes(gate.detail);
  return sayGate(isSaid ? { ...gate, detail: sayId(gate.id) } : gate);
}

function sayId(id: string): string {
  const words = id.replaceAll('_', ' ');
  return `Gate “${words}”`;
}

/** By the names that the fields have on the page. */
const FIELDS: Record<string, string> = {
  triggerText: 'Customers ask',
  responseTemplate: 'Staff answer',
  patternType: 'Kind',
  q: 'Search',
};

/** `#/responseTemplate` reads "Staff answer: ", a name that is not known here `#/expiresInDays` "Expires in days: ". */
function sayField(pointer: string): string {
  const name = pointer.replace(/^#\/?/, '');
  if (name === '') return '';
  const words = showPlainly(name.replaceAll('/', ' ').replace(/([A-Z])/g, ' $1')).toLowerCase();
  return `${FIELDS[name] ?? words.charAt(0).toUpperCase() + words.slice(1)}: `;
}

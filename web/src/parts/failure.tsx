/** A failure in words: what it means here, what the server said, the gates that refused with what they measured, and a way to try again. */
import { Refusal } from '../server/refusal.js';
import { showPlainly } from '../text.js';
import { sayGate } from '../words.js';

type FailureProps = {
  /** Such as "The patterns could not be loaded." */
  what: string;
  error: Error;
  retry?: () => unknown;
};

export function Failure({ what, error, retry }: FailureProps) {
  const { gates, errors } = error instanceof Refusal ? error : { gates: [], errors: [] };
  const refusing = gates.filter(gate => !gate.ok);
  return (
    <div className="failure" role="alert">
      <p>
        <strong>{what}</strong> {showPlainly(error.message)}
      </p>
      {(refusing.length > 0 || errors.length > 0) && (
        <ul>
          {refusing.map(gate => (
            <li key={gate.id}>{sayGate(gate)}</li>
          ))}
          {errors.map(({ pointer, detail }) => (
            <li key={pointer + detail}>
              {sayField(pointer)}
              {showPlainly(detail)}
            </li>
          ))}
        </ul>
      )}
      {retry && (
        <button type="button" onClick={() => retry()}>
          Try again
        </button>
      )}
    </div>
  );
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

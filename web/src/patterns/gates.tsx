/** Why a pattern can or cannot do more: each gate with what it measured and what it requires. */
import type { Pattern } from '../contract.js';
import { CheckIcon, CrossIcon } from '../parts/icons.js';
import { sayEligibilityGate, sayGatesSummary } from './advice.js';

export function Gates({ pattern: { gates }, isOpen = false }: { pattern: Pattern; isOpen?: boolean }) {
  return (
    <details className="gates" open={isOpen}>
      <summary>{sayGatesSummary(gates)}</summary>
      <ul>
        {gates.map(gate => (
          <li key={gate.id} data-ok={gate.ok}>
            {gate.ok ? <CheckIcon /> : <CrossIcon />}
            <span>
              <span className="unseen">{gate.ok ? 'Yes: ' : 'No: '}</span>
              {sayEligibilityGate(gate)}
            </span>
          </li>
        ))}
      </ul>
      <p className="muted small">
        “Eligible” is a label and opens nothing. Whatever the gates say, an admin decides, and nothing is ever sent.
      </p>
    </details>
  );
}

/** What a decision was made of: each gate with what it measured, and reasons that no gate stands for. */
import './checked.css';
import type { Gate } from '../../contract.js';
import { explainReason, sayDecisionGate } from '../../reasons.js';

type CheckedProps = { gates: readonly Gate[]; reasons: readonly string[] };

export function Checked({ gates, reasons }: CheckedProps) {
  // That learning is off stands as a gate of its own.
  const others = reasons.filter(code => !gates.some(({ id }) => id === code) && code !== 'learning_off');
  return (
    <ul className="checked">
      {gates.map(gate => (
        <Line key={gate.id} isOk={gate.ok} said={sayDecisionGate(gate)} />
      ))}
      {others.map(code => (
        <Line key={code} isOk={false} said={explainReason(code)} />
      ))}
    </ul>
  );
}

function Line({ isOk, said }: { isOk: boolean; said: string }) {
  return (
    <li>
      <span className="badge" data-tone={isOk ? 'calm' : 'attention'}>
        {isOk ? 'yes' : 'no'}
      </span>
      <span>{said}</span>
    </li>
  );
}

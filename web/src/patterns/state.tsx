/** A pattern's state in words, and its switch. The law: the switch stands where the server says; what a role may not do is not drawn. */
import type { Pattern } from '../contract.js';
import { Moment } from '../parts/moment.js';
import { OnOff } from '../parts/on-off.js';
import { useIs } from '../server/person.js';
import { showPlainly } from '../text.js';
import { sayState } from '../words.js';
import type { useToggle } from './acts.js';

const TONES: Partial<Record<Pattern['status'], string>> = { pending_review: 'attention', active: 'calm' };

export function State({ pattern }: { pattern: Pattern }) {
  const { status, isActive, activeUntil, patternType } = pattern;
  return (
    <p className="row">
      <span className="badge" data-tone={TONES[status]}>
        {sayState(status)}
      </span>
      <span className="muted small">{showPlainly(patternType)}</span>
      {isActive && activeUntil && (
        <span className="small">
          until <Moment at={activeUntil} isDate />
        </span>
      )}
    </p>
  );
}

type PatternSwitchProps = { pattern: Pattern; toggle: ReturnType<typeof useToggle> };

/** Admins switch on and off, operators off; for everybody else, and for retired patterns, the state is words alone. */
export function PatternSwitch({ pattern, toggle }: PatternSwitchProps) {
  const isAdmin = useIs('admin');
  const isOperator = useIs('operator');
  const { isActive, status } = pattern;
  const maySwitch = status !== 'retired' && (isAdmin || (isOperator && isActive));
  if (!maySwitch) return <span className="on-off">{isActive ? 'On' : 'Off'}</span>;
  return (
    <OnOff
      label={`Approved answer: ${showPlainly(pattern.triggerText).slice(0, 80)}`}
      isOn={isActive}
      isPending={toggle.isPending}
      onPress={wanted => toggle.mutate(wanted)}
    />
  );
}

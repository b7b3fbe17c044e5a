/** One of a few, side by side: radio buttons that look like buttons, so that arrow keys and a screen reader know them. */
import './choice.css';
import { useId } from 'react';

type ChoiceProps<Value extends string> = {
  /** What is chosen, for whoever cannot see what it stands above. */
  label: string;
  options: readonly { value: Value; name: string }[];
  value: Value;
  onChange: (value: Value) => void;
};

export function Choice<Value extends string>({ label, options, value, onChange }: ChoiceProps<Value>) {
  const group = useId();
  return (
    <fieldset className="choice no-print">
      <legend className="unseen">{label}</legend>
      {options.map(option => (
        <label key={option.value}>
          <input type="radio" name={group} checked={option.value === value} onChange={() => onChange(option.value)} />
          <span>{option.name}</span>
        </label>
      ))}
    </fieldset>
  );
}

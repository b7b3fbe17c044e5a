/** The filters above the list: each says in words what it leaves. */
import { type ChangeEvent, useId } from 'react';
import { REASON_FILTERS } from '../../reasons.js';
import type { Filter } from './reading.js';

type Option = { value: string; label: string };

const DECISIONS: Option[] = [
  { value: 'would_reply', label: 'It would have answered' },
  { value: 'abstained', label: 'It would have stayed silent' },
];
const AGREEMENTS: Option[] = [
  { value: 'agreed', label: 'Staff said the same' },
  { value: 'disagreed', label: 'Staff said something else' },
  { value: 'ignored', label: 'Could not be compared' },
];
const REASONS: Option[] = REASON_FILTERS.map(({ code, label }) => ({ value: code, label }));

type FiltersProps = { filter: Filter; onChange: (filter: Filter) => void };

export function Filters({ filter, onChange }: FiltersProps) {
  const set = (name: keyof Filter) => (value: string) => onChange({ ...filter, [name]: value || undefined } as Filter);
  return (
    <div className="controls">
      <Choice label="Decision" options={DECISIONS} value={filter.decision} onChange={set('decision')} />
      <Choice label="Reason" options={REASONS} value={filter.reason} onChange={set('reason')} />
      <Choice label="Agreement" options={AGREEMENTS} value={filter.agreement} onChange={set('agreement')} />
    </div>
  );
}

type ChoiceProps = { label: string; options: Option[]; value: string | undefined; onChange: (value: string) => void };

function Choice({ label, options, value, onChange }: ChoiceProps) {
  const id = useId();
  // A reason that only an address knows stays to be seen.
  const all =
    value && !options.some(option => option.value === value) ? [...options, { value, label: value }] : options;
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value ?? ''}
        onChange={(event: ChangeEvent<HTMLSelectElement>) => onChange(event.target.value)}
      >
        <option value="">Any</option>
        {all.map(option => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

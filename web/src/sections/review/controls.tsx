/** What the list is asked for: words, state, kind, order. */
import { type RefObject, useId, useState } from 'react';
import type { Sort, Status } from '../../contract.js';
import { type Filters, MOST_QUERY_CHARACTERS } from '../../patterns/filters.js';

const STATES: [value: Status | '', label: string][] = [
  ['', 'All but retired'],
  ['pending_review', 'Pending Review'],
  ['learning', 'Learning'],
  ['active', 'Active (shadow)'],
  ['retired', 'Retired'],
  ['all', 'All'],
];

const ORDERS: [value: Sort, label: string][] = [
  ['review', 'Waiting first'],
  ['evidence', 'Most exchanges'],
  ['confidence', 'Most confidence'],
  ['created', 'Newest'],
];

/** What learning calls its patterns; other kinds are named by people, and stand in the list once one is loaded. */
const KINDS = ['answer', 'instruction', 'confirmation', 'question', 'apology', 'greeting'];

type ControlsProps = {
  filters: Filters;
  onChange: (filters: Filters) => void;
  /** Kinds of the patterns that are shown. */
  kinds: readonly string[];
  searchRef: RefObject<HTMLInputElement | null>;
};

export function Controls({ filters, onChange, kinds, searchRef }: ControlsProps) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const others = [filters.status !== null, filters.type !== '', filters.sort !== 'review'].filter(Boolean).length;
  const known = [...new Set([...KINDS, ...kinds, ...(filters.type ? [filters.type] : [])])];
  return (
    <search className="controls review-controls" data-open={isOpen || undefined}>
      <div>
        <label htmlFor={`${id}q`}>Search</label>
        <input
          id={`${id}q`}
          ref={searchRef}
          type="search"
          maxLength={MOST_QUERY_CHARACTERS}
          autoComplete="off"
          placeholder="Words of a question or an answer"
          value={filters.q}
          onChange={event => onChange({ ...filters, q: event.target.value })}
        />
      </div>
      {/* On a phone the first card should be in sight: there the rest opens on a press. */}
      <button type="button" className="filters-button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Filters{others > 0 ? ` (${others})` : ''}
      </button>
      <div>
        <label htmlFor={`${id}s`}>State</label>
        <select
          id={`${id}s`}
          value={filters.status ?? ''}
          onChange={event => onChange({ ...filters, status: (event.target.value || null) as Status | null })}
        >
          {STATES.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <div>
        <label htmlFor={`${id}t`}>Kind</label>
        <select
          id={`${id}t`}
          value={filters.type}
          onChange={event => onChange({ ...filters, type: event.target.value })}
        >
          <option value="">All kinds</option>
          {known.map(kind => (
            <option key={kind} value={kind}>
              {kind}
            </option>
          ))}
        </select>
      </div>
      <div>
        <label htmlFor={`${id}o`}>Order</label>
        <select
          id={`${id}o`}
          value={filters.sort}
          onChange={event => onChange({ ...filters, sort: event.target.value as Sort })}
        >
          {ORDERS.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </div>
    </search>
  );
}

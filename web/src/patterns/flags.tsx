/** What is odd about a pattern, each with what to do. */
import type { Flag } from '../contract.js';
import { adviseOnFlag } from './advice.js';

/** To know, but nothing to do. */
const QUIET: readonly Flag[] = ['edited'];

export function Flags({ flags, isOpen }: { flags: readonly Flag[]; isOpen: boolean }) {
  if (flags.length === 0) return null;
  return (
    <ul className="flags" aria-label="To look at">
      {flags.map(flag => {
        const { title, advice } = adviseOnFlag(flag, isOpen);
        return (
          <li key={flag} className="notice" data-tone={QUIET.includes(flag) ? undefined : 'attention'}>
            <strong>{title}.</strong> {advice}
          </li>
        );
      })}
    </ul>
  );
}

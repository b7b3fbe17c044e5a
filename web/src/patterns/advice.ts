/** What a pattern's flags and gates mean to an owner, and what to do about them. The law: a code that is not known here is shown as it is, never left out. Pure. */
import type { Gate, Loose } from '../contract.js';
import { sayCount, sayFlag, sayGate, sayNumber, sayShare } from '../words.js';

export type Advice = { title: string; advice: string };

type Told = { title: string; advice: (seeWhat: string) => string };

const FLAGS: Record<string, Told> = {
  fact_changed: {
    title: 'A fact has changed',
    advice: seeWhat => `Newer replies of your staff say something else. ${seeWhat} what, then edit the answer.`,
  },
  unfillable: {
    title: 'Has a blank that nothing can fill',
    advice: () =>
      'Your staff knew this value from elsewhere, not from the conversation. Edit the answer so that it does without.',
  },
  possible_duplicate: {
    title: 'May be the same as another one',
    advice: () => 'Compare the two, and merge them if they say the same.',
  },
  edited: {
    title: 'Edited by a person',
    advice: () => 'Learning leaves its words alone; its evidence counts from the edit on.',
  },
  stale: {
    title: 'Not needed for 90 days',
    advice: () => 'See whether it still holds. If not, retire it.',
  },
  conflict: {
    title: 'Staff often answer with another pattern',
    advice: seeWhat => `${seeWhat} with which, then edit or retire the one that is wrong.`,
  },
};

/** @param isOpen whether what is behind the pattern stands below on the same page */
export function adviseOnFlag(flag: string, isOpen = false): Advice {
  const told = FLAGS[flag];
  if (!told) return { title: sayFlag(flag), advice: '' };
  return { title: told.title, advice: told.advice(isOpen ? 'See below' : 'Open it to see') };
}

/** What a gate measured and required, in words: "10 different customers (3 or more needed)". */
export function sayEligibilityGate(gate: Loose<Gate>): string {
  const { id, measured, required } = gate;
  if (typeof measured !== 'number' || typeof required !== 'number') return sayGate(gate);
  switch (id) {
    case 'customers':
      return `Learned from ${sayCount(measured, 'customer')}; ${sayNumber(required)} or more are needed`;
    case 'judged':
      return `Compared with a reply of your staff ${sayCount(measured, 'time')}; ${sayNumber(required)} or more are needed`;
    case 'confidence':
      return `Confidence ${sayShare(measured)}; ${sayShare(required)} or more is needed`;
    case 'lower_bound':
      return `Proven to be right at least ${sayShare(measured)} of the time; ${sayShare(required)} or more is needed`;
    case 'fillable':
      return measured === 0
        ? 'Every blank can be filled'
        : `${sayCount(measured, 'blank')} that nothing can fill; none is allowed`;
    default:
      return sayGate(gate);
  }
}

export function sayGatesSummary(gates: readonly Loose<Gate>[]): string {
  const refusing = gates.filter(gate => gate.ok !== true).length;
  if (gates.length === 0) return 'Its gates are unknown';
  if (refusing === 0) return 'Every gate says yes: eligible';
  return `Not eligible: ${refusing} of ${gates.length} gates ${refusing === 1 ? 'says' : 'say'} no`;
}

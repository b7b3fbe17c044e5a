/** The gates before the label "eligible": each with what it measured and what it required. A label is all they open. */

export type EligibilityGate = { id: string; ok: boolean; measured: number; required: number; detail: string };

/** An anytime-valid lower bound of the agreement rate; see learning.md §4. */
const LOWER_BOUND_REQUIRED = 0.9;

export function checkEligibility(
  evidence: { customers: number; judged: number; confidence: number; lowerBound: number; unfillableSlots: number },
  required: { customers: number; judged: number; confidence: number },
): EligibilityGate[] {
  const atLeast = (id: string, measured: number, needed: number, detail: string) => ({
    id,
    ok: measured >= needed,
    measured,
    required: needed,
    detail,
  });
  return [
    atLeast('customers', evidence.customers, required.customers, 'Different customers it was learned from'),
    atLeast('judged', evidence.judged, required.judged, 'Decisions of this version compared with what staff answered'),
    atLeast('confidence', evidence.confidence, required.confidence, 'Share of the last 200 of them that agreed'),
    atLeast('lower_bound', evidence.lowerBound, LOWER_BOUND_REQUIRED, 'Agreement rate that this many decisions prove'),
    {
      id: 'fillable',
      ok: evidence.unfillableSlots === 0,
      measured: evidence.unfillableSlots,
      required: 0,
      detail: 'Blanks whose value is found nowhere in the conversation',
    },
  ];
}

const ACTIVATION_WORDS: Record<string, string> = {
  pattern: 'The pattern is retired: restore it first.',
  version: 'The pattern has another version by now: read it again.',
  actor: 'An activation names who gave it.',
  kill_switch: 'The kill switch is engaged: an admin releases it on the Safety page.',
  watchdog_lease: 'The watchdog has not finished a clean run lately: have it run now, and try again.',
};

/** What to do about a gate that refused an activation. */
export function describeActivationGate({ id }: { id: string }): string {
  return ACTIVATION_WORDS[id] ?? `The gate ${id} refused.`;
}

// Which patterns a person would have approved at the split, by a rule written down before anything is counted. The law: a rule
// sees only the evidence that stood before the tested part began.
import { confidenceLowerBound, confidenceScore } from '../../lib/learning/confidence.js';
import type { RehearsedPattern } from '../../lib/learning/rehearsed.js';
import { checkEligibility } from '../../lib/safety/gates.js';

export type ApprovalRule = { id: 'trusting' | 'usual' | 'strict' | 'eligible'; words: string };

type Limits = { customers: number; judged: number; agreedShare: number };

const LIMITS: Record<Exclude<ApprovalRule['id'], 'eligible'>, Limits> = {
  trusting: { customers: 1, judged: 3, agreedShare: 0.6 },
  usual: { customers: 3, judged: 5, agreedShare: 0.8 },
  strict: { customers: 3, judged: 10, agreedShare: 0.9 },
};

const wordsOf = ({ customers, judged, agreedShare }: Limits) =>
  `learned from at least ${customers === 1 ? 'one customer' : `${customers} customers`}, compared at least ${judged} times in its present words, and at least ${agreedShare * 100} % of those agreed`;

/** The sentence is always made by this one; the others stand beside it, so that nobody has to believe in the choice. */
export const USUAL_RULE: ApprovalRule = { id: 'usual', words: wordsOf(LIMITS.usual) };

export const APPROVAL_RULES: readonly ApprovalRule[] = [
  { id: 'trusting', words: wordsOf(LIMITS.trusting) },
  USUAL_RULE,
  { id: 'strict', words: wordsOf(LIMITS.strict) },
  {
    id: 'eligible',
    words:
      'what the page itself calls eligible: at least 3 customers, at least 20 comparisons, a confidence of at least 0.95 and a proven rate of at least 0.90',
  },
];

/** The settings' defaults, as `checkEligibility` asks for them. */
const ELIGIBLE = { customers: 3, judged: 20, confidence: 0.95 };

export function wouldApprove({ id }: ApprovalRule, pattern: RehearsedPattern): boolean {
  const { customers, judged, agreed } = pattern;
  if (id === 'eligible') {
    const [confidence, lowerBound] = [confidenceScore, confidenceLowerBound].map(of => of(agreed, judged - agreed));
    // A decision that a blank could not be filled for never counted as a reply.
    const evidence = { customers, judged, confidence: confidence!, lowerBound: lowerBound!, unfillableSlots: 0 };
    return checkEligibility(evidence, ELIGIBLE).every(gate => gate.ok);
  }
  const limits = LIMITS[id];
  return customers >= limits.customers && judged >= limits.judged && agreed / judged >= limits.agreedShare;
}

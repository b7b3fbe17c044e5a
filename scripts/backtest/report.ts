// What approving by evidence would have been worth in the tested part: who would have been answered, how often rightly, and
// every time wrongly. The law: every number can be counted again from the decisions file, the split and the rule.
import { redactForReading } from '../../lib/learning/redact-for-reading.js';
import type { RehearsalMessage } from '../../lib/learning/rehearsal.js';
import type { RehearsedPattern, RehearsedTurn } from '../../lib/learning/rehearsed.js';
import { APPROVAL_RULES, type ApprovalRule, USUAL_RULE, wouldApprove } from './approvals.js';
import type { RehearsedLine } from './line.js';
import { saySavings, saySentence } from './sentences.js';
import { type CurvePoint, drawCurve, listPeriods, type Period } from './series.js';

/** Of turns that would have been answered: `notJudged` are those from which nothing may be learned, so nobody can say. */
export type Tally = { covered: number; judged: number; agreed: number; disagreed: number; notJudged: number };

export type ApprovedPattern = Tally & {
  patternId: string;
  triggerText: string;
  responseTemplate: string;
  /** The evidence by which it would have been approved. */
  before: { customers: number; judged: number; agreed: number };
};

/** Texts are redacted; null where a detector was unsure, or where nothing is left to show. */
export type WrongAnswer = {
  at: string;
  patternId: string;
  customerText: string | null;
  wouldHaveSaid: string;
  operatorText: string | null;
  customerMessageIds: string[];
  operatorMessageIds: string[];
};

export type Savings = { seconds: number; n: number; medianSeconds: number | null; formula: string };

export type RuleOutcome = Tally & ApprovalRule & { patterns: number };

export type Report = Tally & {
  sentence: string;
  savings: string;
  /** ISO times: what was learned from, and the part that was tested. Turns count where the customer asked in it. */
  learnedFrom: string;
  testedFrom: string;
  testedTo: string;
  /** Customer turns that staff answered. */
  turns: number;
  /** Customer turns that nobody answered, and those of them on which an approved pattern would have spoken. */
  unanswered: { turns: number; covered: number };
  rule: ApprovalRule;
  patterns: ApprovedPattern[];
  /** At most `WRONG_LIMIT`, in time order. */
  wrong: WrongAnswer[];
  workloadSaved: Savings;
  rules: RuleOutcome[];
  curve: CurvePoint[];
  periods: Period[];
};

const WRONG_LIMIT = 100;
const FORMULA =
  'turns that an approved pattern would have answered as staff did × the median time from the question to the answer of those turns';

export function makeReport(line: RehearsedLine): Report {
  const { messages, splitMs, turns, knownAtSplit } = line;
  const asked = (turn: RehearsedTurn) => turn.askedMs !== null && turn.askedMs >= splitMs;
  const tested = turns.filter(asked);
  const unanswered = line.unanswered.filter(asked);
  const patterns = knownAtSplit.filter(pattern => wouldApprove(USUAL_RULE, pattern));
  const covered = listCovered(tested, patterns);
  const tally = countTally(covered);
  const facts = {
    ...tally,
    learnedFrom: iso(messages[0]?.atMs),
    testedFrom: iso(splitMs),
    testedTo: iso(messages.at(-1)?.atMs),
    turns: tested.length,
    unanswered: { turns: unanswered.length, covered: listCovered(unanswered, patterns).length },
    rule: USUAL_RULE,
    patterns: patterns
      .map(pattern => ({ ...present(pattern), ...countTally(listCovered(tested, [pattern])) }))
      .sort((a, b) => b.covered - a.covered || (a.patternId < b.patternId ? -1 : 1)),
    wrong: showWrong(covered, messages),
    workloadSaved: measureSavings(covered),
    rules: APPROVAL_RULES.map(rule => {
      const approved = knownAtSplit.filter(pattern => wouldApprove(rule, pattern));
      return { ...rule, patterns: approved.length, ...countTally(listCovered(tested, approved)) };
    }),
    curve: drawCurve(tested),
    periods: listPeriods(turns),
  };
  return { sentence: saySentence(facts), savings: saySavings(facts.workloadSaved), ...facts };
}

/**
 * Turns on which one of these patterns would have replied, in exactly the words that were approved: what learning made of a
 * pattern's words afterwards was never approved by anybody.
 */
function listCovered(turns: readonly RehearsedTurn[], patterns: readonly RehearsedPattern[]): RehearsedTurn[] {
  const versions = new Map(patterns.map(({ id, version }) => [id, version]));
  return turns.filter(
    ({ predicted }) => predicted && !predicted.isAbstained && versions.get(predicted.patternId) === predicted.version,
  );
}

function countTally(covered: readonly RehearsedTurn[]): Tally {
  const agreed = covered.filter(turn => turn.agreement === 'agreed').length;
  const disagreed = covered.filter(turn => turn.agreement === 'disagreed').length;
  const judged = agreed + disagreed;
  return { covered: covered.length, judged, agreed, disagreed, notJudged: covered.length - judged };
}

function present({ id, triggerText, responseTemplate, customers, judged, agreed }: RehearsedPattern) {
  return { patternId: id, triggerText, responseTemplate, before: { customers, judged, agreed } };
}

function measureSavings(covered: readonly RehearsedTurn[]): Savings {
  const seconds = covered
    .filter(turn => turn.agreement === 'agreed')
    .map(turn => (turn.atMs - turn.askedMs!) / 1000)
    .sort((a, b) => a - b);
  const n = seconds.length;
  const median = n === 0 ? null : (seconds[Math.floor((n - 1) / 2)]! + seconds[Math.ceil((n - 1) / 2)]!) / 2;
  return { seconds: Math.round(n * (median ?? 0)), n, medianSeconds: median, formula: FORMULA };
}

function showWrong(covered: readonly RehearsedTurn[], messages: readonly RehearsalMessage[]): WrongAnswer[] {
  const texts = new Map(messages.map(({ id, text }) => [id, text]));
  const say = (ids: readonly string[]) =>
    ids
      .map(id => texts.get(id))
      .filter(Boolean)
      .join('\n');
  const wrong = covered.filter(turn => turn.agreement === 'disagreed').slice(0, WRONG_LIMIT);
  return wrong.map(turn => {
    const shown = redactForReading({
      customer: say(turn.customerMessageIds),
      previousOperator: say(turn.previousOperatorMessageIds),
      operator: say(turn.operatorMessageIds),
    });
    return {
      at: iso(turn.askedMs!),
      patternId: turn.predicted!.patternId,
      customerText: shown?.customer ?? null,
      wouldHaveSaid: turn.predicted!.text,
      operatorText: shown?.operator ?? null,
      customerMessageIds: turn.customerMessageIds,
      operatorMessageIds: turn.operatorMessageIds,
    };
  });
}

const iso = (ms: number | undefined) => new Date(ms ?? 0).toISOString();

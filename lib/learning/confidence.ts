/**
 * What a pattern's record of judged decisions proves. The law: a rate is never believed beyond what its number of trials
 * carries, and 0 trials say 0.50 and no bound.
 */

/** Evidence ratio at which a rate counts as refuted: anytime-valid at 1/20 = 5 % (Ville's inequality). */
const EVIDENCE_TO_REFUTE = 20;
/** Halvings of the search for the bound; 50 give it to 1e-15. */
const BISECTIONS = 50;

/** Mean of Beta(2, 2) updated by the record: exactly 0.5 without evidence. Counts ≥ 0. */
export function confidenceScore(agreed: number, disagreed: number): number {
  return (2 + agreed) / (4 + agreed + disagreed);
}

/**
 * sup{p0 : E(p0) ≥ 20}, where E(p0) is the likelihood averaged over p uniform on (p0, 1), divided by the likelihood at p0.
 * Valid at every time of looking (docs: learning.md §4); 20 of 20 gives about 0.80.
 * @returns 0 where no rate is refuted yet
 */
export function confidenceLowerBound(agreed: number, disagreed: number): number {
  if (!(agreed > 0)) return 0;
  const threshold = Math.log(EVIDENCE_TO_REFUTE);
  let low = 0;
  // E is large for rates far below the record and falls towards it; above the record nothing is refuted.
  let high = agreed / (agreed + disagreed);
  if (logEvidence(0, agreed, disagreed) < threshold) return 0;
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (logEvidence(middle, agreed, disagreed) >= threshold) low = middle;
    else high = middle;
  }
  return low;
}

/** ln E(p0) = ln B(a, b) + ln(1 − I_p0(a, b)) − ln(1 − p0) − ln L(p0), with a = agreed + 1 and b = disagreed + 1. */
function logEvidence(p0: number, agreed: number, disagreed: number): number {
  if (p0 <= 0) return Number.POSITIVE_INFINITY;
  if (p0 >= 1) return Number.NEGATIVE_INFINITY;
  const a = agreed + 1;
  const b = disagreed + 1;
  const logLikelihood = agreed * Math.log(p0) + disagreed * Math.log1p(-p0);
  return logBeta(a, b) + Math.log(upperTail(p0, a, b)) - Math.log1p(-p0) - logLikelihood;
}

/** 1 − I_x(a, b) for whole a, b: P(Binomial(a + b − 1, x) ≤ a − 1), summed from its largest term for stability. */
function upperTail(x: number, a: number, b: number): number {
  const n = a + b - 1;
  const logX = Math.log(x);
  const logRest = Math.log1p(-x);
  let sum = 0;
  for (let k = a - 1; k >= 0; k--) {
    const logTerm = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) + k * logX + (n - k) * logRest;
    const term = Math.exp(logTerm);
    sum += term;
    if (term < sum * 1e-16) break;
  }
  return Math.min(1, Math.max(sum, Number.MIN_VALUE));
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** Lanczos approximation (g = 7, n = 9), relative error below 1e-13 for x ≥ 1. */
function logGamma(x: number): number {
  const coefficients = [
    676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const shifted = x - 1;
  let series = 0.99999999999980993;
  for (let i = 0; i < coefficients.length; i++) series += coefficients[i]! / (shifted + i + 1);
  const t = shifted + coefficients.length - 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(series);
}

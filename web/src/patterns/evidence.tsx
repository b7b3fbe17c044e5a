/** What speaks for a pattern: what it was learned from, and how often it would have said what staff said. Numbers alone; nothing here can be pressed. */
import type { Pattern } from '../contract.js';
import { Moment } from '../parts/moment.js';
import { sayConfidence, sayEvidence, sayShadow } from '../words.js';

export function Evidence({ pattern }: { pattern: Pattern }) {
  const { evidence, shadow, confidenceLowerBound, confidenceScore, lastSeen } = pattern;
  return (
    <dl className="evidence">
      <div>
        <dt>In shadow</dt>
        <dd>{sayShadow(shadow, confidenceLowerBound)}</dd>
      </div>
      <div>
        <dt>Learned from</dt>
        <dd>
          {sayEvidence(evidence)}, last on <Moment at={lastSeen} isDate />
        </dd>
      </div>
      <div>
        <dt>Confidence</dt>
        <dd>{sayConfidence(confidenceScore, shadow.judged)}</dd>
      </div>
    </dl>
  );
}

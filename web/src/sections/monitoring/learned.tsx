/** What was learned and what was not, with the reason; and the patterns that are asked most. */
import { Link } from 'wouter';
import type { Monitoring } from '../../contract.js';
import { Template } from '../../parts/text.js';
import { sayReason, startLarge } from '../../reasons.js';
import { sayCount, sayNumber } from '../../words.js';

export function Learned({ monitoring, last }: { monitoring: Monitoring; last: string }) {
  const { learned, skipped } = monitoring.learning;
  const reasons = Object.entries(skipped).toSorted(([, a], [, b]) => b - a);
  return (
    <div className="charts">
      <section className="card" aria-labelledby="learned">
        <h2 id="learned">Learned, and not learned</h2>
        <p className="muted small">Answered turns of the last {last}.</p>
        <dl className="counts">
          <div>
            <dt>Learned</dt>
            <dd className="number">{sayNumber(learned)}</dd>
          </div>
          {reasons.map(([code, n]) => (
            <div key={code}>
              <dt>{startLarge(sayReason(code))}</dt>
              <dd className="number">{sayNumber(n)}</dd>
            </div>
          ))}
        </dl>
        {reasons.length === 0 && <p>Nothing was left out.</p>}
        <p>
          <Link href="/why-not">See them one by one</Link>
        </p>
      </section>
      <section className="card" aria-labelledby="top">
        <h2 id="top">Asked most</h2>
        {monitoring.patterns.top.length === 0 ? (
          <p>No pattern is known yet.</p>
        ) : (
          <ol className="top">
            {monitoring.patterns.top.map(({ id, triggerText, exchanges, customers }) => (
              <li key={id}>
                <Link href={`/pattern/${id}`}>
                  <Template isCut>{triggerText}</Template>
                </Link>{' '}
                <span className="muted small">
                  {sayCount(exchanges, 'exchange')}, {sayCount(customers, 'customer')}
                </span>
              </li>
            ))}
          </ol>
        )}
      </section>
    </div>
  );
}

/** The exchanges that a pattern was learned from, redacted: what a customer asked, and what staff answered, with the difference from the template. */
import { lazy, Suspense, useState } from 'react';
import type { PatternDetail } from '../../contract.js';
import { Moment } from '../../parts/moment.js';
import { Template } from '../../parts/text.js';
import { useIs } from '../../server/person.js';
import { showPlainly } from '../../text.js';
import { sayCount } from '../../words.js';

const Difference = lazy(() => import('../../patterns/difference.js'));

const SHOWN_FIRST = 5;
/** As many as the server sends. */
const MOST_SENT = 100;

export function Exchanges({ pattern }: { pattern: PatternDetail }) {
  const { exchanges, evidence, responseTemplate } = pattern;
  const mayRead = useIs('operator');
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? exchanges : exchanges.slice(0, SHOWN_FIRST);
  return (
    <section className="card" aria-labelledby="exchanges">
      <h2 id="exchanges">What it was learned from</h2>
      {!mayRead && <p className="muted">What customers and staff wrote is for operators and admins.</p>}
      {mayRead && exchanges.length === 0 && <p className="muted">No exchange stands behind it any more.</p>}
      {mayRead && exchanges.length > 0 && (
        <p className="muted small">
          {sayCount(evidence.exchanges, 'exchange')}, the newest first
          {exchanges.length >= MOST_SENT ? `; the newest ${MOST_SENT} can be seen` : ''}. Where a reply is much like the
          answer above, words that it has not are <del>struck out</del>, and words that only it has are{' '}
          <ins>marked</ins>.
        </p>
      )}
      <ul className="rows">
        {shown.map(exchange => (
          <li key={exchange.id}>
            <p className="muted small">
              <Moment at={exchange.at} />
              {exchange.operator && ` · ${showPlainly(exchange.operator)}`}
            </p>
            <div className="pair">
              <div>
                {exchange.previousOperatorText && (
                  <p className="muted small">
                    Staff had said before: <Template>{exchange.previousOperatorText}</Template>
                  </p>
                )}
                <p className="label">The customer asked</p>
                {exchange.customerText === null ? <Erased /> : <Template>{exchange.customerText}</Template>}
              </div>
              <div>
                <p className="label">Staff answered</p>
                {exchange.operatorText === null ? (
                  <Erased />
                ) : (
                  <Suspense fallback={<Template>{exchange.operatorText}</Template>}>
                    <Difference before={responseTemplate} after={exchange.operatorText} otherwise="after" />
                  </Suspense>
                )}
              </div>
            </div>
          </li>
        ))}
      </ul>
      {exchanges.length > SHOWN_FIRST && (
        <button type="button" onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'Show fewer' : `Show all ${exchanges.length}`}
        </button>
      )}
    </section>
  );
}

function Erased() {
  return <span className="muted">Erased, or not kept any more.</span>;
}

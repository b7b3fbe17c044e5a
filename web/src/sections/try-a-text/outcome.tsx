/** What would happen with a text: the decision first, then what it was made of. */
import { Link } from 'wouter';
import type { paths } from '../../openapi.js';
import { Template, Text } from '../../parts/text.js';
import { sayFirstRefusal } from '../../reasons.js';
import { sayShare } from '../../words.js';
import { Checked } from '../why-not/checked.js';

export type Preview = paths['/api/preview']['post']['responses'][200]['content']['application/json'];
type Match = NonNullable<Preview['match']>;

export function Outcome({ preview, asked }: { preview: Preview; asked: string }) {
  const { decision, match, alternatives, gates, reasons } = preview;
  const wouldReply = decision === 'would_reply';
  return (
    <div className="stack">
      <div className="card stack">
        <p className="muted small">
          To <Text>{`“${asked}”`}</Text>
        </p>
        <h2>{wouldReply ? 'In shadow mode it would have this answer ready' : 'It would stay silent'}</h2>
        {!wouldReply && <p className="headline">{sayFirstRefusal(gates, reasons)}</p>}
        {match && <Answer match={match} wouldReply={wouldReply} />}
        <h3>What it checked</h3>
        <Checked gates={gates} reasons={reasons} />
      </div>
      {match && <Origin match={match} />}
      {alternatives.length > 0 && <Alternatives alternatives={alternatives} />}
      <p className="muted small">Nothing was written: this text is not kept anywhere.</p>
    </div>
  );
}

function Answer({ match, wouldReply }: { match: Match; wouldReply: boolean }) {
  const isFilled = match.filledText !== null && match.filledText !== match.text;
  return (
    <div>
      {!wouldReply && <p className="label">The closest answer it knows</p>}
      <blockquote>
        <Template>{match.text}</Template>
      </blockquote>
      {isFilled && (
        <>
          <p className="label filled">With the blanks filled from what you typed</p>
          <blockquote>
            <Text>{match.filledText ?? ''}</Text>
          </blockquote>
        </>
      )}
      {match.filledText === null && <p className="small">Some of its blanks cannot be filled from what you typed.</p>}
    </div>
  );
}

function Origin({ match }: { match: Match }) {
  return (
    <div className="card stack">
      <h2>Where it comes from</h2>
      <dl className="facts">
        <dt>Pattern</dt>
        <dd>
          <Link href={`/pattern/${match.patternId}`}>
            <Template isCut>{match.triggerText}</Template>
          </Link>
        </dd>
        <dt>Version</dt>
        <dd className="number">{match.version}</dd>
        <dt>State</dt>
        <dd>{match.isInForce ? 'Active: an approved answer' : 'Not active now: it is no approved answer'}</dd>
        <dt>How sure that it fits</dt>
        <dd className="number">{sayShare(match.matchConfidence)}</dd>
        <dt>How often its answer was right</dt>
        <dd className="number">{sayShare(match.confidence)}</dd>
        <dt>Both together</dt>
        <dd className="number">{sayShare(match.expectedAgreement)}</dd>
      </dl>
      {match.examples.length > 0 && (
        <div>
          <p className="label">Most like these earlier texts</p>
          <ul className="alike">
            {match.examples.map(({ customerText, similarity }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two customers may have written the same words
              <li key={at}>
                <Text>{customerText}</Text> <span className="muted small number">{sayShare(similarity)} alike</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function Alternatives({ alternatives }: { alternatives: Preview['alternatives'] }) {
  return (
    <div className="card stack">
      <h2>What it thought of besides</h2>
      <ul className="cards">
        {alternatives.map(({ patternId, triggerText, text, matchConfidence }) => (
          <li key={patternId}>
            <Link href={`/pattern/${patternId}`}>
              <Template isCut>{triggerText}</Template>
            </Link>{' '}
            <span className="muted small number">{sayShare(matchConfidence)} sure</span>
            <blockquote>
              <Template>{text}</Template>
            </blockquote>
          </li>
        ))}
      </ul>
    </div>
  );
}

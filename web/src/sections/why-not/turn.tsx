/** One customer turn: what was asked, what it would have said, what staff said, how that compared, and what was learned. */
import { type ReactNode, useId } from 'react';
import { Link } from 'wouter';
import { Moment } from '../../parts/moment.js';
import { Template, Text } from '../../parts/text.js';
import { sayAgreement, sayFirstRefusal, sayReason } from '../../reasons.js';
import { useIs, usePerson } from '../../server/person.js';
import { showPlainly } from '../../text.js';
import { sayShare } from '../../words.js';
import { Checked } from './checked.js';
import { DontLearn } from './dont-learn.js';
import type { NamedPattern, Patterns, Turn } from './reading.js';

const TONES = { agreed: 'calm', disagreed: 'attention', ignored: undefined } as const;

export function TurnCard({ turn, patterns }: { turn: Turn; patterns: Patterns }) {
  const id = useId();
  const { decision, agreement } = turn;
  const isMarked = turn.dontLearn || turn.threadDontLearn;
  return (
    <article className="card turn" aria-labelledby={id}>
      <div className="turn-top">
        <h2 id={id} className="turn-time">
          <Moment at={turn.at} />
        </h2>
        <div className="row">
          {isMarked && <span className="badge">Don’t learn</span>}
          {decision && (
            <span
              className="badge"
              data-tone={decision.kind === 'would_reply' && agreement ? TONES[agreement] : undefined}
            >
              {decision.kind === 'would_reply' ? sayAgreement(turn) : 'Would have stayed silent'}
            </span>
          )}
        </div>
      </div>
      <Said label="Customer wrote" turn={turn} text={turn.customerText} isCustomer />
      <div className="beside">
        <Decision turn={turn} pattern={decision?.patternId ? patterns.get(decision.patternId) : undefined} />
        <Said label={<Staff turn={turn} />} turn={turn} text={turn.operatorText} />
      </div>
      <div className="turn-end">
        <Outcome turn={turn} pattern={turn.learnedPatternId ? patterns.get(turn.learnedPatternId) : undefined} />
        {useIs('operator') && <DontLearn turn={turn} />}
      </div>
    </article>
  );
}

function Staff({ turn }: { turn: Turn }) {
  const { operatorId } = usePerson();
  if (turn.operator === null) return 'Staff wrote';
  return turn.operator === operatorId ? (
    'You wrote'
  ) : (
    <>
      Staff wrote <span className="who">({showPlainly(turn.operator)})</span>
    </>
  );
}

type SaidProps = { label: ReactNode; turn: Turn; text: string | null; isCustomer?: boolean };

function Said({ label, turn, text, isCustomer = false }: SaidProps) {
  const mayRead = useIs('operator');
  const isOpen = !isCustomer && turn.operator === null;
  return (
    <div className="said" data-side={isCustomer ? 'customer' : 'staff'}>
      <p className="label">{label}</p>
      {text !== null ? (
        <blockquote>
          <Text>{text}</Text>
        </blockquote>
      ) : (
        <p className="muted">{isOpen ? 'Nobody has answered yet.' : sayHidden(turn, mayRead)}</p>
      )}
    </div>
  );
}

function sayHidden(turn: Turn, mayRead: boolean): string {
  if (!mayRead) return 'Text hidden: it is shown to operators and admins.';
  if (turn.textHidden) return 'Text hidden: it could not be cleared of personal details for certain.';
  return 'No text is kept: a picture alone, or it was erased.';
}

function Decision({ turn, pattern }: { turn: Turn; pattern: NamedPattern | undefined }) {
  const { decision } = turn;
  const mayRead = useIs('operator');
  if (!decision) {
    return (
      <div className="said" data-side="system">
        <p className="label">It would have said</p>
        <p className="muted">
          Nothing was decided: {turn.skipped ? `${sayReason(turn.skipped)}.` : 'the reason is unknown.'}
        </p>
      </div>
    );
  }
  const wouldReply = decision.kind === 'would_reply';
  const sentence = wouldReply ? null : sayFirstRefusal(decision.gates, decision.reasons);
  return (
    <div className="said" data-side="system">
      <p className="label">{wouldReply ? 'It would have said' : 'Why it would have stayed silent'}</p>
      {wouldReply &&
        (decision.text ? (
          <Answer text={decision.text} />
        ) : (
          <p className="muted">
            {mayRead ? 'These words are no longer kept.' : 'Text hidden: it is shown to operators and admins.'}
          </p>
        ))}
      {sentence && <p className="why">{sentence}</p>}
      {decision.late && <p className="small">Decided after staff had answered, so it is not compared.</p>}
      <details>
        <summary>{wouldReply ? 'How it came to that' : 'All it looked at'}</summary>
        <Checked gates={decision.gates} reasons={decision.reasons} />
        {pattern && (
          <p>
            Closest pattern
            {typeof decision.matchConfidence === 'number' && ` (${sayShare(decision.matchConfidence)} sure)`}:{' '}
            <PatternLink pattern={pattern} />
          </p>
        )}
        {!wouldReply && decision.text && (
          <>
            <p className="label">Its answer, had it been sure</p>
            <Answer text={decision.text} />
            {turn.agreement && turn.agreement !== 'ignored' && <p className="small">{sayAgreement(turn)}.</p>}
          </>
        )}
      </details>
    </div>
  );
}

function Answer({ text }: { text: string }) {
  return (
    <blockquote>
      <Template>{text}</Template>
    </blockquote>
  );
}

function PatternLink({ pattern }: { pattern: NamedPattern }) {
  return (
    <Link href={`/pattern/${pattern.id}`}>
      <Template isCut>{pattern.triggerText}</Template>
    </Link>
  );
}

/** What came of it for learning. */
function Outcome({ turn, pattern }: { turn: Turn; pattern: NamedPattern | undefined }) {
  if (turn.learnedPatternId) {
    return (
      <p className="small">
        Learned into{' '}
        {pattern ? (
          <PatternLink pattern={pattern} />
        ) : (
          <Link href={`/pattern/${turn.learnedPatternId}`}>a pattern</Link>
        )}
      </p>
    );
  }
  if (turn.skipped) return <p className="small">Not learned: {sayReason(turn.skipped)}.</p>;
  return (
    <p className="small muted">{turn.operator === null ? 'Nothing to learn before staff answer.' : 'Not learned.'}</p>
  );
}

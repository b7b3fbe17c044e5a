/** One approved answer with a press to copy it. */
import { memo, useState } from 'react';
import { Link } from 'wouter';
import type { Pattern } from '../../contract.js';
import { Moment } from '../../parts/moment.js';
import { useNews } from '../../parts/news.js';
import { Template } from '../../parts/text.js';
import { Flags } from '../../patterns/flags.js';
import { showPlainly } from '../../text.js';
import { sayShadow } from '../../words.js';
import { writeCopy } from './copy.js';

/** What whoever copies the answer has to know first. */
const IN_DOUBT: readonly Pattern['flags'][number][] = ['fact_changed', 'conflict', 'unfillable'];

export const Answer = memo(function Answer({ pattern }: { pattern: Pattern }) {
  const { id, triggerText, responseTemplate, activeUntil, shadow, confidenceLowerBound } = pattern;
  const say = useNews();
  const [failure, setFailure] = useState<string | null>(null);

  async function copy(): Promise<void> {
    const { text, blanks } = writeCopy(responseTemplate);
    try {
      await navigator.clipboard.writeText(text);
      setFailure(null);
      say(blanks.length === 0 ? 'Copied.' : `Copied. Fill in before you send it: ${blanks.join(', ')}.`);
    } catch {
      setFailure('This browser did not let the page copy. Mark the text and copy it by hand.');
    }
  }

  return (
    <div className="answer">
      <div>
        <h2 className="question">
          <Link href={`/pattern/${id}`}>
            <Template isCut>{triggerText}</Template>
          </Link>
        </h2>
        <blockquote>
          <Template>{responseTemplate}</Template>
        </blockquote>
        <Flags flags={pattern.flags.filter(flag => IN_DOUBT.includes(flag))} isOpen={false} />
        <p className="muted small">
          Approved until <Moment at={activeUntil} isDate />. {sayShadow(shadow, confidenceLowerBound)}.
        </p>
        {failure && (
          <p className="error" role="alert">
            {failure}
          </p>
        )}
      </div>
      <button type="button" className="primary" onClick={copy}>
        Copy<span className="unseen"> the answer to: {showPlainly(triggerText).slice(0, 80)}</span>
      </button>
    </div>
  );
});

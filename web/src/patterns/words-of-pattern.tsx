/** What customers asked and what staff answer, beside each other where there is room. */
import type { ReactNode } from 'react';
import type { Pattern } from '../contract.js';
import { Template } from '../parts/text.js';

const EXAMPLES = 3;

type Props = {
  pattern: Pick<Pattern, 'triggerText' | 'triggerExamples' | 'responseTemplate'>;
  /** The first question, where it is more than a text: a heading, a link. */
  title?: ReactNode;
  /** Below the answer. */
  children?: ReactNode;
};

export function WordsOfPattern({ pattern, title, children }: Props) {
  const others = pattern.triggerExamples.filter(example => example !== pattern.triggerText).slice(0, EXAMPLES);
  return (
    <div className="pair">
      <div>
        <p className="label">Customers ask</p>
        {title ?? (
          <p className="question">
            <Template>{pattern.triggerText}</Template>
          </p>
        )}
        {others.length > 0 && (
          <ul className="examples" aria-label="How customers asked lately">
            {others.map(example => (
              <li key={example}>
                <Template>{example}</Template>
              </li>
            ))}
          </ul>
        )}
      </div>
      <div>
        <p className="label">Staff answer</p>
        <blockquote>
          <Template>{pattern.responseTemplate}</Template>
        </blockquote>
        {children}
      </div>
    </div>
  );
}

/** A pattern's words as they were: each version with what it changed. */
import { lazy, Suspense } from 'react';
import type { PatternDetail } from '../../contract.js';
import { Moment } from '../../parts/moment.js';
import { Template } from '../../parts/text.js';
import { sayActor } from '../safety/audit-words.js';

const Difference = lazy(() => import('../../patterns/difference.js'));

type Version = PatternDetail['versions'][number];

export function Versions({ pattern: { versions, version: present } }: { pattern: PatternDetail }) {
  return (
    <section className="card" aria-labelledby="versions">
      <h2 id="versions">Versions</h2>
      {versions.length === 0 && <p className="muted">Its first version is the present one.</p>}
      <ol className="rows" reversed>
        {versions.map((version, index) => (
          <li key={version.version}>
            <p className="small">
              <strong>Version {version.version}</strong>
              {version.version === present && ' (the present one)'}
              <span className="muted">
                {' '}
                · {sayChanger(version.changedBy)} · <Moment at={version.createdAt} />
              </span>
            </p>
            <div className="pair">
              <Words title="Customers ask" field="triggerText" version={version} before={versions[index + 1]} />
              <Words title="Staff answer" field="responseTemplate" version={version} before={versions[index + 1]} />
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

type WordsProps = {
  title: string;
  field: 'triggerText' | 'responseTemplate';
  version: Version;
  /** The version that it replaced. */
  before: Version | undefined;
};

function Words({ title, field, version, before }: WordsProps) {
  const words = version[field];
  const former = before?.[field] ?? null;
  return (
    <div>
      <p className="label">
        {title}
        {former !== null && former === words && ' (as before)'}
      </p>
      {words === null && <span className="muted">Not kept any more.</span>}
      {words !== null && (former === null || former === words) && <Template>{words}</Template>}
      {words !== null && former !== null && former !== words && (
        <Suspense fallback={<Template>{words}</Template>}>
          <Difference before={former} after={words} otherwise="both" />
        </Suspense>
      )}
    </div>
  );
}

function sayChanger(changedBy: string): string {
  return changedBy === 'learning' ? 'Learned' : sayActor(changedBy);
}

/** The plan's list: Day 1, Week 1, Month 1, each line with what was measured and what the plan asks for. */
import type { Monitoring } from '../../contract.js';
import { showPlainly } from '../../text.js';
import { sayCount, sayShare } from '../../words.js';
import { sayDuration } from './days.js';

type Milestone = Monitoring['milestones']['day1'][number];

type Line = {
  name: string;
  say: (measured: unknown) => string;
  /** Holds from the first day, or was broken: nothing that comes with time. */
  isHeld?: true;
};

const count = (one: string, many?: string) => (measured: unknown) =>
  sayCount(typeof measured === 'number' ? measured : null, one, many);

const LINES: Record<string, Line> = {
  learning_enabled: { name: 'Learning is switched on', say: measured => (measured === true ? 'on' : 'off') },
  no_auto_executions: { name: 'Nothing is executed automatically', say: count('automatic execution'), isHeld: true },
  patterns_visible: { name: 'Patterns can be seen in Review', say: count('pattern') },
  all_inactive: { name: 'Every pattern is inactive', say: count('active pattern'), isHeld: true },
  patterns_created: { name: '10 patterns or more', say: count('pattern') },
  average_confidence: {
    name: 'Average confidence of 50 % or more',
    say: measured => sayShare(typeof measured === 'number' ? measured : null),
  },
  patterns_reviewed: { name: 'An admin has edited or retired patterns', say: count('pattern') },
  patterns_learned: { name: '100 patterns or more', say: count('pattern') },
  top_patterns: { name: 'The five patterns that are asked most are known', say: count('pattern') },
  ready_for_activation: { name: 'Patterns are ready for an admin’s decision', say: count('pattern') },
  workload_measured: {
    name: 'The work it would save is measured',
    say: count('answer like staff’s', 'answers like staff’s'),
  },
};

export function Milestones({ milestones, last }: { milestones: Monitoring['milestones']; last: string }) {
  const { day1, week1, month1, workloadSaved: saved } = milestones;
  return (
    <section className="card" aria-labelledby="plan">
      <h2 id="plan">The plan’s goals</h2>
      <p className="muted small">Measured now, over all of time.</p>
      <div className="plan">
        <Goals name="Day 1" list={day1} />
        <Goals name="Week 1" list={week1} />
        <Goals name="Month 1" list={month1} />
      </div>
      <h3>Work it would have saved, in the last {last}</h3>
      <p>
        {saved.n > 0
          ? `${sayDuration(saved.seconds)} = ${sayCount(saved.n, 'turn')} × ${sayDuration(saved.medianSeconds)}.`
          : 'Unknown: no answer of its own was judged the same as staff’s in this time.'}{' '}
        <span className="muted">
          Formula: {showPlainly(saved.formula)}. It is an estimate: nothing was sent, and staff wrote all answers.
        </span>
      </p>
    </section>
  );
}

function Goals({ name, list }: { name: string; list: Milestone[] }) {
  const done = list.filter(({ ok }) => ok).length;
  return (
    <section aria-label={name}>
      <h3>
        {name}{' '}
        <span className="muted small">
          {done} of {list.length}
        </span>
      </h3>
      <ul className="goals">
        {list.map(({ id, ok, measured }) => (
          <li key={id} data-ok={ok}>
            <span className="badge" data-tone={ok ? 'calm' : undefined}>
              {ok ? 'yes' : LINES[id]?.isHeld ? 'no' : 'not yet'}
            </span>
            <span>
              {LINES[id]?.name ?? showPlainly(id.replaceAll('_', ' '))}
              <span className="muted small"> · {(LINES[id]?.say ?? sayAnything)(measured)}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function sayAnything(measured: unknown): string {
  return measured === null || measured === undefined ? 'unknown' : showPlainly(String(measured));
}

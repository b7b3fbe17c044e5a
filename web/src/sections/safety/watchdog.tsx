/** The watchdog: until when its word counts, what its last checks found, and a press to have them run now. */
import { Failure } from '../../parts/failure.js';
import { Loading } from '../../parts/loading.js';
import { Moment } from '../../parts/moment.js';
import { useNews } from '../../parts/news.js';
import { useAct } from '../../server/act.js';
import { api, ask } from '../../server/client.js';
import { useIs } from '../../server/person.js';
import { useMonitoring } from '../../server/reading.js';
import { sayCount } from '../../words.js';
import { doesTrip, sayCheck, sayFound } from './checks.js';

type Checks = readonly { id: string; violations: number }[];

export function Watchdog() {
  const { data, error, isPending, refetch } = useMonitoring();
  const mayCheck = useIs('operator');
  if (isPending) return <Loading what="the watchdog" cards={1} />;
  if (error) return <Failure what="What the watchdog found is not known." error={error} retry={refetch} />;
  const { lastRunAt, leaseUntil, checks } = data.monitoring.watchdog;
  const isValid = leaseUntil !== null && Date.parse(leaseUntil) > data.atMs;
  return (
    <section className="card stack" aria-labelledby="watchdog">
      <div className="spread">
        <div>
          <h2 id="watchdog">Watchdog</h2>
          <p className="headline" data-tone={isValid ? undefined : 'alarm'}>
            {isValid ? (
              <>
                Watching: the last clean check holds until <Moment at={leaseUntil} />
              </>
            ) : leaseUntil === null ? (
              'Not watching: no clean check has been finished yet'
            ) : (
              <>
                Not watching: the last clean check ran out on <Moment at={leaseUntil} />
              </>
            )}
          </p>
          <p className="muted">
            Last check: <Moment at={lastRunAt} />. It checks by itself every few minutes
            {isValid ? '.' : ', and until it finds nothing wrong no pattern can be switched on.'}
          </p>
        </div>
        {mayCheck && <CheckNow />}
      </div>
      <CheckList checks={checks} />
    </section>
  );
}

function CheckNow() {
  const say = useNews();
  const checking = useAct({
    act: () => ask(api.POST('/api/incidents', { body: { action: 'check' } })),
    onConfirmed: answer => say(sayOutcome(answer.status)),
  });
  return (
    <div className="stack">
      <button type="button" disabled={checking.isPending} onClick={() => checking.mutate(undefined)}>
        {checking.isPending ? 'Checking…' : 'Check now'}
      </button>
      {checking.error && <Failure what="The check was not finished." error={checking.error} />}
    </div>
  );
}

function sayOutcome(status: string): string {
  switch (status) {
    case 'clean':
      return 'Checked: nothing found.';
    case 'latched':
      return 'Checked: nothing new. The kill switch is still engaged.';
    case 'rolled_back':
      return 'The check found something: the kill switch is engaged and all is rolled back. See the newest incident.';
    default:
      return 'Checked.';
  }
}

function CheckList({ checks }: { checks: Checks }) {
  if (checks.length === 0) return <p>What it checked is unknown: no run has been recorded.</p>;
  const found = checks.filter(check => check.violations > 0);
  return (
    <>
      {found.length > 0 && (
        <ul className="found">
          {found.map(check => (
            <CheckLine key={check.id} {...check} />
          ))}
        </ul>
      )}
      <details>
        <summary>
          {sayCount(checks.length, 'check')} in the last run
          {found.length === 0 && ', nothing found'}
        </summary>
        <h3>What stops everything</h3>
        <ul className="found">
          {checks
            .filter(({ id }) => doesTrip(id))
            .map(check => (
              <CheckLine key={check.id} {...check} />
            ))}
        </ul>
        <h3>What is only told</h3>
        <ul className="found">
          {checks
            .filter(({ id }) => !doesTrip(id))
            .map(check => (
              <CheckLine key={check.id} {...check} />
            ))}
        </ul>
      </details>
    </>
  );
}

function CheckLine({ id, violations }: { id: string; violations: number }) {
  const tone = violations === 0 ? 'calm' : doesTrip(id) ? 'alarm' : 'attention';
  return (
    <li>
      <span className="badge" data-tone={tone}>
        {sayFound(violations)}
      </span>
      <span>{sayCheck(id)}</span>
    </li>
  );
}

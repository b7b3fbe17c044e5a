/** The numbers of the window at a glance, each with what it was counted from. */
import type { ReactNode } from 'react';
import type { Monitoring } from '../../contract.js';
import { Moment } from '../../parts/moment.js';
import { sayCount, sayNumber, sayShare } from '../../words.js';
import { sayDuration } from './days.js';

type FiguresProps = { monitoring: Monitoring; atMs: number; silenceHours: unknown; last: string };

export function Figures({ monitoring, atMs, silenceHours, last }: FiguresProps) {
  const { shadow, deliveries, executions, patterns, milestones } = monitoring;
  const saved = milestones.workloadSaved;
  const created = patterns.perDay.reduce((total, day) => total + day.created, 0);
  const leftOut = Object.values(monitoring.learning.skipped).reduce((total, n) => total + n, 0);
  return (
    <ul className="figures" aria-label={`The last ${last}`}>
      <Figure name="Patterns learned" value={sayNumber(created)}>
        new in the last {last}
      </Figure>
      <Figure name="Exchanges learned" value={sayNumber(monitoring.learning.learned)}>
        {leftOut === 0 ? 'nothing was left out' : `${sayCount(leftOut, 'answer')} left out; the reasons stand below`}
      </Figure>
      <Figure name="Agreement" value={shadow.judged > 0 ? sayShare(shadow.agreed / shadow.judged) : 'unknown'}>
        {shadow.judged > 0
          ? `would have said what staff said ${shadow.agreed} of ${sayCount(shadow.judged, 'time')}`
          : 'nothing it would have said was compared yet'}
      </Figure>
      <Figure name="Coverage" value={sayShare(shadow.coverage)}>
        {shadow.coverage === null
          ? 'no customer wrote while it was learning'
          : 'of what customers wrote, it would have answered'}
      </Figure>
      <Figure name="Deliveries" value={deliveries.accepted.toLocaleString('en')}>
        texts and reports accepted; {sayTrouble(deliveries)}
      </Figure>
      <Figure
        name="Silence"
        value={saySilence(deliveries.lastAt, atMs)}
        tone={toneOfSilence(deliveries.lastAt, atMs, silenceHours)}
      >
        {deliveries.lastAt === null ? (
          'no delivery has come yet'
        ) : (
          <>
            since <Moment at={deliveries.lastAt} />;{' '}
            {typeof silenceHours === 'number'
              ? `too long from ${sayCount(silenceHours, 'hour')} on`
              : 'the limit is unknown'}
          </>
        )}
      </Figure>
      <Figure
        name="Executed automatically"
        value={sayNumber(executions.automatic)}
        tone={executions.automatic > 0 ? 'alarm' : undefined}
      >
        of {sayCount(executions.total, 'execution')} by anybody; this system has no code that sends
      </Figure>
      <Figure name="Work it would have saved" value={saved.n > 0 ? sayDuration(saved.seconds) : 'unknown'}>
        {saved.n > 0
          ? `${sayCount(saved.n, 'turn')} judged agreed × ${sayDuration(saved.medianSeconds)}, the median time to the answer`
          : 'no answer of its own was judged the same as staff’s'}
      </Figure>
    </ul>
  );
}

function Figure({
  name,
  value,
  tone,
  children,
}: {
  name: string;
  value: string;
  tone?: string | undefined;
  children: ReactNode;
}) {
  return (
    <li className="card" data-tone={tone}>
      <p className="label">{name}</p>
      <p className="value number">{value}</p>
      <p className="muted small">{children}</p>
    </li>
  );
}

function sayTrouble({ refused, quarantined }: Monitoring['deliveries']): string {
  if (refused + quarantined === 0) return 'none refused, none that could not be understood';
  return `${refused} refused, ${quarantined} that could not be understood`;
}

function saySilence(lastAt: string | null, atMs: number): string {
  return lastAt === null ? 'unknown' : sayDuration(Math.max(0, (atMs - Date.parse(lastAt)) / 1000));
}

function toneOfSilence(lastAt: string | null, atMs: number, silenceHours: unknown): string | undefined {
  if (lastAt === null || typeof silenceHours !== 'number') return undefined;
  return atMs - Date.parse(lastAt) >= silenceHours * 3_600_000 ? 'alarm' : undefined;
}

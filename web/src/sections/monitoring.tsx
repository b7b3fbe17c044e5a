/** Monitoring: what the plan asks, in numbers and over time. The law: every number is the server's; what it does not know reads "unknown". */
import './monitoring/monitoring.css';
import { Link } from 'wouter';
import { goTo, useAddressQuery } from '../app/address.js';
import type { Monitoring } from '../contract.js';
import { Choice } from '../parts/choice.js';
import { Failure } from '../parts/failure.js';
import { Loading } from '../parts/loading.js';
import { SectionTitle } from '../parts/section-title.js';
import { useConfig, useMonitoring, useTimeZone } from '../server/reading.js';
import { Charts } from './monitoring/charts.js';
import { WINDOWS } from './monitoring/days.js';
import { Figures } from './monitoring/figures.js';
import { Learned } from './monitoring/learned.js';
import { Milestones } from './monitoring/milestones.js';

export default function MonitoringSection() {
  const asked = useAddressQuery().get('window');
  const shown = WINDOWS.find(({ window }) => window === asked) ?? WINDOWS[2];
  const { data, error, isPending, refetch } = useMonitoring(shown.window);
  return (
    <>
      <SectionTitle
        title="Monitoring"
        purpose="What is learned, how often it would have been right, and what arrives."
      />
      <Choice
        label="How far back"
        options={WINDOWS.map(({ window, name }) => ({ value: window, name }))}
        value={shown.window}
        onChange={window => goTo(`/monitoring?window=${window}`, { replace: true })}
      />
      {isPending ? (
        <Loading what="the numbers" cards={4} />
      ) : error ? (
        <Failure what="The numbers could not be loaded." error={error} retry={refetch} />
      ) : (
        <Numbers monitoring={data.monitoring} atMs={data.atMs} days={shown.days} last={shown.last} />
      )}
    </>
  );
}

/** `last`: the window, after "in the last". */
type NumbersProps = { monitoring: Monitoring; atMs: number; days: number; last: string };

function Numbers({ monitoring, atMs, days, last }: NumbersProps) {
  const timeZone = useTimeZone();
  const silenceHours = useConfig().data?.values.silence_hours;
  return (
    <div className="monitoring">
      <Figures monitoring={monitoring} atMs={atMs} silenceHours={silenceHours} last={last} />
      <Charts monitoring={monitoring} atMs={atMs} days={days} timeZone={timeZone} />
      <Milestones milestones={monitoring.milestones} last={last} />
      <Learned monitoring={monitoring} last={last} />
      <p className="muted small">
        Days are those of {timeZone}. Counts go by when something was written down, shadow mode by when the customer
        wrote. Who did what stands in the audit, under <Link href="/safety">Safety</Link>.
      </p>
    </div>
  );
}

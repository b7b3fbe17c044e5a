/** What must not be missed, above every section: whether it learns, and everything that is not as it should be. */
import { Text } from '../parts/text.js';
import { type Fact, readSafety } from '../safety.js';
import { useConfig, useMonitoring } from '../server/reading.js';

export function Banner() {
  const monitoring = useMonitoring();
  const config = useConfig();
  if (monitoring.isPending || config.isPending) {
    return <div className="banner" data-tone="waiting" aria-busy="true" />;
  }
  // After a failed refresh the last answer is no knowledge any more: it may be hours old.
  const safety = readSafety(
    monitoring.error ? null : monitoring.data.monitoring,
    config.error ? null : config.data,
    monitoring.data?.atMs ?? 0,
  );
  const errors = new Set([monitoring.error, config.error].flatMap(error => (error ? [error.message] : [])));
  // The headline names what is not calm; of an alarm there is more to know at once: since when, how many.
  const loud = safety.facts.filter(fact => fact.tone === 'alarm');
  return (
    <section className="banner" data-tone={safety.tone} aria-label="State of the system">
      <details>
        <summary>
          <span className="headline">
            <Text>{safety.headline}</Text>
          </span>
          <span className="hint">Details</span>
        </summary>
        <Facts facts={safety.facts} />
        <p className="note">Times are in {safety.timeZone}.</p>
      </details>
      {loud.length > 0 && <Facts facts={loud} className="loud" />}
      {[...errors].map(message => (
        <p key={message} className="note">
          Not all is known: {message}
        </p>
      ))}
      {/* Said aloud when it changes, not at every refresh: the text node stays while its words do. */}
      <p className="unseen" role="status">
        {safety.headline}
      </p>
    </section>
  );
}

function Facts({ facts, className }: { facts: readonly Fact[]; className?: string }) {
  return (
    <dl className={className}>
      {facts.map(({ label, value, tone }) => (
        <div key={label} data-tone={tone}>
          <dt>{label}</dt>
          <dd>
            <Text>{value}</Text>
          </dd>
        </div>
      ))}
    </dl>
  );
}

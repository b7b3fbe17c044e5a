/** The audit: who did what, newest first, page by page. Nobody can change it, and nobody can take a line out. */
import { Link } from 'wouter';
import type { AuditPage } from '../../contract.js';
import { Failure } from '../../parts/failure.js';
import { Loading } from '../../parts/loading.js';
import { Moment } from '../../parts/moment.js';
import { Text } from '../../parts/text.js';
import { useTimeZone } from '../../server/reading.js';
import { findPlace, sayAction, sayActor, sayDetails } from './audit-words.js';
import { useAudit } from './reading.js';

export function Audit() {
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useAudit();
  return (
    <section className="card" aria-labelledby="audit">
      <h2 id="audit">Audit</h2>
      {isPending ? (
        <Loading what="the audit" cards={1} />
      ) : !data ? (
        <Failure what="The audit could not be loaded." error={error!} retry={refetch} />
      ) : data.length === 0 ? (
        <p>Nothing has been done yet.</p>
      ) : (
        <ol className="audit">
          {data.map(entry => (
            <Line key={entry.id} entry={entry} />
          ))}
        </ol>
      )}
      {hasNextPage && (
        <button type="button" disabled={isFetchingNextPage} onClick={() => fetchNextPage()}>
          {isFetchingNextPage ? 'Loading…' : 'Show older entries'}
        </button>
      )}
    </section>
  );
}

function Line({ entry }: { entry: AuditPage['audit'][number] }) {
  const timeZone = useTimeZone();
  const details = sayDetails(entry, timeZone);
  const place = findPlace(entry);
  return (
    <li>
      <span className="audit-time muted small number">
        <Moment at={entry.at} />
      </span>
      <div>
        <p>
          <strong>
            <Text>{sayActor(entry.actor)}</Text>
          </strong>{' '}
          · {sayAction(entry)}
          {place && (
            <>
              {' · '}
              <Link href={place}>see it</Link>
            </>
          )}
        </p>
        {(details.length > 0 || entry.reason !== null) && (
          <p className="muted small">
            {details.join(' · ')}
            {entry.reason !== null && (
              <>
                {details.length > 0 && ' · '}reason: <Text>{entry.reason}</Text>
              </>
            )}
          </p>
        )}
      </div>
    </li>
  );
}

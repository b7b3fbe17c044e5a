/** The incidents, newest first: each with what it was found by, and what the rollback changed. */
import { Failure } from '../../parts/failure.js';
import { Loading } from '../../parts/loading.js';
import { IncidentCard } from './incident.js';
import { useIncidents } from './reading.js';

export function Incidents() {
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useIncidents();
  return (
    <section className="stack" aria-labelledby="incidents">
      <h2 id="incidents">Incidents</h2>
      {isPending ? (
        <Loading what="the incidents" cards={1} />
      ) : !data ? (
        <Failure what="The incidents could not be loaded." error={error!} retry={refetch} />
      ) : data.incidents.length === 0 ? (
        <p className="card">No incident so far: nothing was found that should not be.</p>
      ) : (
        data.incidents.map((incident, place) => (
          <IncidentCard key={incident.id} incident={incident} isNewest={place === 0} />
        ))
      )}
      {hasNextPage && (
        <button type="button" disabled={isFetchingNextPage} onClick={() => fetchNextPage()}>
          {isFetchingNextPage ? 'Loading…' : 'Show older incidents'}
        </button>
      )}
    </section>
  );
}

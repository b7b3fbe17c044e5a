/** A list of customer turns, newest first, read on when somebody asks for more. */
import { Empty } from '../../parts/empty.js';
import { Failure } from '../../parts/failure.js';
import { Loading } from '../../parts/loading.js';
import { sayCount } from '../../words.js';
import { type Filter, useTurns } from './reading.js';
import { TurnCard } from './turn.js';

type TurnListProps = {
  filter: Filter;
  empty: { title: string; hint: string };
};

export function TurnList({ filter, empty }: TurnListProps) {
  const { data, error, isPending, isPlaceholderData, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } =
    useTurns(filter);
  if (isPending) return <Loading what="the recent turns" />;
  if (!data) return <Failure what="The recent turns could not be loaded." error={error!} retry={refetch} />;
  const { turns, patterns } = data;
  return (
    <>
      <p className="muted small shown" role="status">
        {turns.length > 0 && `${sayCount(turns.length, 'turn')} shown${hasNextPage ? '; there are more' : ''}`}
      </p>
      {error && <Failure what="What is shown may be old." error={error} retry={refetch} />}
      {turns.length === 0 ? (
        <Empty title={empty.title}>
          <p>{empty.hint}</p>
        </Empty>
      ) : (
        <ul className="cards" aria-label="Turns" aria-busy={isPlaceholderData}>
          {turns.map(turn => (
            <li key={turn.id}>
              <TurnCard turn={turn} patterns={patterns} />
            </li>
          ))}
        </ul>
      )}
      {hasNextPage && (
        <p className="more-of-them">
          <button type="button" disabled={isFetchingNextPage} onClick={() => fetchNextPage()}>
            {isFetchingNextPage ? 'Loading…' : 'Show more'}
          </button>
        </p>
      )}
    </>
  );
}

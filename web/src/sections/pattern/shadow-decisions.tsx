/** What this pattern would have said, beside what staff really said. */
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Exchange } from '../../contract.js';
import { Failure } from '../../parts/failure.js';
import { Moment } from '../../parts/moment.js';
import { Template } from '../../parts/text.js';
import { api, ask } from '../../server/client.js';
import { useIs } from '../../server/person.js';
import { sayShare } from '../../words.js';

const PAGE_SIZE = 10;

const AGREEMENT: Record<'agreed' | 'disagreed' | 'ignored', { words: string; tone?: string }> = {
  agreed: { words: 'Agreed', tone: 'calm' },
  disagreed: { words: 'Disagreed', tone: 'attention' },
  ignored: { words: 'Not counted' },
};

export function ShadowDecisions({ patternId }: { patternId: string }) {
  const mayRead = useIs('operator');
  const list = useInfiniteQuery({
    queryKey: ['exchanges', 'of-pattern', patternId],
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        patternId,
        decision: 'would_reply' as const,
        limit: PAGE_SIZE,
        ...(pageParam !== null && { cursor: pageParam }),
      };
      const page = await ask(api.GET('/api/exchanges', { params: { query }, signal }));
      if (!('nextCursor' in page)) throw new Error('Exchanges were asked for, and something else came.');
      return page;
    },
    initialPageParam: null as string | null,
    getNextPageParam: page => page.nextCursor,
  });
  // The server also gives exchanges that were learned for this pattern while another one would have been said.
  const own = list.data?.pages
    .flatMap(page => page.exchanges)
    .filter(({ decision }) => decision?.patternId === patternId);
  return (
    <section className="card" aria-labelledby="decisions">
      <h2 id="decisions">What it would have said</h2>
      {list.error && <Failure what="Its decisions could not be loaded." error={list.error} retry={list.refetch} />}
      {own?.length === 0 && !list.hasNextPage && (
        <p className="muted">Nothing yet: no text came for which it was sure enough by the time that staff answered.</p>
      )}
      <ul className="rows">
        {own?.map(exchange => (
          <li key={exchange.id}>
            <Decision exchange={exchange} mayRead={mayRead} />
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <button type="button" onClick={() => list.fetchNextPage()} disabled={list.isFetchingNextPage}>
          {list.isFetchingNextPage ? 'Loading more…' : 'Load more'}
        </button>
      )}
    </section>
  );
}

function Decision({ exchange, mayRead }: { exchange: Exchange; mayRead: boolean }) {
  const { decision, agreement, customerText, operatorText, at } = exchange;
  const said = agreement ? AGREEMENT[agreement] : { words: 'Not answered yet' };
  return (
    <>
      <p className="row small">
        <span className="badge" data-tone={said.tone}>
          {said.words}
        </span>
        <span className="muted">
          <Moment at={at} />, {sayShare(decision?.matchConfidence)} sure that the text fits
          {decision?.late && ', but decided after staff had answered'}
        </span>
      </p>
      {mayRead && (
        <>
          <p>
            <span className="label">The customer asked</span>
            <Words text={customerText} />
          </p>
          <div className="pair">
            <div>
              <p className="label">It would have said</p>
              {decision?.text ? <Template>{decision.text}</Template> : <Words text={null} />}
            </div>
            <div>
              <p className="label">Staff said</p>
              <Words text={operatorText} none={agreement === null ? 'Nothing yet.' : undefined} />
            </div>
          </div>
        </>
      )}
    </>
  );
}

function Words({
  text,
  none = 'Not shown: erased, not kept, or too long to be redacted.',
}: {
  text: string | null;
  none?: string;
}) {
  return text === null ? <span className="muted">{none}</span> : <Template>{text}</Template>;
}

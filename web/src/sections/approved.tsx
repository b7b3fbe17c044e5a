/** Approved answers: what an admin switched on, to be searched, copied, printed or taken along as a file. The law: a copied answer never hides that a blank is still to be filled. */
import { useEffect, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { Empty } from '../parts/empty.js';
import { Failure } from '../parts/failure.js';
import { Loading } from '../parts/loading.js';
import { SectionTitle } from '../parts/section-title.js';
import { type Filters, MOST_QUERY_CHARACTERS } from '../patterns/filters.js';
import { usePatternList } from '../patterns/pattern-list.js';
import { useIs } from '../server/person.js';
import { sayCount } from '../words.js';
import { Answer } from './approved/answer.js';
import './approved/approved.css';

/** As many as the server gives at once; more pages follow by themselves, for the list is printed whole. */
const PAGE_SIZE = 100;

const EXPORT = '/api/patterns?status=active&sort=evidence&format=';

export default function Approved() {
  const [q, setQ] = useState('');
  const filters = useMemo((): Filters => ({ status: 'active', type: '', q, sort: 'evidence' }), [q]);
  const list = usePatternList(filters, PAGE_SIZE);
  const { patterns, isLoading, error, retry, hasMore, isLoadingMore, loadMore } = list;
  useEffect(() => {
    if (hasMore && !isLoadingMore && !error) loadMore();
  }, [hasMore, isLoadingMore, error, loadMore]);
  return (
    <>
      <SectionTitle
        title="Approved answers"
        purpose="To copy from. Each was approved by an admin; none of them is ever sent by itself."
      >
        <button type="button" onClick={() => print()}>
          Print
        </button>
        <a className="button" href={`${EXPORT}csv`} download>
          CSV
        </a>
        <a className="button" href={`${EXPORT}json`} download>
          JSON
        </a>
      </SectionTitle>
      <search className="controls">
        <div>
          <label htmlFor="approved-search">Search</label>
          <input
            id="approved-search"
            type="search"
            autoComplete="off"
            maxLength={MOST_QUERY_CHARACTERS}
            placeholder="Words of a question or an answer"
            value={q}
            onChange={event => setQ(event.target.value)}
          />
        </div>
      </search>
      {error && <Failure what="The approved answers could not be loaded." error={error} retry={retry} />}
      {isLoading && <Loading what="the approved answers" />}
      {!isLoading && patterns.length > 0 && (
        <>
          <p className="muted small" role="status">
            {sayCount(patterns.length, 'approved answer')}
            {hasMore ? '; more are on their way' : ''}
          </p>
          <ul className="cards answers">
            {patterns.map(pattern => (
              <li key={pattern.id} className="card">
                <Answer pattern={pattern} />
              </li>
            ))}
          </ul>
        </>
      )}
      {!isLoading && !error && patterns.length === 0 && <Nothing isSearched={q.trim() !== ''} />}
    </>
  );
}

function Nothing({ isSearched }: { isSearched: boolean }) {
  const isAdmin = useIs('admin');
  if (isSearched) {
    return (
      <Empty title="No approved answer has these words.">
        <p>Try fewer words.</p>
      </Empty>
    );
  }
  return (
    <Empty title="Nothing is approved yet.">
      <p>
        {isAdmin
          ? 'Switch a pattern on in Review: from then on its answer stands here for your staff to copy.'
          : 'An admin switches patterns on in Review: from then on their answers stand here to copy.'}
      </p>
      <Link href="/review" className="button">
        Go to Review
      </Link>
    </Empty>
  );
}

/** Review: patterns that wait for a decision, one card each, by hand or by key. The law: what is shown is what the server confirmed. */
import { lazy, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { goTo, useAddressQuery } from '../app/address.js';
import type { Pattern } from '../contract.js';
import { Empty } from '../parts/empty.js';
import { Failure } from '../parts/failure.js';
import { Loading } from '../parts/loading.js';
import { SectionTitle } from '../parts/section-title.js';
import type { DialogName } from '../patterns/card.js';
import { type OpenDialog, PatternDialog } from '../patterns/dialogs.js';
import { type Filters, isFiltered, NO_FILTERS, readFilters, writeFilters } from '../patterns/filters.js';
import { type PatternList, useLoadAhead, usePatternCounts, usePatternList } from '../patterns/pattern-list.js';
import { useConfig } from '../server/reading.js';
import { sayCount, sayCounts } from '../words.js';
import { Controls } from './review/controls.js';
import { Deck, type DeckHandle } from './review/deck.js';
import { useKeys } from './review/keys.js';
import { type Stretch, useStretch } from './review/stretch.js';
import './review/review.css';

const HelpDialog = lazy(() => import('./review/help-dialog.js'));

/** So many cards are drawn at once; the rest comes when somebody asks for it. */
const PAGE_SIZE = 25;

export default function Review() {
  const address = useAddressQuery().toString();
  const filters = useMemo(() => readFilters(new URLSearchParams(address)), [address]);
  const list = usePatternList(filters, PAGE_SIZE);
  const stretch = useStretch(list, filters);
  useLoadAhead(list.hasMore);
  const counts = usePatternCounts();
  const search = useRef<HTMLInputElement>(null);
  const deck = useRef<DeckHandle>(null);
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const openDialog = useCallback((name: DialogName, pattern: Pattern) => setDialog({ name, pattern }), []);
  const [areKeysOn, setKeysOn] = useKeys({
    j: () => deck.current?.move(1),
    k: () => deck.current?.move(-1),
    a: () => deck.current?.press('[role="switch"]'),
    e: () => deck.current?.press('[data-act="edit"]'),
    x: () => deck.current?.press('[data-act="retire"], [data-act="restore"]'),
    m: () => deck.current?.press('[data-act="merge"]'),
    '/': () => search.current?.focus(),
    '?': () => setHelpOpen(true),
  });
  return (
    <>
      <SectionTitle
        title="Review"
        purpose={counts.data ? sayCounts(counts.data) : 'What was learned, and what to decide'}
      >
        <button type="button" onClick={() => setHelpOpen(true)} className="keys-button">
          Keys <kbd>?</kbd>
        </button>
      </SectionTitle>
      <Controls
        filters={filters}
        onChange={setFilters}
        kinds={list.patterns.map(({ patternType }) => patternType)}
        searchRef={search}
      />
      <Shown list={list} stretch={stretch} filters={filters}>
        <Deck
          patterns={stretch.shown}
          onDialog={openDialog}
          onEnd={stretch.next ? stretch.goOn : null}
          handle={deck}
          isBusy={list.isProvisional}
        />
      </Shown>
      <PatternDialog open={dialog} onClose={() => setDialog(null)} />
      {isHelpOpen && (
        <Suspense>
          <HelpDialog onClose={() => setHelpOpen(false)} areKeysOn={areKeysOn} onKeys={setKeysOn} />
        </Suspense>
      )}
    </>
  );
}

/** In the address, so that the way back from a pattern leads to the same list. */
function setFilters(filters: Filters): void {
  const query = writeFilters(filters);
  goTo(query ? `/review?${query}` : '/review', { replace: true });
}

type ShownProps = { list: PatternList; stretch: Stretch; filters: Filters; children: React.ReactNode };

function Shown({ list, stretch, filters, children }: ShownProps) {
  const { isLoading, error, retry, isLoadingMore } = list;
  const { shown, before, next, goOn, goBack } = stretch;
  if (isLoading) return <Loading what="the patterns" />;
  return (
    <>
      {error && <Failure what="The patterns could not be loaded." error={error} retry={retry} />}
      <p className="muted small" role="status">
        {sayShown(list, stretch)}
      </p>
      {before > 0 && (
        <button type="button" className="more-button" onClick={goBack}>
          Show the patterns before these
        </button>
      )}
      {shown.length > 0 && children}
      {shown.length === 0 && before > 0 && <Loading what="more patterns" />}
      {shown.length === 0 && before === 0 && !error && <Nothing filters={filters} />}
      {next && (
        <button type="button" className="more-button" onClick={goOn} disabled={isLoadingMore}>
          {isLoadingMore ? 'Loading more…' : next === 'more' ? 'Load more' : 'Show the patterns after these'}
        </button>
      )}
    </>
  );
}

function sayShown({ isProvisional, error }: PatternList, { shown, before, next }: Stretch): string {
  const which = before > 0 ? `patterns ${before + 1} to ${before + shown.length}` : sayCount(shown.length, 'pattern');
  if (isProvisional) return `Showing ${which} of those loaded before${error ? '' : '; asking the server…'}`;
  return `Showing ${which}${next ? '; there are more' : ''}`;
}

function Nothing({ filters }: { filters: Filters }) {
  const config = useConfig();
  if (isFiltered(filters)) {
    return (
      <Empty title="No pattern fits.">
        <p>Try fewer words, another state or another kind.</p>
        <button type="button" onClick={() => setFilters(NO_FILTERS)}>
          Show all but retired
        </button>
      </Empty>
    );
  }
  return (
    <Empty title="Nothing has been learned yet.">
      {config.data?.values.enabled === false ? (
        <p>
          Learning is off: texts are stored, but nothing is learned from them. An admin switches it on under Safety;
          then the first answer of your staff becomes the first pattern.
        </p>
      ) : (
        <p>
          The first pattern appears here as soon as one of your staff answers a customer’s text in a whole sentence.
        </p>
      )}
    </Empty>
  );
}

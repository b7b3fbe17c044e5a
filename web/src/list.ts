/** The list of patterns with its search, filter and "more"; only the newest question's answer is ever drawn. */
import { ask, Refusal } from './api.js';
import { drawPattern } from './cards.js';
import type { Counts, PatternPage, Status } from './contract.js';
import { element } from './elements.js';
import type { Safety } from './safety.js';
import { sayCount, sayCounts } from './words.js';

const PAGE_SIZE = 100;
const TYPING_PAUSE_MS = 300;

const FILTERS: [value: Status | '', label: string][] = [
  ['', 'All but retired'],
  ['pending_review', 'Pending Review'],
  ['learning', 'Learning'],
  ['active', 'Active (shadow)'],
  ['retired', 'Retired'],
  ['all', 'All'],
];

export type ListOptions = {
  /** Ends every request of the list, at sign-out. */
  signal: AbortSignal;
  onRefusal: (refusal: Refusal) => void;
  /** What the banner knows at this moment. */
  readSafety: () => Pick<Safety, 'isLearning' | 'timeZone'>;
};

export type PatternList = { node: HTMLElement; reload: () => void };

export function makeList({ signal, onRefusal, readSafety }: ListOptions): PatternList {
  const search = element('input', { id: 'search', type: 'search', maxlength: '200', autocomplete: 'off' });
  const filter = element(
    'select',
    { id: 'filter' },
    ...FILTERS.map(([value, label]) => element('option', { value }, label)),
  );
  const form = element(
    'form',
    { role: 'search', class: 'controls' },
    element('div', {}, element('label', { for: 'search' }, 'Search'), search),
    element('div', {}, element('label', { for: 'filter' }, 'State'), filter),
  );
  const counts = element('p', { class: 'muted' });
  const status = element('p', { role: 'status' });
  const items = element('ul', { class: 'cards' });
  const more = element('button', { type: 'button' }, 'Show more');
  const node = element('section', { 'aria-labelledby': 'patterns' });
  node.append(element('h2', { id: 'patterns' }, 'Patterns'), counts, form, status, items, more);

  let current = new AbortController();
  let cursor: string | null = null;
  let seen = new Set<string>();
  let typing: ReturnType<typeof setTimeout> | undefined;

  async function load(isFirst: boolean): Promise<void> {
    clearTimeout(typing);
    current.abort();
    current = new AbortController();
    const mine = AbortSignal.any([current.signal, signal]);
    status.className = '';
    status.textContent = isFirst ? 'Loading patterns…' : 'Loading more…';
    items.setAttribute('aria-busy', 'true');
    more.disabled = true;
    try {
      const query = readQuery(isFirst);
      const { body } = await ask<PatternPage>(
        (api, given) => api.GET('/api/patterns', { params: { query }, signal: given }),
        mine,
      );
      if (!mine.aborted) draw(body, isFirst);
    } catch (error) {
      if (mine.aborted) return;
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 401) return onRefusal(error);
      drawRefusal(error, isFirst);
    }
    items.removeAttribute('aria-busy');
    more.disabled = false;
  }

  function readQuery(isFirst: boolean) {
    return {
      limit: PAGE_SIZE,
      ...(filter.value && { status: filter.value as Status }),
      ...(search.value.trim() && { q: search.value.trim() }),
      ...(!isFirst && cursor && { cursor }),
    };
  }

  function draw(page: PatternPage, isFirst: boolean): void {
    if (isFirst) {
      seen = new Set();
      items.replaceChildren();
    }
    const { timeZone } = readSafety();
    // A pattern that moved between two pages while they were fetched is shown once.
    const fresh = (page.patterns ?? []).filter(({ id }) => !id || (!seen.has(id) && seen.add(id)));
    const cards = fresh.map(pattern => element('li', {}, drawPattern(pattern, timeZone)));
    items.append(...cards);
    cursor = page.nextCursor ?? null;
    more.hidden = cursor === null;
    counts.textContent = sayCounts(page.counts);
    const shown = items.childElementCount;
    status.textContent = `Showing ${sayCount(shown, 'pattern')}${cursor ? '; there are more' : ''}`;
    if (shown === 0) items.append(element('li', { class: 'empty' }, ...drawEmpty(page.counts)));
    if (!isFirst) cards[0]?.querySelector<HTMLElement>('h3')?.focus();
  }

  function drawRefusal(refusal: Refusal, isFirst: boolean): void {
    if (isFirst) {
      items.replaceChildren();
      counts.textContent = '';
      more.hidden = true;
    }
    const again = element('button', { type: 'button' }, 'Try again');
    again.addEventListener('click', () => load(isFirst));
    status.className = 'error';
    status.replaceChildren(`The patterns could not be loaded. ${refusal.message} `, again);
  }

  function drawEmpty(known: Counts | null | undefined): HTMLElement[] {
    const all = [known?.learning, known?.pendingReview, known?.active, known?.retired];
    const isNothingLearned = all.every(count => count === 0);
    if (!isNothingLearned && (search.value.trim() || filter.value)) {
      const reset = element('button', { type: 'button' }, 'Show all but retired');
      reset.addEventListener('click', () => {
        form.reset();
        search.focus();
        load(true);
      });
      return [element('p', {}, 'No pattern fits this search. Try fewer words or another state.'), reset];
    }
    if (!isNothingLearned) return [element('p', {}, 'No pattern is in use. Choose “Retired” above to see the others.')];
    return [element('p', { class: 'headline' }, 'Nothing has been learned yet.'), element('p', {}, sayNextStep())];
  }

  function sayNextStep(): string {
    const { isLearning } = readSafety();
    if (isLearning === false) {
      return 'Learning is off: texts are stored, but nothing is learned from them. An admin switches it on with the setting “enabled”; then the first answer of your staff becomes the first pattern.';
    }
    const first = 'The first pattern appears here as soon as one of your staff answers a customer’s text.';
    return isLearning ? first : `${first} Whether learning is on is unknown; see the banner.`;
  }

  form.addEventListener('submit', event => {
    event.preventDefault();
    load(true);
  });
  filter.addEventListener('change', () => load(true));
  search.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(() => load(true), TYPING_PAUSE_MS);
  });
  signal.addEventListener('abort', () => clearTimeout(typing));
  more.addEventListener('click', () => load(false));
  more.hidden = true;
  return { node, reload: () => load(true) };
}

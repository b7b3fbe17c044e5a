/** How a local Quo answers: the envelopes and errors of both versions of Quo's API (quo-api.md §4), and cursors through a list. */

export type Answer = { status: number; body: unknown; headers?: Record<string, string> };
export type Version = '2026-03-30' | 'v1';

export const DOCS = 'https://www.quo.com/docs';

export const data = (value: unknown, status = 200): Answer => ({ status, body: { data: value } });

export function refuse(version: Version, status: number, title: string, message: string): Answer {
  const known = { title, message, docs: DOCS };
  return {
    status,
    body:
      version === 'v1'
        ? { ...known, code: `0${String(status).padStart(6, '0')}`, status }
        : { ...known, trace: 'local' },
  };
}

/**
 * One page of a list.
 * @param keyOf what a cursor remembers of the last item: what comes after it is the next page, also when newer ones were added
 */
export function page<T>(
  items: readonly T[],
  query: URLSearchParams,
  keyOf: (item: T) => string,
  version: Version,
): Answer {
  const [limitName, cursorName, most, usual] =
    version === 'v1' ? ['maxResults', 'pageToken', 100, 10] : ['limit', 'after', 50, 10];
  const limit = Number(query.get(limitName as string) ?? usual);
  if (!Number.isInteger(limit) || limit < 1 || limit > Number(most))
    return refuse(version, 400, 'Bad request', `${limitName} must be 1 to ${most}.`);
  const cursor = query.get(cursorName as string);
  const last = cursor === null ? null : Buffer.from(cursor, 'base64url').toString();
  const from = last === null ? 0 : items.findIndex(item => keyOf(item) === last) + 1;
  if (last !== null && from === 0)
    return refuse(version, 400, 'Bad request', `${cursorName} is no cursor of this list.`);
  const chosen = items.slice(from, from + limit);
  const hasMore = from + limit < items.length;
  const next = hasMore ? Buffer.from(keyOf(chosen.at(-1)!)).toString('base64url') : null;
  // v1's total is documented, and wrong.
  const body =
    version === 'v1'
      ? { data: chosen, totalItems: chosen.length, nextPageToken: next }
      : { data: chosen, nextCursor: next };
  return { status: 200, body };
}

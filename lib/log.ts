/** Structured logs by allow-list: codes, ids and numbers of known names. No text, number, token or message of an error gets in. */
import { AsyncLocalStorage } from 'node:async_hooks';

type Field = 'code' | 'name' | 'instance' | 'path' | 'method' | 'status' | 'ms' | 'count';

const SHORT_CODE = /^[A-Za-z0-9_./:-]{1,80}$/;

const requestId = new AsyncLocalStorage<string>();

/** Whatever `work` logs names this request. */
export function withRequestId<T>(id: string, work: () => Promise<T>): Promise<T> {
  return requestId.run(id, work);
}

/** Writes one JSON line; a value that is not a short code or a number is left out. */
export function logEvent(event: string, fields: Partial<Record<Field, string | number | null>> = {}): void {
  const safe = Object.entries(fields).filter(
    ([, value]) => typeof value === 'number' || (typeof value === 'string' && SHORT_CODE.test(value)),
  );
  const request = requestId.getStore();
  console.log(JSON.stringify({ event, ...(request && { request }), ...Object.fromEntries(safe) }));
}

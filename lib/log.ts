/** Structured logs by allow-list: codes, ids and numbers of known names. No text, number, token or message of an error gets in. */

type Field = 'code' | 'name' | 'instance' | 'path' | 'status' | 'ms' | 'count';

const SHORT_CODE = /^[A-Za-z0-9_./:-]{1,80}$/;

/** Writes one JSON line; a value that is not a short code or a number is left out. */
export function logEvent(event: string, fields: Partial<Record<Field, string | number | null>> = {}): void {
  const safe = Object.entries(fields).filter(
    ([, value]) => typeof value === 'number' || (typeof value === 'string' && SHORT_CODE.test(value)),
  );
  console.log(JSON.stringify({ event, ...Object.fromEntries(safe) }));
}

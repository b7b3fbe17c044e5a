/** A time of the business: always in its own time zone, whatever the reader's clock is set to. */
import { useTimeZone } from '../server/reading.js';
import { sayDate, sayTime } from '../words.js';

/** @param at ISO 8601 as the server sends it; null and undefined read "unknown" */
export function Moment({ at, isDate = false }: { at: string | null | undefined; isDate?: boolean }) {
  const timeZone = useTimeZone();
  const said = isDate ? sayDate(at, timeZone) : sayTime(at, timeZone);
  return at ? (
    <time dateTime={at} title={`${sayTime(at, timeZone)}, ${timeZone}`}>
      {said}
    </time>
  ) : (
    said
  );
}

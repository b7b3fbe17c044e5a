// The report in words that an owner understands. A rate never stands without its n, and is never rounded to all or nothing.
import type { Report, Savings } from './report.js';

/** A whole percentage: 100 % and 0 % only where it is all or none. `-` of nothing. */
export function sayShare(part: number, whole: number): string {
  if (whole === 0) return '-';
  const percent = Math.round((part / whole) * 100);
  if (percent === 100 && part < whole) return '99 %';
  return percent === 0 && part > 0 ? '1 %' : `${percent} %`;
}

export const sayCount = (n: number, one: string, many = `${one}s`) =>
  `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });

/** In UTC, as the files count. */
export const sayDay = (iso: string) => DAY.format(new Date(iso));

type Facts = Pick<
  Report,
  'patterns' | 'covered' | 'turns' | 'agreed' | 'judged' | 'disagreed' | 'testedFrom' | 'testedTo'
>;

export function saySentence({ patterns, covered, turns, agreed, judged, disagreed, ...facts }: Facts): string {
  const when = `from ${sayDay(facts.testedFrom)} to ${sayDay(facts.testedTo)}`;
  if (turns === 0) return `Staff answered no customer's text ${when}: there is nothing to test.`;
  if (patterns.length === 0)
    return `No pattern had evidence enough before ${sayDay(facts.testedFrom)}: none of the ${sayCount(turns, 'text')} ${when} would have been covered.`;
  const which = patterns.length === 1 ? 'This pattern' : `These ${patterns.length} patterns`;
  const share = `${sayShare(covered, turns)} of the texts ${when} (${covered} of ${turns})`;
  if (judged === 0) return `${which} would have covered ${share}; none of those can be judged.`;
  const rate = `${sayShare(agreed, judged)} agreement (${agreed} of ${judged} judged)`;
  const they = patterns.length === 1 ? 'it was' : 'they were';
  const wrong =
    disagreed === 0
      ? `and ${they} never wrong`
      : `and here ${disagreed === 1 ? `is the 1 time` : `are the ${disagreed} times`} ${they} wrong`;
  return `${which} would have covered ${share} at ${rate}, ${wrong}.`;
}

export function saySavings({ seconds, n, medianSeconds }: Savings): string {
  if (n === 0 || medianSeconds === null) return 'No time would have been saved.';
  return `About ${sayCount(Math.round(seconds / 60), 'minute')} saved: ${sayCount(n, 'turn')} × ${(medianSeconds / 60).toFixed(1)} minutes, the median time from the question to the answer.`;
}

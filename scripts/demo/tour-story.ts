// What happens in the three weeks of the tour besides texts: who does what when, on the days of the dialogues. Each act is
// there for a state of the page, and tour-list.ts says where that is seen.
import { momentMs } from './build-sample-line.js';
import type { Desk } from './tour-desk.js';

export type Act = { atMs: number; run: (desk: Desk) => Promise<unknown> };

const at = (day: number, time: string, run: Act['run']): Act => {
  const [hours, minutes] = time.split(':').map(Number) as [number, number];
  return { atMs: momentMs(day, hours * 60 + minutes), run };
};

export const HOURS = 'Monday to Friday, and 9am to 8pm at the weekend.';
export const PARKING = 'Parking is free behind the building';
export const WAIVER = 'Everyone needs a signed waiver';
export const LATE = 'no worries, drive safe';
export const NO_BOOKING = 'no booking needed, just turn up';
const QUIET = 'pretty quiet right now';
const ADDRESS = 'the blue roller door';

/** Renewed in the end; the others of the incident are not, and parking's approval expires. */
const KEPT = [HOURS, WAIVER, LATE, NO_BOOKING, ADDRESS];

/** In order; the first begins the tour. */
export const STORY: readonly Act[] = [
  at(1, '08:00', async desk => {
    await desk.hire();
    const values = { enabled: true, business_timezone: 'America/Chicago' };
    await desk.configure(values, 'Going live: watch and learn, nothing else.');
  }),
  at(5, '17:30', async desk => {
    const responseTemplate = `We're open 10am to 10pm ${HOURS}`;
    const triggerText = 'What are your opening hours?';
    await desk.edit('at the weekend', { triggerText, responseTemplate, notes: 'As it stands on the door.' });
    await desk.approve(HOURS, 'Read with Nora.');
    await desk.approve(PARKING, 'Read with Nora.');
  }),
  at(9, '18:40', async desk => {
    await desk.markExchange('charged twice', 'A payment: the answer depends on the case.');
    await desk.markThread('fell off the slab', 'An accident: nobody should answer this from a list.');
  }),
  at(11, '21:45', desk => desk.stopEverything('Rehearsal after closing: does the button do what it says?')),
  at(12, '08:15', async desk => {
    await desk.release('Rehearsed with Nora, all of it worked.');
    await desk.configure({ enabled: true }, 'On again after the rehearsal.');
    await desk.check('Nora');
    await desk.approve(HOURS, 'On again after the rehearsal.');
    await desk.merge('Lovely, pencilled in', "is free, I've pencilled you in", 'The same answer about a date.');
  }),
  at(13, '08:30', async desk => {
    await desk.retire('margherita and mushroom');
    await desk.retire('free guest passes');
  }),
  at(14, '09:30', desk => desk.restorePattern('free guest passes', 'Asked again, and still true.')),
  at(15, '17:00', async desk => {
    await desk.edit(ADDRESS, {
      responseTemplate:
        "We're at 48 Millrace Lane, the blue roller door next to the old bakery. Bus 14 stops at Tannery Road, two minutes' walk.",
    });
    for (const words of [WAIVER, LATE, NO_BOOKING, QUIET, ADDRESS]) await desk.approve(words, 'Read with Theo.');
  }),
  at(16, '13:30', desk => desk.plantExecution(LATE)),
  at(16, '15:30', async desk => {
    await desk.check('Ada');
    await desk.restoreNewest('A test script of the new booking tool wrote the row. It is gone.');
    await desk.release('The tool has lost its password; nothing was sent.');
    await desk.configure({ enabled: true }, 'On again after the incident.');
    await desk.check('Ada');
    await desk.configure({ activation_days: 3 }, 'Until we have looked again, an approval holds for three days.');
    for (const words of [...KEPT, PARKING]) await desk.approve(words, 'Approved again, for three days.');
  }),
  at(18, '09:00', desk => desk.edit('Membership is $68', { triggerText: 'What does a membership cost?' })),
  at(19, '09:00', async desk => {
    await desk.configure({ activation_days: 30 }, 'Three quiet days.');
    for (const words of KEPT) await desk.approve(words, 'Renewed.');
  }),
];

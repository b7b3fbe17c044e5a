// The plants: an execution that says so, one that does not say, a row in the queue, a text that nobody sent. Each must be
// found and undone: the first two in the transaction that brings them, the others by the next run of the watchdog.
import type { SQL } from 'drizzle-orm';
import { execute, writeBatch } from '../../db/client.js';
import { findViolations } from '../../db/watchdog.js';
import { runWatchdog } from '../../lib/watch.js';
import { RENDERING } from './line.js';
import { EXECUTED, executedPerhaps, queueRow, unattendedText } from './plants.js';
import type { Scene } from './rehearse.js';
import { count, describeRollback, findShortcomings, readState, type State, stateStatement } from './state.js';
import { timed } from './step.js';

const AT_ONCE =
  'stored, and in the same transaction: kill switch engaged, incident opened, every pattern off, the queue cancelled, learning off';
const BY_THE_RUN = 'the run engages the kill switch, opens an incident with this evidence and rolls everything back';

export const planted: Scene[] = [
  makeEvidenceScene('evidence', 'An execution that says it was automatic', () => EXECUTED),
  makeEvidenceScene('unclear evidence', 'An execution that does not say whether it was', executedPerhaps),
  makeRunScene('queue', 'A row waiting in the execution queue', 'queue', queueRow),
  makeRunScene('ground truth', 'A text that nobody sent and that says what a pattern says', 'ground_truth', () =>
    unattendedText(RENDERING),
  ),
];

/** What the plant needs, then the plant and what it left, read before its transaction ends. */
function makeEvidenceScene(id: string, title: string, plant: (active: string) => SQL): Scene {
  return {
    id,
    async play({ steps, beforePlanting }, { active: [active = ''] }) {
      // Two that wait, so that the rollback has a queue to cancel.
      const results = await writeBatch([queueRow(active), queueRow(active), stateStatement]);
      const before = results.at(-1)!.rows[0]!.result as State;
      await beforePlanting();
      await steps.take(id, `${title} is undone at once`, AT_ONCE, async () => {
        const { value: results, ms } = await timed(() => writeBatch([plant(active), stateStatement]));
        const after = results.at(-1)!.rows[0]!.result as State;
        const undone = findShortcomings(before, after);
        const shortcomings = undone.length === 0 ? [] : ['the row was stored, and in its transaction', ...undone];
        return { shortcomings: joinFirst(shortcomings), seen: describeRollback(after), ms };
      });
    },
  };
}

function makeRunScene(id: string, title: string, checkId: string, plant: (active: string) => SQL): Scene {
  return {
    id,
    async play({ steps, beforePlanting }, { active: [active = ''] }) {
      const before = await readState();
      await beforePlanting();
      await execute(plant(active));
      await steps.take(id, `${title} is detected`, `the check "${checkId}" names it`, async () => {
        const { value, ms } = await timed(() => findViolations());
        const keys = (value.violations as Record<string, string[] | null | undefined>)[checkId]?.length ?? 0;
        const shortcomings = keys === 0 ? [`the check "${checkId}" found nothing`] : [];
        return { shortcomings, seen: `${count(keys, 'row')} named`, ms };
      });
      await steps.take(id, `${title} is rolled back by the next run`, BY_THE_RUN, async () => {
        const { value: answer, ms } = await timed(runWatchdog);
        const after = await readState();
        const found = answer.checks.find(check => check.id === checkId)?.violations ?? 0;
        const shortcomings = [
          answer.status !== 'rolled_back' && `the run said ${answer.status}`,
          found === 0 && `its check "${checkId}" found nothing`,
          ...findShortcomings(before, after),
        ].filter(shortcoming => shortcoming !== false);
        return { shortcomings, seen: describeRollback(after), ms };
      });
    },
  };
}

/** One sentence of the first two: "the row was stored, and in its transaction the kill switch was not engaged". */
function joinFirst([head, first, ...others]: string[]): string[] {
  return head === undefined ? [] : [`${head} ${first ?? ''}`, ...others];
}

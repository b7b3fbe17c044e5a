// `npm run demo -- --tour`: the sample line as if it had come over three weeks, and what its owner did meanwhile, so that every
// state of the page is there to be seen. Only in the embedded database, whose clock it can move.
import { readFileSync } from 'node:fs';
import type { QuoListItem } from '../quo/encode.js';
import { callApi, requireSuccess } from '../server/api-call.js';
import type { Signer } from '../server/replay-messages.js';
import { replayMessages } from '../server/replay-messages.js';
import { buildSampleLine } from './build-sample-line.js';
import { moveClock } from './tour-clock.js';
import { openDesk } from './tour-desk.js';
import { refuseDelivery, STALE_EXCHANGE, sendRubbish } from './tour-odd-texts.js';
import { STORY } from './tour-story.js';

const DAY_MS = 86_400_000;
/** A text is delivered this long after it was written. */
const DELIVERY_MS = 1_500;
const DIALOGUES = new URL('./tour-dialogues.txt', import.meta.url);

export type Tour = { startMs: number; endMs: number; items: QuoListItem[]; shiftMs: number };

/** @param items the sample line @param nowMs the tour ends before it, by whole days, so that every text keeps its hour */
export function planTour(items: readonly QuoListItem[], nowMs: number): Tour {
  const all = [...items, ...buildSampleLine(readFileSync(DIALOGUES, 'utf8'))];
  const lastMs = Math.max(...all.map(item => Date.parse(item.createdAt)));
  const shiftMs = Math.floor((nowMs - lastMs) / DAY_MS) * DAY_MS;
  const shifted = all
    .map(item => ({ ...item, createdAt: new Date(Date.parse(item.createdAt) + shiftMs).toISOString() }))
    .sort((one, other) => (one.createdAt < other.createdAt ? -1 : 1));
  return { startMs: STORY[0]!.atMs + shiftMs, endMs: lastMs + shiftMs, items: shifted, shiftMs };
}

/** Lives through it: at each moment the clock stands there. It is left at the end of the tour. */
export async function playTour(
  { items, startMs, shiftMs }: Tour,
  { url, signer }: { url: string; signer: Signer },
  onProgress: (done: number, total: number) => void = () => {},
): Promise<{ deliveries: number; failed: number }> {
  const desk = await openDesk(url);
  const report = { deliveries: 0, failed: 0 };
  const send = async (item: QuoListItem) => {
    const { deliveries, statuses } = await replayMessages([item], { url, signer });
    report.deliveries += deliveries;
    report.failed += deliveries - (statuses['200'] ?? 0);
    onProgress(report.deliveries, items.length + STALE_EXCHANGE.length);
  };
  const [begin, ...acts] = STORY;
  moveClock(startMs);
  await begin!.run(desk);
  for (const item of STALE_EXCHANGE) await send({ ...item, createdAt: before(startMs, item.createdAt) });
  await refuseDelivery(url);
  await sendRubbish(url, signer);
  for (const item of items) {
    const atMs = Date.parse(item.createdAt);
    while (acts[0] && acts[0].atMs + shiftMs < atMs) {
      moveClock(acts[0].atMs + shiftMs);
      await runCron(url);
      await acts.shift()!.run(desk);
    }
    moveClock(atMs + DELIVERY_MS);
    await send(item);
  }
  return report;
}

/** As it would have every five minutes of those weeks. */
async function runCron(url: string): Promise<void> {
  const { CRON_SECRET: token } = process.env;
  requireSuccess(await callApi(url, '/api/cron/safety', { token }), url);
}

/** Of the stale exchange only the distances count. */
function before(startMs: number, text: string): string {
  return new Date(startMs - 100 * DAY_MS + Date.parse(text)).toISOString();
}

/**
 * Within one instance, work on the same thing takes turns: side by side it would only overtake itself in the database and
 * start again. The database alone decides who wins; this only spares the losers.
 */

/** Whoever waited this long goes ahead all the same. */
const LONGEST_WAIT_MS = 1_000;

const queues = new Map<string, Promise<void>>();

/** Runs `work` after whoever asked before with the same key, whether that succeeded or not. */
export async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
  const before = queues.get(key);
  let leave: () => void = () => undefined;
  const turn = new Promise<void>(resolve => {
    leave = resolve;
  });
  queues.set(key, turn);
  try {
    if (before) await waitFor(before);
    return await work();
  } finally {
    leave();
    if (queues.get(key) === turn) queues.delete(key);
  }
}

async function waitFor(turn: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>(resolve => {
    timer = setTimeout(resolve, LONGEST_WAIT_MS);
  });
  await Promise.race([turn, patience]);
  clearTimeout(timer);
}

/** A run of the watchdog after the answer: the function's own time ends it, and the next delivery that is due claims another. */
import { waitUntil } from '@vercel/functions';
import { outsideBudget } from '../db/client.js';
import { readFailure } from '../db/errors.js';
import { logEvent } from './log.js';

export function watchLater(): void {
  // Loaded when it is needed: one delivery in hundreds is asked to.
  const running = import('./watch.js').then(({ runWatchdog }) => outsideBudget(runWatchdog));
  waitUntil(running.catch(error => logEvent('inline_run_failed', { code: readFailure(error).code })));
}

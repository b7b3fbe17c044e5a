/** What people do about incidents: roll back now, look again, restore, release. What makes things safer an operator may do; only an admin undoes it, and nothing here switches anything on. */
import * as z from 'zod';
import { withinBudget } from '../db/client.js';
import { readFailure } from '../db/errors.js';
import { releaseKillSwitch, restoreIncident, type Settled, tripByHand } from '../db/incidents.js';
import { engageKillSwitch } from '../db/watchdog.js';
import type { Caller, Role } from './http/caller.js';
import { Problem } from './http/problem.js';
import { makeReason, reasonText } from './http/reason.js';
import { presentIncident, presentKillSwitch } from './incidents.js';
import { logEvent } from './log.js';
import { runWatchdog } from './watch.js';

export const incidentAct = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('rollback'), reason: reasonText }),
  z.strictObject({ action: z.literal('check') }),
  z.strictObject({ action: z.literal('restore'), incidentId: z.guid(), reason: reasonText }),
  z.strictObject({ action: z.literal('release'), reason: reasonText }),
]);

type IncidentAct = z.infer<typeof incidentAct>;

/** Both tries of the rollback, so that the answer comes before the platform ends the function. */
const ROLLBACK_BUDGET_MS = 9_000;
const ROLLBACK_GATE = { id: 'rollback', ok: false, measured: 'pending', required: 'done' };

export function roleForAct({ action }: IncidentAct): Role {
  return action === 'restore' || action === 'release' ? 'admin' : 'operator';
}

export async function actOnIncidents(act: IncidentAct, caller: Caller) {
  switch (act.action) {
    case 'rollback':
      return rollBackNow(act.reason, caller);
    case 'check':
      return runWatchdog();
    case 'restore':
      return restore(act.incidentId, act.reason, caller.actor);
    case 'release':
      return release(act.reason, caller.actor);
    default:
      return act satisfies never;
  }
}

/**
 * The kill switch first, in a commit of its own; then incident, snapshot and rollback. Again is harmless: it is recorded.
 * @throws Problem unavailable that says how far it came
 */
async function rollBackNow(text: string, caller: Caller) {
  await engageKillSwitch('manual', caller.actor).catch(error => {
    if (readFailure(error).kind !== 'unavailable') throw error;
    throw new Problem('unavailable', 'Whether the kill switch is engaged is not known: roll back again.');
  });
  const settled = await withinBudget(ROLLBACK_BUDGET_MS, async () => {
    // The second time without the reason: its table may be the one that is locked, and a rollback needs none.
    return (await tryTrip(caller, text)) ?? (await tryTrip(caller, undefined));
  });
  if (!settled)
    throw new Problem(
      'unavailable',
      'The kill switch is engaged, so nothing is in force and nothing is learned. The rollback is not complete: run a check now or roll back again; else the next run of the watchdog completes it.',
      { killSwitch: { engaged: true } },
    );
  const incident = presentIncident(settled.incident);
  return {
    status: incident.rollback === 'done' ? ('rolled_back' as const) : ('pending' as const),
    incidentId: incident.id,
    killSwitch: presentKillSwitch(settled.latch),
    incident,
  };
}

async function tryTrip(caller: Caller, text: string | undefined): Promise<Settled | null> {
  return tripByHand(caller, makeReason(text)).catch(error => {
    logEvent('rollback_failed', { code: readFailure(error).code });
    return null;
  });
}

/** @throws Problem not_found, or blocked while the rollback is pending */
async function restore(incidentId: string, text: string, actor: string) {
  const row = await restoreIncident(incidentId, actor, makeReason(text)!).catch(refuseWhilePending);
  const incident = presentIncident(row);
  return { status: 'restored' as const, incident, wereActive: incident.wereActive };
}

/** @throws Problem blocked while a rollback is pending, or one that the kill switch was engaged for never came */
async function release(text: string, actor: string) {
  const latch = await releaseKillSwitch(actor, makeReason(text)!).catch(refuseWhilePending);
  return { status: 'released' as const, killSwitch: presentKillSwitch(latch) };
}

/** These commands always bring their actor and reason: what the database still refuses them for is the rollback. */
function refuseWhilePending(error: unknown): never {
  const failure = readFailure(error);
  if (failure.kind !== 'refused' || failure.code !== 'V3G03') throw error;
  throw new Problem('blocked', 'A rollback is still pending: run a check now, which completes it.', {
    gates: [ROLLBACK_GATE],
  });
}

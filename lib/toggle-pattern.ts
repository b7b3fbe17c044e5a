/** Switching a pattern on and off. On is an admin's act on one exact version, and the database checks every gate in the transaction that does it; off is always possible. */
import * as z from 'zod';
import { type Gate, readFailure } from '../db/errors.js';
import { activatePattern, commandPattern } from '../db/pattern-commands.js';
import type { Caller } from './http/caller.js';
import { Problem } from './http/problem.js';
import { makeReason, reasonText } from './http/reason.js';
import { presentFound } from './read-pattern.js';
import { describeActivationGate } from './safety/gates.js';

const ENGAGED: Gate = { id: 'kill_switch', ok: false, measured: 'engaged', required: 'released' };

export const versionNumber = z.int().min(1).max(2_147_483_647);

export const toggleBody = z.strictObject({
  active: z.boolean(),
  expectedVersion: versionNumber,
  reason: reasonText.optional(),
});

/**
 * Activating an active pattern renews it; switching off what is off changes nothing.
 * @throws Problem not_found, conflict (another version), blocked with the gates
 */
export async function togglePattern(id: string, body: z.infer<typeof toggleBody>, caller: Caller) {
  const reason = makeReason(body.reason);
  if (!body.active) {
    const command = { patternId: id, action: 'deactivate' as const, expectedVersion: body.expectedVersion };
    return presentFound(await commandPattern(id, [command], null, caller.actor, reason));
  }
  const activated = await activatePattern(id, body.expectedVersion, caller.actor, reason).catch(error => {
    const failure = readFailure(error);
    // The kill switch may be engaged between the command's gates and the act itself: then the pattern's guard says no.
    if (failure.kind === 'refused' && failure.code === 'V3G04') throw nameRefusal([ENGAGED]);
    throw failure.kind === 'blocked' ? nameRefusal(failure.gates) : error;
  });
  return presentFound(activated);
}

function nameRefusal(gates: readonly Gate[]): Problem {
  const refusing = gates.filter(gate => !gate.ok);
  const measured = (id: string) => refusing.find(gate => gate.id === id)?.measured;
  if (measured('pattern') === 'absent') return new Problem('not_found');
  if (refusing.length === 1 && refusing[0]!.id === 'version')
    return new Problem('conflict', `It is at version ${measured('version')} now: read it again, and decide again.`);
  const described = gates.map(gate => ({ ...gate, detail: describeActivationGate(gate) }));
  const detail = refusing.map(describeActivationGate).join(' ') || 'The database refused the activation.';
  return new Problem('blocked', detail, { gates: described });
}

// After a rollback: nobody releases while one is pending, restore and release switch nothing on.
import { execute } from '../../db/client.js';
import { actOnIncidents } from '../../lib/act-on-incidents.js';
import { presentConfig, updateConfig } from '../../lib/change-config.js';
import { runWatchdog } from '../../lib/watch.js';
import { isSentence, listSwitchedOn, rollBack } from './by-hand.js';
import { ADMIN, REASON } from './line.js';
import { PENDING_INCIDENT } from './plants.js';
import type { Scene } from './rehearse.js';
import { count, readState } from './state.js';
import { findProblem, timed } from './step.js';

export const pending: Scene = {
  id: 'pending rollback',
  async play({ steps }) {
    await rollBack();
    await execute(PENDING_INCIDENT);
    await steps.take(
      this.id,
      'Release is refused while a rollback is pending',
      '409, and everything stays off',
      async () => {
        const problem = await findProblem(actOnIncidents({ action: 'release', reason: REASON }, ADMIN));
        const state = await readState();
        const shortcomings = [
          problem?.code !== 'blocked' && 'it was released',
          !state.isLatched && 'the kill switch is open',
        ];
        return {
          shortcomings: shortcomings.filter(isSentence),
          seen: `409 ${problem?.code}: ${problem?.detail ?? ''}`,
        };
      },
    );
    await steps.take(this.id, 'A check completes what is pending', 'no rollback is pending', async () => {
      const { value, ms } = await timed(runWatchdog);
      const { pending } = await readState();
      return {
        shortcomings: pending > 0 ? [`${pending} are still pending`] : [],
        seen: `the run said ${value.status}`,
        ms,
      };
    });
  },
};

export const undoing: Scene = {
  id: 'restore and release',
  async play({ steps }, { active }) {
    const minutes = (await presentConfig()).values.conversation_window_minutes as number;
    const incidentId = await rollBack();
    // A setting that is no matter of safety, changed since.
    await updateConfig(
      { values: { conversation_window_minutes: minutes === 90 ? 60 : 90 }, reason: REASON },
      ADMIN.actor,
    );
    const expected = 'nothing is switched on; what was active is listed; the other settings are given back';
    await steps.take(this.id, 'Restore switches nothing on', expected, async () => {
      const { value, ms } = await timed(() => actOnIncidents({ action: 'restore', incidentId, reason: REASON }, ADMIN));
      const state = await readState();
      const listed = ('wereActive' in value ? value.wereActive : []).map(pattern => pattern.id);
      const now = (await presentConfig()).values.conversation_window_minutes;
      const shortcomings = [
        ...listSwitchedOn(state),
        !state.isLatched && 'the kill switch was opened',
        active.some(id => !listed.includes(id)) && 'patterns that were active are missing in its list',
        now !== minutes && `conversation_window_minutes is ${now} and was ${minutes}`,
      ].filter(isSentence);
      return {
        shortcomings,
        seen: `${count(listed.length, 'pattern')} listed, none switched on, settings given back`,
        ms,
      };
    });
    await steps.take(
      this.id,
      'Release opens the kill switch and switches nothing on',
      'released; every pattern inactive',
      async () => {
        const { ms } = await timed(() => actOnIncidents({ action: 'release', reason: REASON }, ADMIN));
        const state = await readState();
        const shortcomings = [...listSwitchedOn(state), state.isLatched && 'the kill switch is still engaged'];
        return { shortcomings: shortcomings.filter(isSentence), seen: 'released; 0 patterns active, learning off', ms };
      },
    );
  },
};

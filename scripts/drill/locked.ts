// While another session holds every table: the kill switch waits for nothing, evidence is stored and latched, its rollback
// stays pending, nobody can release, and the next run completes it.
import { sql } from 'drizzle-orm';
import { execute, readResult } from '../../db/client.js';
import { engageKillSwitch } from '../../db/watchdog.js';
import { actOnIncidents } from '../../lib/act-on-incidents.js';
import { runWatchdog } from '../../lib/watch.js';
import { ADMIN, REASON } from './line.js';
import { EXECUTED } from './plants.js';
import type { Scene } from './rehearse.js';
import { describeRollback, findShortcomings, readState } from './state.js';
import { findProblem, timed } from './step.js';

/** What the latch and the evidence write themselves; what the rollback after them needs is held. */
const WRITTEN_AT_ONCE = [
  'kill_switch_latches',
  'pattern_execution_history',
  'incidents',
  'incident_evidence',
  'audit_log',
];
const LATCH_LIMIT_MS = 100;
const EVIDENCE_LIMIT_MS = 1_000;
const ID = 'locks';
const TITLES = {
  latch: 'The kill switch is engaged while every other table is held',
  evidence: 'Evidence is stored and latched while the tables of the rollback are held',
  release: 'Nobody can release while that rollback is pending',
  complete: 'The next run completes the rollback',
};

export const locked: Scene = {
  id: ID,
  async play({ steps, stage: { holder } }) {
    if ('missing' in holder) {
      for (const title of Object.values(TITLES)) steps.skip(ID, title, holder.missing);
      return;
    }
    const before = await readState();
    const tables = await holder.listTables();
    const last = await readLastLatch();
    await whileHeld(
      tables.filter(name => name !== 'kill_switch_latches'),
      async () => {
        await steps.take(ID, TITLES.latch, `engaged within ${LATCH_LIMIT_MS} ms`, async () => {
          const { ms } = await timed(() => engageKillSwitch('manual', ADMIN.actor));
          const isSlow = ms >= LATCH_LIMIT_MS;
          return { shortcomings: isSlow ? [`it took ${Math.round(ms)} ms`] : [], seen: 'engaged', ms };
        });
      },
    );
    await whileHeld(
      tables.filter(name => !WRITTEN_AT_ONCE.includes(name)),
      async () => {
        const expected = `stored within ${EVIDENCE_LIMIT_MS} ms, latched, its rollback pending`;
        await steps.take(ID, TITLES.evidence, expected, async () => {
          const { ms } = await timed(() => execute(EXECUTED));
          const seen = await readWhileHeld(last);
          const shortcomings = [
            ms >= EVIDENCE_LIMIT_MS && `it took ${Math.round(ms)} ms`,
            seen.latches < 2 && 'the evidence did not engage the kill switch',
            seen.pending.length !== 1 && `${seen.pending.length} incidents are pending`,
          ].filter(shortcoming => shortcoming !== false);
          return { shortcomings, seen: `latched, rollback pending (${seen.pending[0] ?? ''})`, ms };
        });
      },
    );
    await steps.take(ID, TITLES.release, 'refused with 409 and the gate "rollback"', async () => {
      const problem = await findProblem(actOnIncidents({ action: 'release', reason: REASON }, ADMIN));
      return { shortcomings: problem?.code === 'blocked' ? [] : ['it was released'], seen: '409 blocked' };
    });
    await steps.take(ID, TITLES.complete, 'everything off, nothing pending', async () => {
      const { ms } = await timed(runWatchdog);
      const after = await readState();
      return { shortcomings: findShortcomings(before, after), seen: describeRollback(after), ms };
    });

    async function whileHeld(names: string[], work: () => Promise<void>): Promise<void> {
      const giveBack = await (holder as Exclude<typeof holder, { missing: string }>).hold(names);
      try {
        await work();
      } finally {
        await giveBack();
      }
    }
  },
};

async function readLastLatch(): Promise<number> {
  return readResult<number>(sql`select coalesce(max(id), 0)::int as result from kill_switch_latches`);
}

/** Only of tables that are not held: another question would wait. */
async function readWhileHeld(afterLatch: number): Promise<{ latches: number; pending: (string | null)[] }> {
  return readResult(sql`select jsonb_build_object(
    'latches', (select count(*) from kill_switch_latches where id > ${afterLatch}),
    'pending', (select coalesce(jsonb_agg(pending_because), '[]') from incidents where rollback = 'pending')) as result`);
}

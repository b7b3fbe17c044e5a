// The drill itself, scene after scene. A scene that cannot begin has failed, and the next one is tried all the same.
import { killSwitch, planRollback, twice } from './by-hand.js';
import { activateSome, fillLine, fillLiveLine, type Line, PATTERN_COUNT, runOnce, settle } from './line.js';
import { locked } from './locked.js';
import { planted } from './planted.js';
import type { Stage } from './stage.js';
import { count, readState } from './state.js';
import { type Steps, timed, Unexpected } from './step.js';
import { pending, undoing } from './undoing.js';

export type Play = {
  stage: Stage;
  steps: Steps;
  /** Called when the line is ready and nothing is planted yet. Only tests give one: to break a guard. */
  beforePlanting(): Promise<void>;
};

export type Scene = {
  id: string;
  play(this: Scene, play: Play, line: Line): Promise<void>;
};

const SCENES: readonly Scene[] = [...planted, locked, killSwitch, twice, pending, undoing, planRollback];

export async function rehearse(play: Play): Promise<void> {
  const { stage, steps } = play;
  let ids: string[] = [];
  await playOne(play, 'line', () => watchFirst(play));
  if (stage.mode === 'live' && steps.list.some(step => step.result === 'FAIL')) {
    for (const { id } of SCENES)
      steps.skip(id, `The scene "${id}"`, 'the line is not as it should be: mend that first');
    return;
  }
  await playOne(play, 'line', async () => {
    ids = await openLine(play);
  });
  for (const scene of SCENES) {
    // Nothing to prepare for what can't be played here.
    if (scene === locked && 'missing' in stage.holder) await scene.play(play, { active: [], inactive: [] });
    else
      await playOne(play, scene.id, async () => {
        if (stage.mode === 'live') ids = await fillLiveLine();
        else await settle();
        if (ids.length < PATTERN_COUNT) throw new Unexpected('the line has no patterns');
        await scene.play(play, await activateSome(ids, stage.mode));
      });
  }
}

/** What throws outside a step is a step that failed. */
async function playOne({ stage, steps }: Play, id: string, work: () => Promise<void>): Promise<void> {
  await stage
    .playScene(work)
    .catch(error => steps.take(id, `The scene "${id}"`, 'it can be played', () => Promise.reject(error)));
}

async function watchFirst({ stage, steps }: Play): Promise<void> {
  await steps.take('line', 'Before the drill the watchdog finds nothing', 'a run says clean', async () => {
    const { value, ms } = await timed(() => runOnce(stage.mode));
    const found = value.checks.filter(check => check.violations > 0).map(check => check.id);
    const shortcomings =
      value.status === 'clean' ? [] : [`the run said ${value.status} (${found.join(', ') || 'nothing new'})`];
    return { shortcomings, seen: `clean, ${count(value.checks.length, 'check')}`, ms };
  });
}

async function openLine({ stage, steps }: Play): Promise<string[]> {
  let ids: string[] = [];
  if (stage.mode === 'scratch') await settle();
  const before = await readState();
  await steps.take(
    'line',
    'New patterns are inactive',
    `${PATTERN_COUNT} more patterns, none of them active`,
    async () => {
      ids = await (stage.mode === 'live' ? fillLiveLine() : fillLine());
      const { active, executable } = await readState();
      const shortcomings = active > before.active || executable > 0 ? ['a new pattern is active or executable'] : [];
      return {
        shortcomings,
        seen: `${count(ids.length, 'pattern')} inserted by raw SQL, ${active - before.active} active`,
      };
    },
  );
  const expected = 'in force: lease fresh, kill switch released, version named';
  await steps.take('line', 'An admin activates by the command', expected, async () => {
    const { value, ms } = await timed(() => activateSome(ids, stage.mode));
    const inForce = (await readState()).inForce - before.inForce;
    const wanted = value.active.length;
    const shortcomings = inForce === wanted ? [] : [`${inForce} of ${wanted} came in force`];
    return { shortcomings, seen: `${count(inForce, 'pattern')} in force`, ms };
  });
  return ids;
}

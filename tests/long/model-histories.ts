// Random histories of the small model: which command comes next is a function of the seed alone.
import { createRandom } from '../quo/random.js';
import { HOSTILE } from '../safety/hostile-statements.js';
import { type Command, HISTORY_COMMANDS, look, play, tick } from './model-commands.js';
import { LAW_BROKEN, PATTERNS } from './model-facts.js';
import type { World } from './model-world.js';

/** More often than the others: without these most of a history would be refused. */
const FREQUENT = HISTORY_COMMANDS.filter(({ name }) => /^(activate|an admin releases|what is pending)/.test(name));
const HOSTILE_SHARE = 4;

export type Step = Command & { after: string };

/** @returns the steps of a history, the same for the same seed */
export function makeHistory(seed: number, length: number): Step[] {
  const random = createRandom(seed);
  return Array.from({ length }, () => {
    const kind = random.pick(HOSTILE_SHARE * 4);
    const command =
      kind < HOSTILE_SHARE
        ? hostile(random.choose(HOSTILE), random.pick(2) === 0)
        : random.choose(kind < HOSTILE_SHARE * 2 ? FREQUENT : HISTORY_COMMANDS);
    return { after: `${1 + random.pick(20)} seconds`, ...command };
  });
}

function hostile(statement: string, isSwapped: boolean): Command {
  const [off, on] = isSwapped ? [PATTERNS.B, PATTERNS.A] : [PATTERNS.A, PATTERNS.B];
  const text = statement
    .replaceAll('$off', off)
    .replaceAll('$on', on)
    .replaceAll(`'$incident'`, '(select id from incidents order by opened_at limit 1)');
  return { name: `hostile: ${text}`, text: text.startsWith('begin') ? `${text}; commit` : text };
}

type Refusal = { code?: string };

export type Lived = { refused: number; states: string[]; broken: { step: number; laws: string[] } | null };

/** Every law after every step, also after one that was refused. It ends at the first that is broken. */
export async function live(world: World, steps: readonly Step[]): Promise<Lived> {
  let refused = 0;
  const states: string[] = [];
  for (const [index, step] of steps.entries()) {
    // A transaction's isolation is said before anything else is.
    const isOwnTransaction = step.text?.startsWith('begin') ?? false;
    if (isOwnTransaction) await world.script(tick(step.after));
    const seen = await play(world, step, isOwnTransaction ? '' : tick(step.after)).catch(async (error: Refusal) => {
      if (error.code === LAW_BROKEN || !/^[0-9A-Z]{5}$/.test(error.code ?? ''))
        throw new Error(`step ${index + 1}: ${step.name}`, { cause: error });
      refused++;
      // With what was refused, the time that had passed was taken back.
      return look(world, `rollback; ${isOwnTransaction ? '' : tick(step.after)}`);
    });
    // The system asks in sessions of its own, where there is no temporary table of somebody's.
    if (step.text?.includes(' temp table ')) await world.script('discard temp');
    states.push(seen.state);
    if (seen.broken.length > 0) return { refused, states, broken: { step: index + 1, laws: seen.broken } };
  }
  return { refused, states, broken: null };
}

/** What to print of a history that breaks a law: how to play it again, and what was done. */
export function tellHistory(
  seed: number,
  steps: readonly Step[],
  { step, laws }: { step: number; laws: string[] },
): string {
  const prefix = steps.slice(0, step).map(({ name, after }, index) => `  ${index + 1}. (after ${after}) ${name}`);
  return [`SEED=${seed} breaks at step ${step}: ${laws.join(' · ')}`, ...prefix].join('\n');
}

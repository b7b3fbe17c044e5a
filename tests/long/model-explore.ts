// Breadth first: the states of the small model, each by its shortest path, and what every command does in each of them. One
// transaction a state, one savepoint and one message a command: nothing is ever left behind.
import { type Command, look, MODEL_COMMANDS, play, type Seen, tick } from './model-commands.js';
import { LAW_BROKEN } from './model-facts.js';
import type { World } from './model-world.js';

export type Found = { state: string; path: readonly Command[] };
export type Transition = {
  from: Found;
  command: Command;
  to: string;
  outcome: string;
  closedGates?: string[];
  broken: string[];
};

type Refusal = { code?: string; detail?: string; message: string };

/** @param visit is told of each transition once. @returns the states, in the order in which they were found */
export async function explore(worlds: readonly World[], visit: (transition: Transition) => void): Promise<string[]> {
  const known = new Set<string>();
  let level: Found[] = [{ state: (await look(worlds[0]!)).state, path: [] }];
  known.add(level[0]!.state);
  while (level.length > 0) {
    const next: Found[] = [];
    const waiting = [...level];
    // In the order of the level, so that which path finds a state first does not depend on which session is quicker.
    const transitions = new Map<Found, Transition[]>();
    await Promise.all(
      worlds.map(async world => {
        for (let found = waiting.shift(); found; found = waiting.shift())
          transitions.set(found, await expand(world, found));
      }),
    );
    for (const found of level)
      for (const transition of transitions.get(found)!) {
        visit(transition);
        if (known.has(transition.to)) continue;
        known.add(transition.to);
        next.push({ state: transition.to, path: [...found.path, transition.command] });
      }
    level = next;
  }
  return [...known];
}

async function expand(world: World, found: Found): Promise<Transition[]> {
  await world.script('begin');
  try {
    let again: Seen = await look(world);
    for (const command of found.path) again = await play(world, command, tickBefore(command));
    // Else the savepoints below would stand on another state than the one that is told.
    if (again.state !== found.state) throw new Error(`the same path led to ${again.state}, not to ${found.state}`);
    const transitions: Transition[] = [];
    let undo = '';
    for (const command of MODEL_COMMANDS) {
      const before = `${undo}savepoint tried; ${tickBefore(command)}`;
      undo = 'rollback to tried; ';
      transitions.push({ from: found, command, ...(await attempt(world, found, command, before)) });
    }
    return transitions;
  } finally {
    await world.script('rollback');
  }
}

const tickBefore = ({ after = '1 second' }: Command) => tick(after);

async function attempt(
  world: World,
  found: Found,
  command: Command,
  before: string,
): Promise<Omit<Transition, 'from' | 'command'>> {
  try {
    const { state, ...seen } = await play(world, command, before);
    return { to: state, ...seen };
  } catch (error) {
    const { code = 'unknown', detail, message } = error as Refusal;
    if (!/^V3|^23|^22023/.test(code) || code === LAW_BROKEN)
      return { to: found.state, outcome: code, broken: [`${code} ${message}`] };
    // A refused statement is undone whole: the state is the one it came from.
    const gates = code === 'V3G01' && detail ? (JSON.parse(detail) as { id: string; ok: boolean }[]) : [];
    return {
      to: found.state,
      outcome: code,
      closedGates: gates.filter(gate => !gate.ok).map(gate => gate.id),
      broken: [],
    };
  }
}

// Takes down each step as it happens. A step that throws has failed, with a sentence; the drill goes on.
import { readFailure } from '../../db/errors.js';
import { Problem } from '../../lib/http/problem.js';
import { describeQuietly } from '../server/refusal.js';
import type { Step } from './report.js';

/** `shortcomings` are the sentences of what did not happen; none means that the step passed. */
export type Outcome = { shortcomings: string[]; seen: string; ms?: number };

export type Steps = {
  list: Step[];
  /** @returns whether it passed */
  take(scene: string, title: string, expected: string, work: () => Promise<Outcome>): Promise<boolean>;
  skip(scene: string, title: string, because: string): void;
};

export function makeSteps(say: (line: string) => void): Steps {
  const list: Step[] = [];
  const add = (step: Step) => {
    list.push(step);
    say(`${step.result} ${step.title}`);
  };
  return {
    list,
    async take(scene, title, expected, work) {
      const outcome = await work().catch((error): Outcome => {
        const why = describeError(error);
        return { shortcomings: [why], seen: why };
      });
      const { shortcomings, ms } = outcome;
      const result = shortcomings.length === 0 ? 'PASS' : 'FAIL';
      const seen = result === 'PASS' ? outcome.seen : `${shortcomings.map(startSentence).join('. ')}.`;
      add({ scene, title, expected, seen, ms: ms === undefined ? null : Math.round(ms * 10) / 10, result });
      return result === 'PASS';
    },
    skip: (scene, title, because) => add({ scene, title, expected: '', seen: because, ms: null, result: 'SKIPPED' }),
  };
}

/** The SQLSTATE of a statement that ran into its limit. */
const TOOK_TOO_LONG = '57014';

export async function timed<T>(act: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const startedMs = performance.now();
  const value = await act();
  return { value, ms: performance.now() - startedMs };
}

/** The problem that a use case answered with, or null where it went through. Anything else is thrown on. */
export async function findProblem(attempt: Promise<unknown>): Promise<Problem | null> {
  try {
    await attempt;
    return null;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

/** Without the messages of driver and ORM, which repeat parameters. */
export function describeError(error: unknown): string {
  if (error instanceof Problem) return `it was refused (${error.code}): ${error.detail ?? 'no reason given'}`;
  if (error instanceof Unexpected) return error.message;
  const failure = readFailure(error);
  if (failure.code === TOOK_TOO_LONG) return `it took longer than it may here, and was stopped (${TOOK_TOO_LONG})`;
  switch (failure.kind) {
    case 'unavailable':
      return `the database did not answer${failure.code ? ` (${failure.code})` : ''}: ${failure.detail}`;
    case 'fault':
      return `the drill itself failed: ${describeQuietly(error).split('\n').slice(0, 2).join(' ')}`;
    default:
      return `the database refused (${failure.code})`;
  }
}

/** What a scene needs and did not get, as a sentence. */
export class Unexpected extends Error {
  override name = 'Unexpected';
}

function startSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`.replace(/\.$/, '');
}

// One small attempt for each guard, named by what must be true: a script in a transaction of its own, and what has to hold at its
// end. The attempts themselves are in probes/.
import { ask, type Ids, MISTAKE } from './hostile-measure.js';
import type { Session } from './support.js';

export type Probe = {
  name: string;
  script: string;
  /** An SQL condition. Without one the script has to be refused. */
  holds?: string;
  /** It has to be accepted: evidence is never refused. Else a refusal is as good. */
  isAccepted?: true;
};

/** What the database has to refuse. */
export const refused = (name: string, script: string): Probe => ({ name, script });
/** What it has to accept, and what is true afterwards. */
export const accepted = (name: string, script: string, holds: string): Probe => ({
  name,
  script,
  holds,
  isAccepted: true,
});
/** What it may refuse or accept, as long as this is true afterwards. */
export const harmless = (name: string, script: string, holds: string): Probe => ({ name, script, holds });

export const AS_IT_SHOULD = 'as it should be';
/** Also a value that is none of its type. */
const MISTAKE_OF_PROBE = new RegExp(`${MISTAKE.source}|^22P02$`);

/** @returns AS_IT_SHOULD, or what came instead */
export async function probe(db: Session, ids: Ids, { script, holds, isAccepted }: Probe): Promise<string> {
  const outcome = await ask(db, ids, script, holds ? `coalesce((${holds}), false)` : 'false');
  if ('answer' in outcome) {
    if (outcome.answer === 'true') return AS_IT_SHOULD;
    return holds ? 'it does not hold' : 'it was not refused';
  }
  if (MISTAKE_OF_PROBE.test(outcome.refused)) return `a mistake of the probe: ${outcome.refused}`;
  return isAccepted ? `it was refused: ${outcome.refused}` : AS_IT_SHOULD;
}

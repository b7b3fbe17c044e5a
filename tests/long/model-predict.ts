// What each command must make of each state of the small model, said a second time and without a database: from safety.md alone.
// More than one answer stands only where the state as it is told does not say which.
import type { Transition } from './model-explore.js';

const PATTERN_STATES = ['off', 'edited', 'active', 'expired', 'retired'] as const;
type Pattern = (typeof PATTERN_STATES)[number];
type Incident = 'none' | 'open' | 'pending';
type State = {
  a: Pattern;
  b: Pattern;
  learning: 'learning' | 'not_learning';
  threshold: 'default' | 'stricter';
  latch: 'released' | 'engaged';
  lease: 'fresh' | 'stale';
  incident: Incident;
};

const tell = (state: State) => Object.values(state).join(' ');

function read(text: string): State {
  const [a, b, learning, threshold, latch, lease, incident] = text.split(' ');
  return { a, b, learning, threshold, latch, lease, incident } as State;
}

const isOn = (pattern: Pattern) => pattern === 'active' || pattern === 'expired';
const isAnyOn = ({ a, b }: State) => isOn(a) || isOn(b);

/** All of them but what a finished rollback rules out: behind it nothing is on, and it is released only together with its incident. */
export function listReachable(): string[] {
  const states: State[] = [];
  for (const a of PATTERN_STATES)
    for (const b of PATTERN_STATES)
      for (const learning of ['learning', 'not_learning'] as const)
        for (const threshold of ['default', 'stricter'] as const)
          for (const latch of ['released', 'engaged'] as const)
            for (const lease of ['fresh', 'stale'] as const)
              for (const incident of ['none', 'open', 'pending'] as const)
                states.push({ a, b, learning, threshold, latch, lease, incident });
  return states.filter(state => state.incident !== 'open' || (state.latch === 'engaged' && !isAnyOn(state))).map(tell);
}

/** Refusals by their code, the closed gates of an activation after it; `done`; or how a run of the watchdog ends. */
type Prediction = { outcome: string[]; to: State[] };

const done = (...to: State[]): Prediction => ({ outcome: ['done'], to });
const refused = (state: State, code: string): Prediction => ({ outcome: [code], to: [state] });

/** What is on falls back to what it was before: untouched or edited, which the state does not tell. */
function switchOff(state: State): State[] {
  const back = (pattern: Pattern): Pattern[] => (isOn(pattern) ? ['off', 'edited'] : [pattern]);
  return back(state.a).flatMap(a => back(state.b).map(b => ({ ...state, a, b })));
}

function rollBack(state: State, incident: Incident): State[] {
  return switchOff({ ...state, learning: 'not_learning', latch: 'engaged', incident });
}

/** A rollback of its own; one that was pending before still is. */
const trip = (state: State) => done(...rollBack(state, state.incident === 'pending' ? 'pending' : 'open'));

function activate(state: State, name: 'a' | 'b'): Prediction {
  const closed = [
    ...(state[name] === 'retired' ? ['pattern'] : []),
    ...(state.latch === 'engaged' ? ['kill_switch'] : []),
    ...(state.lease === 'stale' ? ['watchdog_lease'] : []),
  ];
  return closed.length > 0
    ? refused(state, `V3G01 ${closed.join(' ')}`)
    : done({ ...state, [name]: 'active' satisfies Pattern });
}

function ofPattern(state: State, act: string, name: 'a' | 'b'): Prediction | undefined {
  const become = (...patterns: Pattern[]) => done(...patterns.map(pattern => ({ ...state, [name]: pattern })));
  const isRetired = state[name] === 'retired';
  switch (act) {
    case 'activate':
      return activate(state, name);
    case 'deactivate':
      return isOn(state[name]) ? become('off', 'edited') : done(state);
    case 'edit':
      return become(isRetired ? 'retired' : 'edited');
    case 'retire':
      return become('retired');
    case 'restore':
      return isRetired ? become('off', 'edited') : done(state);
    case 'on by raw SQL':
      return isOn(state[name]) ? done(state) : refused(state, 'V3G04');
    default:
      return undefined;
  }
}

function release(state: State): Prediction {
  if (state.incident === 'pending' || (state.latch === 'engaged' && isAnyOn(state))) return refused(state, 'V3G03');
  return done({ ...state, latch: 'released', incident: 'none' });
}

/** The last incident need not be the one that is pending, or open: the state tells of any. */
function restore(state: State): Prediction {
  if (state.incident === 'pending') return { outcome: ['V3G03', 'done'], to: [state] };
  return done(state, { ...state, incident: 'none' });
}

function runWatchdog(state: State): Prediction {
  const { latch, learning, incident } = state;
  const rolledBack = { outcome: ['rolled_back'], to: rollBack(state, 'open') };
  if (incident === 'pending' || (latch === 'engaged' && isAnyOn(state))) return rolledBack;
  if (latch === 'released') {
    const fallBack = (pattern: Pattern): Pattern[] => (pattern === 'expired' ? ['off', 'edited'] : [pattern]);
    const to = fallBack(state.a).flatMap(a =>
      fallBack(state.b).map(b => ({ ...state, a, b, lease: 'fresh' as const })),
    );
    return { outcome: ['clean'], to };
  }
  // A kill switch that nothing followed is answered; learning that somebody switched on behind a rollback may stay.
  if (learning === 'learning' && incident === 'none')
    return { outcome: ['latched', 'rolled_back'], to: [state, ...rolledBack.to] };
  return { outcome: ['latched'], to: [state] };
}

/** @throws where this says nothing of the command: every one is judged */
export function predict(state: State, command: string): Prediction {
  const [, act, name] = command.match(/^(activate|deactivate|edit|retire|restore) ([AB])$/) ?? [];
  const [, raw] = command.match(/^([AB]) on by raw SQL$/) ?? [];
  const letter = (name ?? raw)?.toLowerCase() as 'a' | 'b' | undefined;
  const one = letter && ofPattern(state, act ?? 'on by raw SQL', letter);
  if (one) return one;
  switch (command) {
    case 'the plan enables learning':
      return done({ ...state, learning: 'learning' });
    case 'the plan disables learning':
      return done({ ...state, learning: 'not_learning' });
    case 'the plan deactivates all':
      return done(...switchOff(state));
    case 'raw SQL tightens a setting':
      return done({ ...state, threshold: 'stricter' });
    case 'raw SQL loosens a setting':
    case 'an admin loosens a setting without one':
      return state.threshold === 'stricter' ? refused(state, 'V3G02') : done(state);
    case 'an admin loosens a setting with a reason':
      return done({ ...state, threshold: 'default' });
    case 'somebody engages the kill switch, and nothing follows':
      return done({ ...state, latch: 'engaged' });
    case 'somebody rolls back, twice':
    case 'evidence of an execution':
      return trip(state);
    case 'a trip whose locks do not come in time':
      return done({ ...state, latch: 'engaged', incident: 'pending' });
    case 'somebody plants an incident':
      return done({ ...state, incident: 'pending' });
    case 'somebody closes the incidents by raw SQL':
      return state.incident === 'open' ? refused(state, 'V3A01') : done(state);
    case 'somebody says by raw SQL that the rollbacks are done':
      return state.incident === 'pending' ? refused(state, 'V3A01') : done(state);
    case 'what is pending is rolled back':
      return state.incident === 'pending' ? done(...rollBack(state, 'open')) : done(state);
    case 'an admin restores the last incident':
      return restore(state);
    case 'an admin releases':
      return release(state);
    case 'somebody releases without a reason':
      return refused(state, 'V3G03');
    case 'a foreign writer makes everything execute':
      return refused(state, '23514');
    case 'a foreign writer deletes the evidence':
      return refused(state, 'V3A01');
    case 'somebody renews the lease by raw SQL':
      return refused(state, 'V3G04');
    case 'somebody writes a clean run of his own':
      return done({ ...state, lease: 'fresh' });
    case 'a run of the watchdog':
      return runWatchdog(state);
    case 'an hour passes':
      return done({ ...state, lease: 'stale' });
    case 'a month passes': {
      const later = (pattern: Pattern): Pattern => (pattern === 'active' ? 'expired' : pattern);
      return done({ ...state, lease: 'stale', a: later(state.a), b: later(state.b) });
    }
    case 'the plan clears the queue':
    case 'an execution that a person approved':
    case 'a foreign writer leaves a queue row waiting':
      return done(state);
    default:
      throw new Error(`nothing is said of "${command}"`);
  }
}

/** @returns what surprises; null where all is as it must be */
export function judge({ from, command, to, outcome, closedGates = [] }: Transition): string | null {
  const state = read(from.state);
  const wanted = predict(state, command.name);
  const was = [outcome, ...closedGates].join(' ');
  const states = wanted.to.map(tell);
  if (wanted.outcome.includes(was) && states.includes(to)) return null;
  return `wanted ${wanted.outcome.join(' or ')} to ${states.join(' or ')}; was ${was}`;
}

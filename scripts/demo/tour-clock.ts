// The tour lives three weeks in a minute: it moves this process's clock, and the embedded database reads its time from there.
// The law: nothing of the database is replaced for it, so every guard stays on; a database of its own process keeps its own time.

const RealDate = Date;
let offsetMs = 0;
let isMovable = false;

/** From now on it is this moment here, and time goes on from there. */
export function moveClock(toMs: number): void {
  makeMovable();
  offsetMs = toMs - RealDate.now();
}

/** Back to what the machine says. */
export function restoreClock(): void {
  offsetMs = 0;
}

/** What the machine says, wherever the clock stands. */
export function machineNowMs(): number {
  return RealDate.now();
}

function makeMovable(): void {
  if (isMovable) return;
  isMovable = true;
  const now = () => RealDate.now() + offsetMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, values, asked) =>
      values.length === 0 ? new target(now()) : Reflect.construct(target, values, asked === Date ? target : asked),
    apply: () => new RealDate(now()).toString(),
    get: (target, key, self) => (key === 'now' ? now : Reflect.get(target, key, self)),
  });
}

// Progress on standard error: a bar on a terminal, nothing where nobody watches.

const WIDTH = 30;
/** Often enough to look alive, seldom enough to cost nothing. */
const REDRAW_MS = 100;

/** Returns what to call with each step; the last one ends the line. */
export function makeProgressBar(label: string, stream: NodeJS.WriteStream = process.stderr) {
  let drawnAt = 0;
  return (done: number, total: number): void => {
    if (!stream.isTTY || (done < total && Date.now() - drawnAt < REDRAW_MS)) return;
    drawnAt = Date.now();
    const filled = Math.round((done / total) * WIDTH);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`;
    stream.write(`\r${label} ${bar} ${done}/${total}${done === total ? '\n' : ''}`);
  };
}

// How a script says that it cannot go on: one clear sentence on standard error and exit code 1, never a stack trace.

/** An expected end with a sentence for the person at the terminal. */
export class Refusal extends Error {
  override name = 'Refusal';
}

/**
 * Runs a script's main function; a Refusal becomes its sentence, anything else is a fault of ours and shows where.
 * @param usage what `--help` prints instead
 */
export function runScript(main: () => Promise<void>, usage?: string): void {
  if (usage !== undefined && process.argv.slice(2).some(word => word === '--help' || word === '-h')) {
    console.log(usage);
    return;
  }
  main().catch(error => {
    console.error(describeError(error));
    process.exit(1);
  });
}

function describeError(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  if (!(error instanceof Error)) return String(error);
  if (!isFromDatabase(error)) return error.stack ?? String(error);
  const { code, message } = error as NodeJS.ErrnoException;
  // Class 42 is about the statement's own words, a migration's say.
  return code?.startsWith('42') ? `${message}\n${describeQuietly(error)}` : describeQuietly(error);
}

/** The kind of error and where, without its message. */
export function describeQuietly(error: unknown): string {
  const { name, code, stack, cause }: NodeJS.ErrnoException = error instanceof Error ? error : new Error();
  const shownCode = code ?? (cause as NodeJS.ErrnoException | undefined)?.code;
  const frames = (stack ?? '').split('\n').filter(line => /^\s+at /.test(line));
  return [`${name}${shownCode ? ` ${shownCode}` : ''}`, ...frames.slice(0, 6)].join('\n');
}

/** Drizzle's message and a database's details repeat the parameters, and those are customers' texts. */
function isFromDatabase(error: Error): boolean {
  return error.name === 'NeonDbError' || 'params' in error || error.cause !== undefined;
}

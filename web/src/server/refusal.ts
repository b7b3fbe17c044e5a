/** What the page knows of a call that failed: the server's own words, so that nobody is told less than the server said. */
import type { Gate, Problem } from '../contract.js';

/** A refusal or a failure, with a `message` made for people. `status` is 0 where no answer came. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly status: number;
  /** The stable code of the contract; null where the answer was no problem of this server's. */
  readonly code: Problem['code'] | null;
  readonly title: string | null;
  readonly detail: string | null;
  /** The gates that were checked, where a gate refused. */
  readonly gates: readonly Gate[];
  /** What is wrong with which field: `pointer` is a JSON pointer such as `#/reason`. */
  readonly errors: readonly { pointer: string; detail: string }[];
  /** By this a person finds the failure in the server's log. */
  readonly instance: string | null;

  constructor(status: number, message: string, problem: Partial<Problem> = {}) {
    super(message);
    this.status = status;
    this.code = problem.code ?? null;
    this.title = problem.title ?? null;
    this.detail = problem.detail ?? null;
    this.gates = problem.gates ?? [];
    this.errors = problem.errors ?? [];
    this.instance = problem.instance ?? null;
  }
}

/** @param body what came with it: a problem of RFC 9457, or anything at all where something stands before the server */
export function readRefusal(response: Response, body: unknown): Refusal {
  const problem = readProblem(body);
  const said = [problem.detail, problem.title].find(text => text !== undefined && text !== '');
  const wait = Number(response.headers.get('retry-after'));
  const again = wait > 0 ? ` Try again in ${wait} seconds.` : '';
  const instance = problem.instance ? ` (for the log: ${problem.instance})` : '';
  const sentence = said ? endSentence(said) : `The server refused with status ${response.status}.`;
  return new Refusal(response.status, `${sentence}${again}${instance}`, problem);
}

/** Only what has the shape that the contract names is taken over. */
function readProblem(body: unknown): Partial<Problem> {
  if (typeof body !== 'object' || body === null) return {};
  const { code, title, detail, gates, errors, instance } = body as Record<string, unknown>;
  return {
    ...(typeof code === 'string' && { code: code as Problem['code'] }),
    ...(typeof title === 'string' && { title }),
    ...(typeof detail === 'string' && { detail }),
    ...(typeof instance === 'string' && { instance }),
    ...(Array.isArray(gates) && { gates: gates as Gate[] }),
    ...(Array.isArray(errors) && { errors: errors as { pointer: string; detail: string }[] }),
  };
}

function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

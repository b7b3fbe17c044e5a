/** Calls of the endpoints as a browser or a cron makes them, and an ear for what is written to the log meanwhile. */
import { vi } from 'vitest';

export type Answer = {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into, not typed
  body: any;
  text: string;
  headers: Headers;
};
type Handler = (request: Request) => Promise<Response>;

export async function call(
  handler: Handler,
  path: string,
  options: {
    method?: string;
    token?: string | null;
    body?: unknown;
    rawBody?: string;
    headers?: Record<string, string>;
  } = {},
): Promise<Answer> {
  const { token = process.env.ADMIN_TOKEN ?? null, body, rawBody } = options;
  const response = await handler(
    new Request(`http://localhost${path}`, {
      method: options.method ?? (body === undefined && rawBody === undefined ? 'GET' : 'PATCH'),
      headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...options.headers },
      body: rawBody ?? (body === undefined ? undefined : JSON.stringify(body)),
    }),
  );
  const text = await response.text();
  return { status: response.status, body: readBody(text), text, headers: response.headers };
}

function readBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Everything that this process logs from now on. */
export function listenToLog(): { text(): string; stop(): void } {
  const lines: string[] = [];
  const ears = (['log', 'error', 'warn', 'info', 'debug'] as const).map(level =>
    vi.spyOn(console, level).mockImplementation((...parts) => {
      lines.push(parts.map(part => (part instanceof Error ? `${part.stack} ${part.cause}` : String(part))).join(' '));
    }),
  );
  return {
    text: () => lines.join('\n'),
    stop: () => {
      for (const ear of ears) ear.mockRestore();
    },
  };
}

// Between Node's sockets and the web's Request and Response. Its law: whatever a client sends or stops sending, the
// socket ends in a sane state and nothing is thrown.
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a sender may still push after it has been answered, so that it gets to read the answer; then it is cut off. */
const DRAIN_LIMIT_BYTES = 16 * 1024 * 1024;
const DRAIN_LIMIT_MS = 5_000;

/** The full address of a request, or undefined for one that cannot be made sense of. */
export function parseAddress(message: IncomingMessage): URL | undefined {
  const host = message.headers.host ?? 'localhost';
  // Joined as texts: against a base, `//elsewhere/path` would be read as another host.
  if (!message.url?.startsWith('/') || !/^[\w.:[\]-]+$/.test(host)) return undefined;
  try {
    return new URL(`http://${host}${message.url}`);
  } catch {
    return undefined;
  }
}

/** Throws when the headers or the method are not ones that the web's Request can carry. */
export function toRequest(message: IncomingMessage, response: ServerResponse, address: URL): Request {
  const headers = new Headers();
  for (let index = 0; index < message.rawHeaders.length; index += 2)
    headers.append(message.rawHeaders[index]!, message.rawHeaders[index + 1]!);
  // The platform writes these itself, whatever the client claims.
  const client = (message.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  headers.set('x-forwarded-for', client);
  headers.set('x-real-ip', client);
  headers.set('x-forwarded-proto', 'http');
  headers.set('x-forwarded-host', address.host);

  const abort = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) abort.abort();
  });
  const method = message.method ?? 'GET';
  const mayHaveBody = method !== 'GET' && method !== 'HEAD';
  return new Request(address, {
    method,
    headers,
    signal: abort.signal,
    ...(mayHaveBody && { body: toStream(message), duplex: 'half' }),
  });
}

function toStream(message: IncomingMessage): ReadableStream<Uint8Array> {
  let isOver = false;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const end = (finish: () => void) => () => {
          if (isOver) return;
          isOver = true;
          finish();
        };
        message.on('data', (chunk: Buffer) => {
          if (isOver) return;
          controller.enqueue(new Uint8Array(chunk));
          if ((controller.desiredSize ?? 0) <= 0) message.pause();
        });
        message.once(
          'end',
          end(() => controller.close()),
        );
        message.once(
          'error',
          end(() => controller.error(new Error('the sender broke off'))),
        );
        message.once(
          'close',
          end(() => controller.error(new Error('the sender broke off'))),
        );
      },
      pull() {
        message.resume();
      },
      cancel() {
        isOver = true;
      },
    },
    { highWaterMark: 256 * 1024, size: chunk => chunk?.byteLength ?? 0 },
  );
}

/** Writes the answer and then takes what the sender still had to say. */
export async function writeResponse(
  answer: Response,
  message: IncomingMessage,
  response: ServerResponse,
  extraHeaders: [string, string][],
): Promise<void> {
  if (response.destroyed) {
    await answer.body?.cancel();
    return;
  }
  response.statusCode = answer.status;
  for (const [name, value] of extraHeaders) response.setHeader(name, value);
  for (const [name, value] of answer.headers) if (name !== 'set-cookie') response.setHeader(name, value);
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  const hasBody = message.method !== 'HEAD' && answer.status !== 204 && answer.status !== 304;
  if (!answer.body || !hasBody) {
    response.end();
  } else {
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      if (response.destroyed) break;
      if (!response.write(chunk)) await new Promise(resolve => response.once('drain', resolve).once('close', resolve));
    }
    response.end();
  }
  if (!message.complete) drain(message);
}

function drain(message: IncomingMessage): void {
  // The body's own reader would stop the flow once its buffer is full, for nobody takes from it any more.
  message.removeAllListeners('data');
  let received = 0;
  const cutOff = () => message.destroy();
  const timer = setTimeout(cutOff, DRAIN_LIMIT_MS);
  message.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > DRAIN_LIMIT_BYTES) cutOff();
  });
  message.once('close', () => clearTimeout(timer));
  message.once('end', () => clearTimeout(timer));
  message.on('error', () => {});
  message.resume();
}

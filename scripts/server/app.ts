// One request in, one answer out, as Vercel would give it: a function under /api, else a file of the page.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { parseAddress, toRequest, writeResponse } from './node-web.js';
import { describeQuietly } from './refusal.js';
import { findRoute, type Route } from './routes.js';
import { serveFile } from './static-files.js';

export type App = {
  /** Answers a request made in this process, a cron's say. Never rejects. */
  fetch(request: Request): Promise<Response>;
  listener: RequestListener;
  /** Resolves when nothing is being answered and nothing that a function left to run afterwards is running. */
  settle(): Promise<void>;
};

type Parts = {
  routes: Route[];
  publicDir: string;
  findHeaders(pathname: string): [string, string][];
  /** What stands in the page's place when there is none. */
  missingPage?: string;
  log(line: string): void;
};

export function makeApp({ routes, publicDir, findHeaders, missingPage, log }: Parts): App {
  const running = new Set<Promise<unknown>>();
  const track = <T>(promise: Promise<T>): Promise<T> => {
    running.add(promise);
    const forget = () => void running.delete(promise);
    promise.then(forget, forget);
    return promise;
  };
  provideWaitUntil(promise => void track(promise.catch(error => log(`background_failed ${describeQuietly(error)}`))));

  async function answer(request: Request): Promise<Response> {
    try {
      const { pathname } = new URL(request.url);
      if (pathname !== '/api' && !pathname.startsWith('/api/')) {
        const file = await serveFile(publicDir, request, pathname);
        if (file) return file;
        if (pathname === '/' && missingPage) return new Response(`${missingPage}\n`, { status: 503 });
        return new Response('There is nothing here.\n', { status: 404 });
      }
      const found = findRoute(routes, pathname);
      if (!found) return problem(404, 'not_found', 'There is nothing here.');
      const handler = Object.hasOwn(found.route.handlers, request.method) && found.route.handlers[request.method];
      if (!handler) return new Response(null, { status: 405 });
      const response = await handler(addQuery(request, found.query));
      if (!(response instanceof Response)) throw new TypeError('a handler must return a Response');
      return response;
    } catch (error) {
      const instance = randomUUID();
      log(`handler_failed ${instance} ${describeQuietly(error)}`);
      return problem(500, 'internal', 'Something went wrong.', instance);
    }
  }

  async function listen(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = parseAddress(message);
    let answered: Response;
    try {
      answered = address
        ? await answer(toRequest(message, response, address))
        : problem(400, 'malformed', 'The address cannot be read.');
    } catch {
      // The web's Request refuses some methods and headers that Node's parser lets through.
      answered = problem(400, 'malformed', 'The request cannot be read.');
    }
    await writeResponse(answered, message, response, findHeaders(address?.pathname ?? '/'));
  }

  return {
    fetch: request => track(answer(request)),
    listener: (message, response) => {
      track(listen(message, response)).catch(error => {
        log(`answer_failed ${describeQuietly(error)}`);
        response.destroy();
      });
    },
    async settle() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}

/** As the platform does it: after the client's own query, where a client's `?id=` therefore wins. */
function addQuery(request: Request, query: [string, string][]): Request {
  if (query.length === 0) return request;
  const added = query.map(([name, value]) => `${name}=${value}`).join('&');
  const url = `${request.url}${request.url.includes('?') ? '&' : '?'}${added}`;
  return new Request(url, request);
}

/** Where @vercel/functions looks for `waitUntil`; without it work after the answer would run on unwatched. */
function provideWaitUntil(waitUntil: (promise: Promise<unknown>) => void): void {
  Object.assign(globalThis, { [Symbol.for('@vercel/request-context')]: { get: () => ({ waitUntil }) } });
}

function problem(status: number, code: string, title: string, instance?: string): Response {
  const body = { type: 'about:blank', title, status, code, ...(instance && { instance }) };
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json' } });
}

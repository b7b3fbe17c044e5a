// Which file under api/ answers a path, as Vercel maps them: `index` is its folder, `[id]` is one segment of anything.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

export type Handler = (request: Request) => Response | Promise<Response>;
export type Route = {
  pattern: RegExp;
  parameters: string[];
  isDynamic: boolean;
  handlers: Partial<Record<string, Handler>>;
};

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Loads every function under `apiDir`. A file whose name starts with `_` or `.` is not one. */
export async function loadRoutes(apiDir: string): Promise<Route[]> {
  const files = readdirSync(apiDir, { recursive: true, encoding: 'utf8' })
    .map(file => file.split(path.sep).join('/'))
    .filter(file => /\.(ts|js)$/.test(file) && !file.split('/').some(part => /^[_.]/.test(part)))
    .filter(file => !file.endsWith('.d.ts'));
  const routes = await Promise.all(files.map(async file => makeRoute(file, await importHandlers(apiDir, file))));
  // A fixed name goes before a placeholder in its place.
  return routes.sort((one, other) => Number(one.isDynamic) - Number(other.isDynamic));
}

export function makeRoute(file: string, handlers: Route['handlers']): Route {
  const segments = file
    .replace(/\.(ts|js)$/, '')
    .split('/')
    .filter((segment, index, all) => !(segment === 'index' && index === all.length - 1));
  const parameters: string[] = [];
  const sources = segments.map(segment => {
    const parameter = /^\[(\w+)\]$/.exec(segment)?.[1];
    if (parameter === undefined) return segment.replace(/[^\w-]/g, '\\$&');
    parameters.push(parameter);
    return '([^/]+)';
  });
  return {
    pattern: new RegExp(`^${['/api', ...sources].join('/')}$`),
    parameters,
    isDynamic: parameters.length > 0,
    handlers,
  };
}

/** The route for a path, and the query that Vercel adds for its placeholders, with the text as it stood in the path. */
export function findRoute(routes: Route[], pathname: string): { route: Route; query: [string, string][] } | undefined {
  for (const route of routes) {
    const match = route.pattern.exec(pathname);
    if (match) return { route, query: route.parameters.map((name, index) => [name, match[index + 1]!]) };
  }
  return undefined;
}

async function importHandlers(apiDir: string, file: string): Promise<Route['handlers']> {
  const module = (await import(pathToFileURL(path.join(apiDir, file)).href)) as Record<string, unknown>;
  const entries = METHODS.filter(method => typeof module[method] === 'function').map(method => [
    method,
    module[method],
  ]);
  return Object.fromEntries(entries) as Route['handlers'];
}

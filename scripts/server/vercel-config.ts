// What the dev server takes from vercel.json: the crons and the headers. The rest concerns only the platform.
import { readFileSync } from 'node:fs';

export type Cron = { path: string; schedule: string };
export type HeaderRule = { source: string; headers: { key: string; value: string }[] };
export type VercelConfig = { crons: Cron[]; headers: HeaderRule[] };

export function readVercelConfig(file: string): VercelConfig {
  const { crons = [], headers = [] } = JSON.parse(readFileSync(file, 'utf8')) as Partial<VercelConfig>;
  return { crons, headers };
}

/** The headers that the rules add to an answer for this path. */
export function makeHeaderFinder(rules: HeaderRule[]): (pathname: string) => [string, string][] {
  const compiled = rules.map(rule => ({ pattern: compileSource(rule.source), headers: rule.headers }));
  return pathname =>
    compiled
      .filter(({ pattern }) => pattern.test(pathname))
      .flatMap(({ headers }) => headers.map(({ key, value }): [string, string] => [key, value]));
}

/** A source is a path with `:name`, `:name*` and groups of regular expressions, as in `/assets/(.*)`. */
function compileSource(source: string): RegExp {
  return new RegExp(`^${source.replace(/\/:\w+\*/g, '(?:/.*)?').replace(/:\w+/g, '[^/]+')}$`);
}

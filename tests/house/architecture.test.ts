/** The house's own rules, read from its files: who may import whom, how long a file may be, and that nothing can send. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { SCHEMA_LEVEL } from '../../db/level.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

type Import = { specifier: string; target: string; isTypeOnly: boolean };

function listSources(...folders: string[]): string[] {
  return folders.flatMap(folder =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => /\.(tsx?|mjs)$/.test(name) && !name.includes('node_modules'))
      .map(name => path.join(folder, name)),
  );
}

function listImports(file: string): Import[] {
  const source = readFileSync(path.join(ROOT, file), 'utf8');
  const found = [
    ...source.matchAll(/^(import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'/gms),
    ...source.matchAll(/(import)\((())'([^']+)'\)/g),
  ];
  return found.map(match => {
    const specifier = match.at(-1)!;
    const target = specifier.startsWith('.') ? path.normalize(path.join(path.dirname(file), specifier)) : specifier;
    return { specifier, target, isTypeOnly: match[2]?.trim() === 'type' };
  });
}

test('api imports lib and nothing else', () => {
  for (const file of listSources('api')) {
    for (const { target } of listImports(file)) expect(target, file).toMatch(/^lib\//);
  }
});

test('learning and safety are pure: they import zod and themselves', () => {
  for (const folder of ['lib/learning', 'lib/safety']) {
    for (const file of listSources(folder)) {
      for (const { target } of listImports(file))
        expect(target === 'zod' || target.startsWith(`${folder}/`), `${file} imports ${target}`).toBe(true);
      const source = readFileSync(path.join(ROOT, file), 'utf8');
      expect(source, file).not.toMatch(
        /Date\.now\(|new Date\(\)|Math\.random\(|process\.env|performance\.now\(|\bfetch\(/,
      );
    }
  }
});

test('db takes only types from lib', () => {
  for (const file of listSources('db')) {
    for (const { target, isTypeOnly } of listImports(file)) {
      if (target.startsWith('lib/')) expect(isTypeOnly, `${file} imports ${target}`).toBe(true);
      expect(target, file).not.toMatch(/^(api|scripts|web|tests)\//);
    }
  }
});

test('SQL stands in db and nowhere else', () => {
  for (const file of listSources('lib', 'api')) {
    expect(readFileSync(path.join(ROOT, file), 'utf8'), file).not.toMatch(
      /\bsql`|\bselect\s+.+\s+from\s|\binsert into\b/i,
    );
  }
});

test('nothing can send a text: the only ways out of a function are the database, and GETs to Quo', () => {
  const callers = listSources('api', 'lib', 'db').filter(file =>
    /\bfetch\(|(?:\?\?|[=:,(]) (?:globalThis\.)?fetch\b(?!:)|https?\.request|node:https?|node:net|XMLHttpRequest|WebSocket/.test(
      readFileSync(path.join(ROOT, file), 'utf8'),
    ),
  );
  expect(callers.sort()).toEqual(['db/client.ts', 'lib/quo/requests.ts']);
  const asks = readFileSync(path.join(ROOT, 'lib/quo/requests.ts'), 'utf8');
  expect(asks.match(/method: '\w+'/g)).toEqual(["method: 'GET'"]);
  expect(asks).not.toMatch(/\bbody:|PUT|POST|PATCH|DELETE/);
});

test('at most twelve functions, each a few lines', () => {
  const functions = listSources('api');
  expect(functions.length).toBeLessThanOrEqual(12);
  for (const file of functions)
    expect(readFileSync(path.join(ROOT, file), 'utf8').split('\n').length, file).toBeLessThanOrEqual(30);
});

test('no source file is longer than about 300 lines', () => {
  for (const file of listSources('api', 'db', 'lib', 'scripts', 'tests', 'web')) {
    if (file === 'web/src/openapi.ts') continue; // written by a command
    expect(readFileSync(path.join(ROOT, file), 'utf8').split('\n').length, file).toBeLessThanOrEqual(310);
  }
});

test('the code knows the level of its own migrations', () => {
  const journal = JSON.parse(readFileSync(path.join(ROOT, 'db/migrations/meta/_journal.json'), 'utf8')) as {
    entries: { idx: number }[];
  };
  expect(SCHEMA_LEVEL).toBe(journal.entries.at(-1)!.idx);
});

test('every import between our files names its .js, as the platform needs', () => {
  for (const file of listSources('api', 'db', 'lib')) {
    for (const { specifier } of listImports(file))
      if (specifier.startsWith('.')) expect(specifier, file).toMatch(/\.js$/);
  }
});

test('no compiled file stands beside its source, where it would hide every later change (git clean -Xf lib removes it)', () => {
  const compiled = readdirSync(path.join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' });
  expect(compiled.filter(name => name.endsWith('.js'))).toEqual([]);
});

// `npm run -s catalog`: writes lib/safety/catalog.ts, the list by which the watchdog knows a changed guard, from a database that
// was migrated just now. A test fails when the list is not what the migrations make.
import { writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { CatalogFacts } from '../lib/safety/catalog-check.js';

/** @returns the source of lib/safety/catalog.ts */
export function writeCatalog({ facts }: CatalogFacts): string {
  const lines = new Map<string, string[]>();
  for (const [key, hash] of Object.entries(facts).sort(([one], [other]) => (one < other ? -1 : 1))) {
    const [kind, name = ''] = key.split(' ');
    const dot = name.includes('(') ? -1 : name.indexOf('.');
    // One function a line: those are what changes.
    const line = kind === 'function' ? key : `${kind} ${name.slice(0, Math.max(0, dot)) || '-'}`;
    const entry = `${name.slice(dot + 1)}=${hash}`;
    lines.set(line, [...(lines.get(line) ?? []), entry]);
  }
  const text = [...lines].map(([line, entries]) =>
    [line.startsWith('function ') ? 'function -' : line, ...entries].join(' '),
  );
  return `/** Written by \`npm run -s catalog\`: tables, columns, constraints, triggers, functions, indexes and sequences as the migrations make them. */
export const CATALOG = \`
${text.join('\n')}
\`;
`;
}

async function run(): Promise<void> {
  const { openInMemory } = await import('./database/pglite.js');
  const { EMBEDDED_URL } = await import('./database/open.js');
  const database = await openInMemory();
  process.env.DATABASE_URL = EMBEDDED_URL;
  (await import('../db/client.js')).setTransport(database.transport);
  await (await import('../db/migrate.js')).migrate();
  const { findCatalog } = await import('../db/catalog.js');
  const file = new URL('../lib/safety/catalog.ts', import.meta.url);
  writeFileSync(file, writeCatalog(await findCatalog(null)));
  await database.close();
  console.log(`Wrote ${fileURLToPath(file)}.`);
}

if (import.meta.url === pathToFileURL(process.argv[1]!).href) await run();

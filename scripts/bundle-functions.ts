// Compiles what api/ imports from lib/ into few files, each beside its source, on the machine where Vercel builds: a
// function then loads in a third of the time (docs/decisions/006). Vercel takes a `.js` before the `.ts` of its name.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { Refusal, runScript } from './server/refusal.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

runScript(async () => {
  // In a checkout that somebody works in, the compiled files would hide every later change of their sources.
  if (!process.env.VERCEL)
    throw new Refusal(
      'This belongs to a build on Vercel (VERCEL=1), in a copy that is thrown away: see check-build.sh.',
    );
  // What an earlier build left here would be taken for sources.
  for (const file of readdirSync(path.join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.js')) rmSync(path.join(ROOT, 'lib', file));
  const entryPoints = listImportedModules();
  await build({
    absWorkingDir: ROOT,
    entryPoints,
    outbase: '.',
    outdir: '.',
    chunkNames: 'lib/chunks/[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minify: true,
    // A package written for CommonJS asks for `require`.
    banner: { js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);" },
    logLevel: 'warning',
  });
  console.log(`Bundled ${entryPoints.length} modules of lib for the functions.`);
});

/** The modules of lib that the functions name. */
function listImportedModules(): string[] {
  const functions = readdirSync(path.join(ROOT, 'api'), { recursive: true, encoding: 'utf8' });
  const modules = functions
    .filter(file => file.endsWith('.ts'))
    .flatMap(file => {
      const folder = path.dirname(path.join('api', file));
      const source = readFileSync(path.join(ROOT, 'api', file), 'utf8');
      return [...source.matchAll(/from '(\.[^']+)\.js'/g)].map(match => path.join(folder, `${match[1]}.ts`));
    });
  return [...new Set(modules)].sort();
}

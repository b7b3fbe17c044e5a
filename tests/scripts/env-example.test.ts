// .env.example names what the code reads and nothing else, and a copy of it is a good start; what a .env must not be is said
// in a sentence.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const EXAMPLE = path.join(ROOT, '.env.example');
const README = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
const LINES = readFileSync(EXAMPLE, 'utf8').split('\n');
const NAMED = LINES.flatMap(line => /^([A-Z_]+)=/.exec(line)?.[1] ?? []);

const FOR_DEVELOPERS = /^(build|bundle|test|types|lint|drift|openapi)$/;

/** The platform's, the shell's, and those of tests and benchmarks. */
const NOT_OURS = /^(VERCEL|VERCEL_.*|NODE_ENV|PATH|HOME|TEST_DATABASE_URL|TEST_POSTGRES|BENCH_.*)$/;

describe('.env.example', () => {
  it('names exactly the variables that the code reads', () => {
    const read = new Set(['api', 'lib', 'db', 'scripts'].flatMap(listSources).flatMap(listVariables));
    expect([...NAMED].sort()).toEqual([...read].filter(name => !NOT_OURS.test(name)).sort());
    expect(new Set(NAMED).size).toBe(NAMED.length);
  });

  it('has a comment before each, and no value', () => {
    const groups = LINES.join('\n').split(/\n\n+/).slice(1);
    for (const group of groups) expect(group).toMatch(/^#/);
    for (const line of LINES) expect(line).toMatch(/^(#.*|[A-Z_]+=|)$/);
  });

  it('is in the README’s table of variables, every one', () => {
    for (const name of NAMED) expect(README).toContain(`\`${name}\``);
  });

  it('and the README say that Quo is only read, and that it goes without', () => {
    expect(LINES.join(' ')).toMatch(/Only read with, and optional.* QUO_API_KEY=/);
    expect(README).toMatch(
      /`QUO_API_KEY`, `QUO_API_URL` \| what is read .* nothing is ever written there: .*Without a key/,
    );
  });
});

describe('the README', () => {
  it('names every command that people run', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    for (const name of Object.keys(scripts).filter(script => !FOR_DEVELOPERS.test(script)))
      expect(README).toMatch(new RegExp(`^\\| \`npm (run )?(-s )?${name}\\b`, 'm'));
  });

  it('exports every variable of the shell that its commands use', () => {
    const blocks = [...README.matchAll(/```bash\n([\s\S]*?)```/g)].map(match => match[1]!).join('');
    const exported = [...blocks.matchAll(/\bexport (.*)/g)].flatMap(([, line]) => line!.match(/[A-Z_]+(?==)/g) ?? []);
    for (const [, name] of blocks.matchAll(/\$([A-Z_]+)/g)) expect(exported).toContain(name);
  });
});

describe('a .env', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'v3pls-env-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('that is the example unchanged leaves every secret to be generated', () => {
    copyFileSync(EXAMPLE, path.join(folder, '.env'));
    const { generated, secrets } = JSON.parse(load(folder).stdout);
    expect(generated).toEqual(['ADMIN_TOKEN', 'CRON_SECRET', 'QUO_WEBHOOK_SECRETS']);
    const saved = JSON.parse(readFileSync(path.join(folder, '.data', 'secrets.json'), 'utf8'));
    expect(secrets).toEqual(saved);
  });

  it('that begins with a byte order mark, as some editors write it, keeps its first variable', () => {
    writeFileSync(path.join(folder, '.env'), `\ufeffADMIN_TOKEN=${'a'.repeat(32)}\n`);
    expect(JSON.parse(load(folder).stdout).secrets.ADMIN_TOKEN).toBe('a'.repeat(32));
  });

  it.each([
    ['in UTF-16, as a shell of Windows writes it', Buffer.from('ADMIN_TOKEN=hunter2\n', 'utf16le')],
    ['of bytes that are no text', Buffer.from([0x41, 0x3d, 0xff, 0xfe, 0x0a])],
    ['with a zero byte', Buffer.from('A=hunter2\0\n')],
  ])('%s is refused in a sentence, and nothing of it is repeated', (_, bytes) => {
    writeFileSync(path.join(folder, '.env'), bytes);
    const { status, stderr } = load(folder);
    expect([status, stderr]).toEqual([
      1,
      '.env is not plain text in UTF-8: save it as such, with one NAME=value in a line.\n',
    ]);
  });
});

describe('at the start, a sentence and no stack trace', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'v3pls-start-env-'));
  afterEach(() => rmSync(path.join(folder, '.data'), { recursive: true, force: true }));

  const start = (env: Record<string, string>) => {
    const { status, stderr } = run(folder, path.join(ROOT, 'scripts', 'start.ts'), env);
    return [status, stderr];
  };

  it.each([
    ['ALLOWED_ORIGINS', 'https://desk.example.com/', /^ALLOWED_ORIGINS must be exact origins .*\n$/],
    ['ALLOWED_ORIGINS', '*', /^ALLOWED_ORIGINS must be exact origins .*\n$/],
    ['ALLOW_PREVIEW', 'sometimes', /^ALLOW_PREVIEW must be "true" or be left out\.\n$/],
    ['PRIVACY_KEY', 'short', /^PRIVACY_KEY must have at least 32 characters\.\n$/],
    ['CRON_SECRET', 'short', /^CRON_SECRET must have at least 16 characters\.\n$/],
    ['PORT', 'eighty', /^PORT is eighty: a port number is expected\.\n$/],
  ])('for a bad %s (%s)', (name, value, sentence) => {
    expect(start({ [name]: value })).toEqual([1, expect.stringMatching(sentence)]);
  });

  it('for a DATA_DIR that cannot be written, whether secrets or the database would go there', () => {
    writeFileSync(path.join(folder, 'file'), '');
    const sentence = /\/file\/below cannot be written \(ENOTDIR\): set DATA_DIR to a folder that you may write in\.\n$/;
    const inFile = { DATA_DIR: path.join(folder, 'file', 'below'), PORT: '0' };
    expect(start(inFile)).toEqual([1, expect.stringMatching(sentence)]);
    const secrets = { ADMIN_TOKEN: 'a'.repeat(32), CRON_SECRET: 'b'.repeat(16) };
    const all = { ...inFile, ...secrets, QUO_WEBHOOK_SECRETS: `whsec_${Buffer.alloc(24, 7).toString('base64')}` };
    expect(start(all)).toEqual([1, expect.stringMatching(sentence)]);
  });
});

function listSources(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.(ts|mjs)$/.test(name) && !name.includes('node_modules'))
    .map(name => readFileSync(path.join(ROOT, folder, name), 'utf8'));
}

/** However it is read: by name, taken apart, through a parameter called `env`, or by a function that is told the name. */
function listVariables(source: string): string[] {
  const found = [
    ...source.matchAll(/\b(?:process\.)?env\.([A-Z][A-Z_]+)\b/g),
    ...source.matchAll(/\brequireValue\('([A-Z_]+)'/g),
  ].map(match => match[1]!);
  const taken = [...source.matchAll(/const \{([^}]*)\} = process\.env\b/g)].flatMap(match =>
    match[1]!.split(',').map(name => name.trim().split(':')[0]!),
  );
  return [...found, ...taken].filter(name => /^[A-Z_]+$/.test(name));
}

/** In a process of its own: what is tested is what it does to its environment. */
function load(folder: string) {
  const module = pathToFileURL(path.join(ROOT, 'scripts', 'server', 'local-environment.ts')).href;
  const refusal = pathToFileURL(path.join(ROOT, 'scripts', 'server', 'refusal.ts')).href;
  const program = path.join(folder, 'load.mjs');
  writeFileSync(
    program,
    `const { loadLocalEnvironment } = await import('${module}');
    const { runScript } = await import('${refusal}');
    runScript(async () => {
      const generated = loadLocalEnvironment();
      const secrets = Object.fromEntries(['ADMIN_TOKEN', 'CRON_SECRET', 'QUO_WEBHOOK_SECRETS'].map(n => [n, process.env[n]]));
      console.log(JSON.stringify({ generated, secrets }));
    });`,
  );
  return run(folder, program, {});
}

function run(cwd: string, script: string, env: Record<string, string>) {
  const tsx = fileURLToPath(import.meta.resolve('tsx'));
  const { PATH, HOME } = process.env;
  return spawnSync(process.execPath, ['--import', tsx, script], {
    cwd,
    env: { PATH, HOME, ...env },
    encoding: 'utf8',
    timeout: 60_000,
  });
}

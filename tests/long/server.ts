/** The dev server in a process of its own, as a user starts it, with secrets of this run. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ADMIN_TOKEN = randomBytes(24).toString('hex');
export const CRON_SECRET = randomBytes(16).toString('hex');
export const SECRETS = {
  standard: `whsec_${randomBytes(32).toString('base64')}`,
  legacy: randomBytes(32).toString('base64'),
};

/** @param environment DATABASE_URL, or nothing for the embedded database in a new folder */
export async function startServer(environment: { DATABASE_URL?: string }) {
  const port = await findFreePort();
  const { DATABASE_URL: _, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/start.ts'], {
    env: {
      ...inherited,
      ...environment,
      PORT: String(port),
      ADMIN_TOKEN,
      CRON_SECRET,
      QUO_WEBHOOK_SECRETS: `${SECRETS.standard},${SECRETS.legacy}`,
      DATA_DIR: mkdtempSync(path.join(tmpdir(), 'v3pls-')),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const base = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 600; tries++) {
    const isUp = await fetch(`${base}/api/monitoring?view=health`).then(
      () => true,
      () => false,
    );
    if (isUp) break;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  const stop = () =>
    new Promise<void>(resolve => {
      child.once('exit', () => resolve());
      child.kill('SIGTERM');
    });
  return { base, stop, pid: child.pid! };
}

export async function enableLearning(base: string): Promise<void> {
  const answer = await fetch(`${base}/api/config`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ values: { enabled: true }, reason: 'a check' }),
  });
  if (!answer.ok) throw new Error(`PATCH /api/config answered ${answer.status}`);
}

function findFreePort(): Promise<number> {
  return new Promise(resolve => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

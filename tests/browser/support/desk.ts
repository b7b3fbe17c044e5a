// What every test of the page has: the dev server with a database of its own, and people who visit it in Chromium, each in a
// context of theirs.
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { neonConfig } from '@neondatabase/serverless';
import { type SQL, sql } from 'drizzle-orm';
import { type BrowserContextOptions, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { EMBEDDED_URL } from '../../../scripts/database/open.js';
import { operatorId } from '../../../scripts/demo/build-sample-line.js';
import { mintToken, type Role } from '../../../scripts/demo/tour-desk.js';
import { type ApiAnswer, callApi } from '../../../scripts/server/api-call.js';
import type { DevServer } from '../../../scripts/server/dev-server.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { openVisit, type Visit } from './visit.js';

export type Desk = {
  url: string;
  /** A call of the API outside the browser. @param who a role, or nobody */
  call(who: Role | null, method: string, path: string, body?: unknown): Promise<ApiAnswer>;
  /** Somebody of this role, signed in, with a browser context of their own. */
  visit(role: Role | null, options?: BrowserContextOptions): Promise<Visit>;
  /** SQL as a foreign writer would send it. */
  sql(statement: SQL): Promise<Record<string, unknown>[]>;
  /** How many rows these tables have, in one row. */
  countRows(tables: string[]): Promise<Record<string, unknown>[]>;
  /** The database is not reached any more, or again. */
  reachDatabase(isReached: boolean): void;
};

/** `tour`: the embedded database after the tour. `empty`: a PostgreSQL with no row of a customer, where watching is quick. */
type Data = 'tour' | 'empty';

const GUESTS: Record<Role, { name: string; operatorId?: string }> = {
  viewer: { name: 'Vera' },
  operator: { name: 'Nora at the desk', operatorId: operatorId('Nora') },
  admin: { name: 'Ada at the desk' },
};

/** Registers its own set-up and closes everything. @param fill runs before the server starts, on an empty database */
export function openDesk(data: Data, fill?: (database: TestDatabase) => Promise<void>): Desk {
  const tokens: Partial<Record<Role, string>> = {};
  let server: DevServer;
  let visits: Visit[] = [];
  let reach: typeof neonConfig.fetchFunction;
  const tokenOf = (who: Role | null) => (who === null ? undefined : tokens[who]);

  const desk: Desk = {
    url: '',
    call: (who, method, path, body) => callApi(desk.url, path, { method, body, token: tokenOf(who) }),
    async visit(role, options = {}) {
      const visit = await openVisit(await connect(), desk.url, tokenOf(role), options);
      visits.push(visit);
      return visit;
    },
    async sql(statement) {
      const { execute } = await import('../../../db/client.js');
      return execute(statement, 30_000);
    },
    countRows: tables =>
      desk.sql(sql.raw(`select ${tables.map(table => `(select count(*)::int from ${table}) as ${table}`).join(', ')}`)),
    reachDatabase(isReached) {
      reach ??= neonConfig.fetchFunction;
      neonConfig.fetchFunction = isReached ? reach : () => Promise.reject(new Error('no connection'));
    },
  };

  let browser: ReturnType<typeof chromium.connect> | undefined;
  const connect = () => {
    browser ??= chromium.connect(inject('browserAddress'));
    return browser;
  };

  beforeAll(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'v3pls-desk-'));
    const database = data === 'empty' ? await createTestDatabase() : undefined;
    if (data === 'tour') cpSync(inject('tourFolder'), folder, { recursive: true });
    if (database) await fill?.(database);
    Object.assign(process.env, { DATA_DIR: folder, PORT: '0', DATABASE_URL: database?.url ?? EMBEDDED_URL });
    if (data === 'empty') process.env.ADMIN_TOKEN = randomBytes(24).toString('hex');
    const { startDevServer } = await import('../../../scripts/server/dev-server.js');
    const said: string[] = [];
    server = await startDevServer(line => said.push(line));
    desk.url = server.url;
    for (const [role, guest] of Object.entries(GUESTS))
      tokens[role as Role] = (await mintToken(server.url, { ...guest, role: role as Role })).token;
    return async () => {
      for (const visit of visits) await visit.close();
      await (await browser)?.close();
      await server.close();
      await database?.close();
      rmSync(folder, { recursive: true, force: true });
      expect(said.filter(line => /failed/.test(line))).toEqual([]);
    };
  });
  afterAll(() => {
    visits = [];
  });
  return desk;
}

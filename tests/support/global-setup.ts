// Once per test run: one real PostgreSQL with a migrated template in it, from which every test file copies its own database.
import type { TestProject } from 'vitest/node';
import { openPostgres } from '../../scripts/database/postgres-proxy.js';
import { runSql, startRealPostgres, TEMPLATE, withDatabase } from './real-postgres.js';

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, stop } = await startRealPostgres();
  await runSql(url, `drop database if exists ${TEMPLATE}`);
  await runSql(url, `create database ${TEMPLATE}`);
  const templateUrl = withDatabase(url, TEMPLATE);
  const { transport, close } = await openPostgres(templateUrl);
  try {
    process.env.DATABASE_URL = templateUrl;
    const { setTransport } = await import('../../db/client.js');
    setTransport(transport);
    const { migrate } = await import('../../db/migrate.js');
    await migrate();
  } finally {
    delete process.env.DATABASE_URL;
    // A template that somebody is connected to cannot be copied.
    await close();
  }
  // So that the first copy need not wait for it.
  await runSql(url, 'checkpoint');
  project.provide('postgresUrl', url);
  return stop;
}

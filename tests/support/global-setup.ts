// Once per test run: one real PostgreSQL with a migrated template in it, from which every test file copies its own database.
import type { TestProject } from 'vitest/node';
import { openPostgres } from '../../scripts/database/postgres-proxy.js';
import { runSql, startRealPostgres, withDatabase } from '../../scripts/database/real-postgres.js';

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string;
    postgresTemplate: string;
    /** A role with the rights of the functions, in every copy of the template. */
    postgresAppRole: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, stop } = await startRealPostgres();
  // Two runs may share the server of TEST_DATABASE_URL.
  const template = `v3pls_template_${process.pid}`;
  await runSql(url, `create database ${template}`);
  const appRole = `v3pls_app_${process.pid}`;
  await runSql(url, `create role ${appRole} login`);
  const templateUrl = withDatabase(url, template);
  const { transport, close } = await openPostgres(templateUrl);
  try {
    process.env.DATABASE_URL = templateUrl;
    const { setTransport } = await import('../../db/client.js');
    setTransport(transport);
    const { migrate } = await import('../../db/migrate.js');
    await migrate();
    const { grantToAppRole } = await import('../../db/app-role.js');
    await grantToAppRole(appRole);
  } finally {
    delete process.env.DATABASE_URL;
    // A template that somebody is connected to cannot be copied.
    await close();
  }
  // So that the first copy need not wait for it.
  await runSql(url, 'checkpoint');
  project.provide('postgresUrl', url);
  project.provide('postgresTemplate', template);
  project.provide('postgresAppRole', appRole);
  return async () => {
    await runSql(url, `drop database ${template} with (force)`);
    // A test that was stopped may have left a database in which the role has rights; the server goes in a moment.
    await runSql(url, `drop role ${appRole}`).catch(() => undefined);
    await stop();
  };
}

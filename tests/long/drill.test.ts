// `npm run drill`: it passes where the guards stand, says which one does not, and of a live one nothing remains.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runWatchdog } from '../../lib/watch.js';
import { type Contents, readContents } from '../../scripts/drill/contents.js';
import { HOLD_LIMIT_MS, NEVER_COMMITS, openLiveStage, STATEMENT_LIMIT_MS } from '../../scripts/drill/live.js';
import { PLAN_ROLLBACK } from '../../scripts/drill/plan-sql.js';
import type { Report } from '../../scripts/drill/report.js';
import { runDrill } from '../../scripts/drill/run.js';
import { activate, connect, EXECUTED, insertPattern, makeReady, readState, type Session } from '../safety/support.js';
import { ROOT, runScriptFile } from '../scripts/support/system.js';
import { CLEAR_QUEUE, DEACTIVATE, DISABLE } from '../support/plan-sql.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'v3pls-drill-test-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

const failuresOf = ({ steps }: Report) => steps.filter(step => step.result === 'FAIL');
const stepOf = ({ steps }: Report, title: string) => steps.find(step => step.title.startsWith(title));

describe('the drill on a scratch database', () => {
  it('passes on the embedded one, files its report, and leaves no folder', async () => {
    const temporary = path.join(folder, 'tmp');
    const out = path.join(folder, 'drill.md');
    mkdirSync(temporary);
    const ended = await runScriptFile('drill.ts', ['--json', '--out', out], folder, { TMPDIR: temporary });
    expect(ended.stderr).toBe('');
    const report = JSON.parse(ended.stdout) as Report;
    expect(failuresOf(report)).toEqual([]);
    expect([ended.code, report.ok, report.mode, report.skipped]).toEqual([0, true, 'scratch', 4]);
    expect(report.passed).toBeGreaterThanOrEqual(18);
    // tsx keeps what it compiled in a folder of its own.
    expect(readdirSync(temporary).filter(name => !name.startsWith('tsx-'))).toEqual([]);
    const filed = readFileSync(out, 'utf8');
    expect(filed).toContain(`**${report.lastLine}**`);
    for (const { title } of report.steps) expect(filed).toContain(title);
  }, 120_000);

  it('passes on a given PostgreSQL with nothing skipped, and refuses it the second time: it is not empty', async () => {
    const database = await createTestDatabase({ template: 'template1' });
    try {
      const report = await runDrill({ kind: 'given', url: database.url });
      expect(failuresOf(report)).toEqual([]);
      expect([report.ok, report.skipped]).toEqual([true, 0]);
      expect(stepOf(report, 'Evidence is stored and latched while')?.seen).toContain('pending (55P03)');
      const again = await runScriptFile('drill.ts', ['--url', database.url], folder, {});
      expect([again.code, again.stdout]).toEqual([1, '']);
      expect(again.stderr).toContain('is not empty');
      expect(again.stderr).not.toContain('postgres:');
    } finally {
      await database.close();
    }
  });

  it('fails where the guard of the evidence is gone, and says what did not happen', async () => {
    const database = await createTestDatabase({ template: 'template1' });
    try {
      const report = await runDrill(
        { kind: 'given', url: database.url },
        {
          beforePlanting: async () => {
            await database.sql('drop trigger if exists judge_evidence on pattern_execution_history');
          },
        },
      );
      expect(report.ok).toBe(false);
      const step = stepOf(report, 'An execution that says it was automatic');
      expect(step?.result).toBe('FAIL');
      expect(step?.seen).toBe(
        'The row was stored, and in its transaction the kill switch was not engaged. No incident was opened. 3 patterns stayed active. 3 patterns stayed in force. 2 queue rows stayed waiting. Learning stayed on.',
      );
      expect(report.lastLine).toMatch(
        /^FAIL: \d+ of \d+ steps failed.* The first: An execution that says it was automatic/,
      );
    } finally {
      await database.close();
    }
  });

  it("runs the plan's rollback word for word", () => {
    expect(PLAN_ROLLBACK).toEqual([DISABLE, DEACTIVATE, CLEAR_QUEUE]);
  });
});

describe('the drill on a live database', () => {
  let database: TestDatabase;
  let db: Session;
  beforeAll(async () => {
    database = await createTestDatabase();
    db = await connect(database.url);
    await makeReady(db);
    for (const template of ['We open at seven every day.', 'Parking is behind the house.'])
      await activate(db, await insertPattern(db, { template }));
    await db.sql(`insert into thread_marks (thread_id, reason) values ('CN1', 'failed')`);
  });
  afterAll(async () => {
    await db.close();
    await database.close();
  });
  let before: Contents;
  beforeEach(async () => {
    before = await look();
  });

  /** Everything that the database holds, by its own connection. */
  async function look(): Promise<Contents> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      return await readContents(client);
    } finally {
      await client.end();
    }
  }

  async function waitFor(condition: string): Promise<{ pid: number }> {
    for (;;) {
      const [row] = await db.sql<{ pid: number }>(
        `select a.pid from pg_stat_activity a join pg_locks l on l.pid = a.pid
         where a.datname = current_database() and a.application_name = 'v3-pls drill' and l.granted and ${condition} limit 1`,
      );
      if (row) return row;
      await new Promise(resolve => setTimeout(resolve, 2));
    }
  }
  /** Behind the plant: the rows of the evidence are written, and everything is held. */
  const IN_THE_MIDDLE = `l.relation = 'pattern_execution_history'::regclass and l.mode = 'RowExclusiveLock'`;

  function start(): ChildProcess {
    const { PATH = '', HOME = '' } = process.env;
    const tsx = fileURLToPath(import.meta.resolve('tsx'));
    const words = ['--import', tsx, path.join(ROOT, 'scripts/drill.ts'), '--live', '--json'];
    return spawn(process.execPath, words, { cwd: folder, env: { PATH, HOME, DATABASE_URL: database.url } });
  }

  const ended = (child: ChildProcess) =>
    new Promise<{ code: number | null; signal: string | null }>(resolve =>
      child.once('close', (code, signal) => resolve({ code, signal })),
    );
  const gone = async () => {
    const question = `select count(*)::int as n from pg_stat_activity where datname = current_database() and application_name = 'v3-pls drill'`;
    while ((await db.sql<{ n: number }>(question))[0]!.n > 0) await new Promise(resolve => setTimeout(resolve, 5));
  };

  it('passes, and every table is as it was', async () => {
    const report = await runDrill({ kind: 'live', url: database.url });
    expect(failuresOf(report)).toEqual([]);
    expect([report.ok, report.skipped, report.mode]).toEqual([true, 4, 'live']);
    expect(stepOf(report, 'Nothing of the drill remains')?.seen).toMatch(
      /^transaction aborted; \d+ tables, count and hash of all rows equal$/,
    );
    // The two that were active went off with the drill's own, for a moment that nobody saw.
    expect(stepOf(report, 'An execution that says')?.seen).toContain('3 patterns switched off');
    expect(report.notes.join(' ')).toMatch(/Locks were held for \d+ ms/);
    expect(await look()).toEqual(before);
  });

  it('lets nobody who writes meanwhile become the victim of a deadlock, or wait longer than it says', async () => {
    const writer = await connect(database.url);
    const waitsMs: number[] = [];
    let isOver = false;
    const writing = (async () => {
      while (!isOver) {
        const startedMs = performance.now();
        // As a learner does: first the state of learning, then patterns.
        await writer.script(`begin; select 1 from learning_state for update;
          update decision_patterns set notes = notes where not is_active; commit`);
        waitsMs.push(performance.now() - startedMs);
        await new Promise(resolve => setTimeout(resolve, 5));
      }
    })();
    const report = await runDrill({ kind: 'live', url: database.url });
    isOver = true;
    await writing;
    await writer.close();
    expect(failuresOf(report)).toEqual([]);
    const held = Number(/Locks were held for (\d+) ms/.exec(report.notes[0]!)?.[1]);
    expect(waitsMs.length).toBeGreaterThan(5);
    expect(Math.max(...waitsMs)).toBeGreaterThan(10);
    expect(held).toBeLessThan(HOLD_LIMIT_MS);
    expect(Math.max(...waitsMs)).toBeLessThan(HOLD_LIMIT_MS + STATEMENT_LIMIT_MS);
  });

  it('gives its locks back after the limit, also when a scene hangs', async () => {
    const { stage, close } = await openLiveStage(database.url);
    const hanging = stage.playScene(() => new Promise(resolve => setTimeout(resolve, HOLD_LIMIT_MS + 700)));
    await waitFor(`l.mode = 'ShareRowExclusiveLock'`);
    const startedMs = performance.now();
    await db.script('begin; select 1 from learning_state for update; rollback');
    expect(performance.now() - startedMs).toBeLessThan(HOLD_LIMIT_MS + 500);
    await hanging;
    expect((await close()).status).toBe('aborted');
    expect(await look()).toEqual(before);
  });

  it('killed in the middle, leaves every table as it was', async () => {
    const child = start();
    await waitFor(IN_THE_MIDDLE);
    child.kill('SIGKILL');
    expect(await ended(child)).toEqual({ code: null, signal: 'SIGKILL' });
    await gone();
    expect(await look()).toEqual(before);
  });

  it('stopped by Ctrl-C, leaves every table as it was, and says so', async () => {
    const child = start();
    let said = '';
    child.stderr!.on('data', data => {
      said += data;
    });
    await waitFor(IN_THE_MIDDLE);
    child.kill('SIGINT');
    expect(await ended(child)).toEqual({ code: 1, signal: null });
    expect(said).toContain('nothing of the drill remains');
    await gone();
    expect(await look()).toEqual(before);
  });

  it('without its connection fails, and leaves every table as it was', async () => {
    const drill = runDrill({ kind: 'live', url: database.url });
    const { pid } = await waitFor(IN_THE_MIDDLE);
    await db.sql('select pg_terminate_backend($1)', [pid]);
    const report = await drill;
    expect(report.ok).toBe(false);
    expect(stepOf(report, 'Nothing of the drill remains')?.result).toBe('PASS');
    expect(await look()).toEqual(before);
  });

  it('is refused without an address, on a schema that is not this code’s, and where nothing answers', async () => {
    await expect(runDrill({ kind: 'live', url: undefined })).rejects.toThrow('that is not set');
    const empty = await createTestDatabase({ template: 'template1' });
    await expect(runDrill({ kind: 'live', url: empty.url })).rejects.toThrow('level none');
    await empty.close();
    const nobody = runDrill({ kind: 'live', url: 'postgres://user:word@127.0.0.1:1/nobody' });
    await expect(nobody).rejects.toThrow(/gives none \(ECONNREFUSED\)/);
    await expect(nobody).rejects.not.toThrow('word');
  });

  it('no request of it can end the transaction, and a commit that came all the same would be a rollback', async () => {
    const { stage, close } = await openLiveStage(database.url);
    const { execute } = await import('../../db/client.js');
    const { sql } = await import('drizzle-orm');
    await stage.playScene(async () => {
      for (const words of ['commit', ' COMMIT', 'end', '/* now */ commit', '-- now\ncommit', 'rollback', 'begin'])
        await expect(execute(sql.raw(words)), words).rejects.toThrow();
    });
    expect((await close()).status).toBe('aborted');
    await expect(
      db.script(
        `begin; ${NEVER_COMMITS}; insert into thread_marks (thread_id, reason) values ('CN2', 'failed'); commit`,
      ),
    ).rejects.toMatchObject({ code: '23505' });
    expect(await look()).toEqual(before);
  });

  it('evidence that comes while it holds its locks is latched at once, and its rollback completed by the next run', async () => {
    const { stage, close } = await openLiveStage(database.url);
    await stage.playScene(async () => {
      await db.script(EXECUTED);
      const [row] = await db.sql(
        'select v3pls_is_latched() as latched, (select max(rollback) from incidents) as rollback',
      );
      expect(row).toEqual({ latched: true, rollback: 'pending' });
    });
    expect((await close()).status).toBe('aborted');
    await database.use();
    expect((await runWatchdog()).status).toBe('rolled_back');
    expect(await readState(db)).toMatchObject({ active: 0, pending: 0, latched: true, enabled: 'false' });
    // And where the kill switch is engaged there is nothing to rehearse.
    const report = await runDrill({ kind: 'live', url: database.url });
    expect(report.steps[0]).toMatchObject({ result: 'FAIL', seen: expect.stringContaining('The run said latched') });
    expect(report.steps.slice(1, -1).every(step => step.result === 'SKIPPED')).toBe(true);
    expect(report.ok).toBe(false);
  });
});

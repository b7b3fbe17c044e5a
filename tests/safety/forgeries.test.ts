// What a forged row must not achieve: releasing the kill switch, finishing a rollback, or refusing evidence, by writing into
// the tables of the guards themselves.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/postgres.js';
import {
  connect,
  DATABASES,
  EXECUTED,
  insertActivePattern,
  insertPattern,
  insertReason,
  isActive,
  makeReady,
  readState,
  refusal,
  release,
  type Session,
} from './support.js';

const PENDING = `begin isolation level repeatable read; ${EXECUTED}; commit`;

describe.each(DATABASES)('a forged row on %s', (_, open) => {
  let db: Session;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(() => makeReady(db));

  const isLatched = async () => (await readState(db)).latched;

  it('does not release the kill switch: only an admin’s release does', async () => {
    await db.script(EXECUTED);
    const forged =
      'insert into kill_switch_releases (latch_id, release_id) select id, 0 from kill_switch_latches on conflict do nothing';
    await refusal(db.script(forged));
    expect(await isLatched()).toBe(true);
  });

  it('does not release a latch that is yet to come', async () => {
    await refusal(
      db.script(`insert into kill_switch_releases (latch_id, release_id)
        select max(id) + n, 0 from kill_switch_latches, generate_series(1, 9) n group by n`),
    );
    await db.script(EXECUTED);
    expect(await isLatched()).toBe(true);
  });

  it('does not finish a rollback that has not happened', async () => {
    await insertActivePattern(db);
    await db.script(PENDING);
    await refusal(
      db.script(
        `update incidents set rollback = 'done', snapshot = '{}', rolled_back_at = now() where rollback = 'pending'`,
      ),
    );
    expect(await refusal(release(db))).toBe('V3G03');
  });

  it('does not open an incident that is finished already', async () => {
    await insertActivePattern(db);
    await db
      .script(`insert into incidents (source, actor, state, rollback, snapshot, rolled_back_at, closed_at)
        values ('x', 'x', 'closed', 'done', '{}', now(), now())`)
      .catch(() => {});
    expect(await db.sql(`select 1 as one from incidents where snapshot = '{}'`)).toEqual([]);
  });

  it('does not switch a pattern on again behind a rollback of the same transaction', async () => {
    const id = await insertPattern(db);
    await db
      .script(`insert into activations (pattern_id, version, actor) values ('${id}', 1, 'admin:ada'); ${EXECUTED};
        update decision_patterns set is_active = true where id = '${id}'`)
      .catch(() => {});
    expect(await isActive(db, id)).toBe(false);
  });

  it.each(['kill_switch_latches', 'audit_log'])('in %s with an id of its own refuses no evidence', async table => {
    const column = table === 'audit_log' ? 'action' : 'source';
    await db.script(`insert into ${table} (id, actor, ${column})
      select last_value + n, 'x', 'x' from ${table}_id_seq, generate_series(1, 3) n`);
    const count = () => db.sql<{ n: number }>('select count(*)::int as n from pattern_execution_history');
    const [before] = await count();
    // Later ids meet the planted ones; the sequence moves on even where the insert is refused.
    for (let attempt = 0; attempt < 4; attempt++) await db.script(EXECUTED).catch(() => {});
    expect(await count()).toEqual([{ n: before!.n + 4 }]);
  });

  it('does not mark evidence as known before there is any', async () => {
    await refusal(
      db.script(
        `insert into incident_evidence (check_id, key, incident_id) values ('ground_truth', 'AC1', gen_random_uuid())`,
      ),
    );
  });

  it('does not stand for a reason: a release and a loosening name one that exists', async () => {
    await db.script(EXECUTED);
    await refusal(db.script(`insert into releases (actor, reason_id) values ('admin:eve', gen_random_uuid())`));
    await refusal(db.sql(`insert into releases (actor, reason_id) values (' ', $1)`, [await insertReason(db)]));
    await refusal(
      db.sql(`insert into releases (actor, reason_id) values ('admin:eve', $1)`, [await insertReason(db, ' ')]),
    );
    await refusal(
      db.script(`insert into config_changes (config_key, new_value, actor, reason_id)
        values ('activation_days', '90', 'admin:eve', gen_random_uuid())`),
    );
    expect(await isLatched()).toBe(true);
  });

  it('in the settings does not say that somebody else changed them', async () => {
    await db
      .script(`update pattern_learning_config set updated_by = 'admin:ada' where config_key = 'shadow_mode'`)
      .catch(() => {});
    expect(await db.sql(`select 1 as one from pattern_learning_config where updated_by = 'admin:ada'`)).toEqual([]);
  });

  it('an approver of invisible signs is no approver', async () => {
    await db.script(`insert into pattern_execution_history (was_auto_executed, approved_by) values (false, E'\\t\\n')`);
    expect(await isLatched()).toBe(true);
  });

  it('a transaction that began while the lease was fresh does not activate once it is stale', async () => {
    const id = await insertPattern(db);
    await db.script(`alter table watchdog_lease disable trigger user;
      update watchdog_lease set renewed_at = now() - interval '11 minutes' + interval '200 ms';
      alter table watchdog_lease enable trigger user`);
    const attempt = db.script(`begin; select pg_sleep(0.3);
      insert into activations (pattern_id, version, actor) values ('${id}', 1, 'admin:ada'); commit`);
    expect(await refusal(attempt)).toBe('V3G01');
  });
});

/** The first questions of a fresh session: PostgreSQL 18 plans them with the values in sight. */
describe.each(DATABASES)('a setting that is no number on %s', (_name, open) => {
  it('is judged by its own rule, not read as a number', async () => {
    const db = await open();
    try {
      const set = (key: string, value: string) =>
        db.sql('update pattern_learning_config set config_value = $2 where config_key = $1', [key, value]);
      expect(await refusal(set('shadow_mode', 'false'))).toBe('V3G02');
      expect(await refusal(set('shadow_mode', 'off'))).toBe('23514');
      await set('business_timezone', 'America/Denver');
      await db.sql(
        `insert into config_changes (config_key, new_value, actor) values ('enabled', 'false', 'admin:ada')`,
      );
    } finally {
      await db.close();
    }
  });
});

describe('a release that meets evidence', () => {
  it('does not open the latch of a rollback that is still pending', async () => {
    const database = await createTestDatabase();
    const [admin, other, holder] = await Promise.all([
      connect(database.url),
      connect(database.url),
      connect(database.url),
    ]);
    try {
      await makeReady(admin);
      await admin.sql(`insert into kill_switch_latches (source, actor) values ('operator', 'operator:olga')`);
      const reason = await insertReason(admin);
      // Holds the release between its check and its act.
      await holder.script(`begin; lock table kill_switch_releases in share mode`);
      const releasing = admin
        .sql(`insert into releases (actor, reason_id) values ('admin:ada', $1)`, [reason])
        .catch(() => {});
      for (let waits = false; !waits; ) {
        const rows = await other.sql<{ waits: boolean }>(
          'select exists (select from pg_locks where pid = $1 and not granted) as waits',
          [admin.pid],
        );
        waits = rows[0]!.waits;
      }
      await other.script(PENDING);
      await holder.script('rollback');
      await releasing;
      expect(await readState(other)).toMatchObject({ latched: true, pending: 1 });
    } finally {
      await Promise.all([admin.close(), other.close(), holder.close()]);
      await database.close();
    }
  });
});

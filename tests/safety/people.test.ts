// Who may call, as raw SQL could change it: a token that is removed and a session that is opened are in the audit, and a
// session can only end.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASES, refusal, type Session } from './support.js';

describe.each(DATABASES)('on %s', (_name, open) => {
  let db: Session;
  let token: string;
  beforeAll(async () => {
    db = await open();
    const [row] = await db.sql<{ id: string }>(
      `insert into access_tokens (name, role, token_hash, created_by) values ('Ada', 'admin', 'hash', 'admin') returning id`,
    );
    token = row!.id;
  });
  afterAll(() => db.close());

  const lastAudit = async () =>
    (await db.sql('select actor, action, subject, details from audit_log order by id desc limit 1'))[0];
  const openSession = async (parent: string, secret: string) =>
    (
      await db.sql<{ id: string }>(
        `insert into sessions (secret_hash, parent_hash, expires_at, created_at)
         values ($1, $2, v3pls_now() + interval '30 days', '2020-01-01') returning id`,
        [secret, parent],
      )
    )[0]!.id;

  it.each([
    ['a token', 'hash'],
    ['the first admin', 'hash of ADMIN_TOKEN'],
  ])('a session of %s is in the audit, whoever opens it', async (_whose, parent) => {
    const id = await openSession(parent, `secret ${parent}`);
    expect(await lastAudit()).toMatchObject({
      actor: parent === 'hash' ? `token:${token}` : 'admin',
      action: 'signed_in',
      subject: id,
    });
  });

  it.each([
    `secret_hash = 'mine'`,
    `parent_hash = 'hash of ADMIN_TOKEN'`,
    `expires_at = expires_at + interval '1 day'`,
    `created_at = created_at - interval '1 day'`,
    `ended_at = null`,
  ])('a session refuses to be given %s', async change => {
    const id = await openSession('hash', `secret of ${change}`);
    await db.sql('update sessions set ended_at = v3pls_now() where id = $1', [id]);
    expect(await refusal(db.sql(`update sessions set ${change} where id = $1`, [id]))).toBe('V3A01');
  });

  it('a session lasts a month at most, and may end earlier', async () => {
    const year = `insert into sessions (secret_hash, parent_hash, expires_at) values ('s', 'p', v3pls_now() + interval '1 year')`;
    expect(await refusal(db.sql(year))).toBe('V3A01');
    const id = await openSession('hash', 'short');
    await db.sql(
      `update sessions set expires_at = expires_at - interval '1 day', ended_at = v3pls_now() where id = $1`,
      [id],
    );
  });

  it('a token that is removed leaves its trace; all of them at once are refused', async () => {
    await db.sql('delete from access_tokens where id = $1', [token]);
    expect(await lastAudit()).toMatchObject({
      actor: expect.stringMatching(/^sql:/),
      action: 'token_removed',
      subject: token,
      details: { role: 'admin' },
    });
    expect(await refusal(db.sql('truncate access_tokens'))).toBe('V3A01');
  });
});

// What the doctor makes of the environment: which variable must be there, and which secret could be guessed. Pure functions.
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Asked, judgeEnvironment, type Variable } from '../../scripts/doctor/environment.js';
import { estimateBits, judgeSecrets, shareInWords } from '../../scripts/doctor/secrets.js';

describe('the environment', () => {
  const variable = (name: string, state: Partial<Variable> = {}): Variable => ({
    name,
    isSet: false,
    complaint: null,
    isGenerated: false,
    ...state,
  });
  const judge = (name: string, state: Partial<Variable> = {}, asked: Asked = 'nobody') =>
    judgeEnvironment([variable(name, state)], asked)[0]!;

  it('must have the three secrets, unless a system is asked that has its own', () => {
    for (const name of ['ADMIN_TOKEN', 'CRON_SECRET', 'QUO_WEBHOOK_SECRETS']) {
      expect(judge(name)).toMatchObject({ id: `environment.${name}`, status: 'fail', measured: 'not set' });
      for (const asked of ['this machine', 'elsewhere'] as const) expect(judge(name, {}, asked).status).toBe('unknown');
      expect(judge(name, { isSet: true }).status).toBe('pass');
    }
  });

  it('may lack the rest; of PRIVACY_KEY it is said what is missing then', () => {
    for (const name of ['ALLOWED_ORIGINS', 'ALLOW_PREVIEW', 'QUO_API_KEY', 'QUO_API_URL', 'PORT', 'DATA_DIR'])
      expect(judge(name)).toMatchObject({ status: 'pass', measured: expect.stringMatching(/^not set[,;] /) });
    expect(judge('PRIVACY_KEY')).toMatchObject({ status: 'unknown', todo: expect.stringContaining('Erasing') });
  });

  it("without Quo's key says what is missing then", () => {
    expect(judge('QUO_API_KEY').measured).toContain('operators are shown by their ids');
    for (const name of ['QUO_API_KEY', 'QUO_API_URL']) expect(judge(name, { isSet: true }).status).toBe('pass');
  });

  it('with a value that cannot be used fails by the system’s own sentence', () => {
    const complaint = 'ADMIN_TOKEN must have at least 32 characters.';
    expect(judge('ADMIN_TOKEN', { isSet: true, complaint }, 'elsewhere')).toMatchObject({
      status: 'fail',
      measured: complaint,
    });
  });

  it('of this machine says nothing about a deployment elsewhere', () => {
    expect(judge('CRON_SECRET', { isSet: true, isGenerated: true }, 'elsewhere').status).toBe('unknown');
    expect(judge('CRON_SECRET', { isSet: true, isGenerated: true }).status).toBe('pass');
  });

  it('with ALLOW_PREVIEW is something to think about', () => {
    expect(judge('ALLOW_PREVIEW', { isSet: true }).status).toBe('unknown');
  });
});

describe('secrets', () => {
  const strength = (values: Record<string, string>) => judgeSecrets(values)[0]!;

  it('made by the usual commands pass', () => {
    for (let round = 0; round < 200; round += 1) {
      const secrets = {
        ADMIN_TOKEN: randomBytes(24).toString('base64url'),
        CRON_SECRET: randomBytes(32).toString('base64'),
        PRIVACY_KEY: randomBytes(32).toString('hex'),
      };
      expect(strength(secrets).status, 'a random secret').toBe('pass');
    }
  });

  it.each([
    ['one character', 'a'.repeat(40), 'repeats itself'],
    ['a short text again and again', 'k9X2'.repeat(10), 'repeats itself'],
    ['digits in a row', '0123456789'.repeat(4), 'repeats itself'],
    ['rows of the keyboard', 'qwertyuiopasdfghjklzxcvbnmqwertyuiop', 'repeats itself'],
    ['a few characters', 'k9X2pQ', 'is short enough to be guessed'],
    ['words', 'correct-horse-battery-staple-again-x', 'reads like words'],
    ['words written together', 'MySuperSecretAdminToken2026ForGolf!!', 'reads like words'],
    ['a placeholder', `changeme-${randomBytes(24).toString('hex')}`, 'is a placeholder'],
    ['a password', `password${randomBytes(24).toString('hex')}`, 'is a placeholder'],
  ])('of %s fail', (_, value, why) => {
    for (const name of ['ADMIN_TOKEN', 'CRON_SECRET', 'PRIVACY_KEY']) {
      const check = strength({ [name]: value });
      expect(check).toMatchObject({ status: 'fail', measured: expect.stringContaining(`${name} ${why}`) });
      expect(JSON.stringify(check)).not.toContain(value);
    }
  });

  it('that are the same fail, also where one is among several webhook secrets', () => {
    const [one, other] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
    const distinct = (values: Record<string, string>) => judgeSecrets(values)[1]!;
    expect(distinct({ ADMIN_TOKEN: one, CRON_SECRET: one })).toMatchObject({
      status: 'fail',
      measured: 'ADMIN_TOKEN and CRON_SECRET are the same',
    });
    expect(distinct({ CRON_SECRET: one, QUO_WEBHOOK_SECRETS: `${other}, ${one}` }).status).toBe('fail');
    expect(distinct({ ADMIN_TOKEN: one, CRON_SECRET: other }).status).toBe('pass');
  });

  it('that are not here are unknown, not well', () => {
    expect(judgeSecrets({}).map(check => check.status)).toEqual(['unknown', 'unknown']);
  });

  it('are estimated from above: sixteen random digits of sixteen kinds have at most 64 bits', () => {
    expect(estimateBits('b81f5c02e7a94d63')).toBe(64);
    expect(estimateBits('b81fb81fb81fb81f')).toBeLessThan(24);
    expect(shareInWords('cron-secret-1234')).toBeCloseTo(12 / 16);
  });
});

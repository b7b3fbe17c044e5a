/** The list of webhook secrets: a bad one is one clear sentence, and never its value. */
import { describe, expect, test } from 'vitest';
import { parseWebhookSecrets } from '../../lib/quo/signatures.js';
import vectors from './vectors.json' with { type: 'json' };

const STANDARD_SECRET = vectors.standard.secret;
const LEGACY_SECRET = vectors.legacy.secret;
const OTHER_KEY = Buffer.alloc(32, 0xfe).toString('base64');

describe('secrets are read once, and a bad one is a sentence without its value', () => {
  test('whsec_ is the new scheme, anything else the legacy one; blanks around the commas are fine', () => {
    const secrets = parseWebhookSecrets(` ${STANDARD_SECRET} , ${LEGACY_SECRET}\n`);
    expect(secrets.map(secret => secret.scheme)).toEqual(['standard', 'legacy']);
    expect(secrets[0]!.key.toString()).toBe('quo-test-signing-key-32-bytes!!!');
    expect(secrets[1]!.key).toHaveLength(29);
  });

  test.each([
    ['nothing', '', 'No webhook secret is set.'],
    ['blanks', '  \n', 'No webhook secret is set.'],
    ['an empty entry', `${STANDARD_SECRET},`, 'Webhook secret 2 of 2 is empty.'],
    ['a bare prefix', 'whsec_', 'Webhook secret 1 of 1 is empty.'],
    ['no base64', 'hunter2-hunter2-hunter2', 'not valid base64'],
    ['lost padding', OTHER_KEY.replace('=', ''), 'not valid base64'],
    ['quotes', `"${STANDARD_SECRET}"`, 'not valid base64'],
    ['a doubled prefix', `whsec_${STANDARD_SECRET}`, 'not valid base64'],
    [
      'a short key',
      `whsec_${Buffer.alloc(15, 1).toString('base64')}`,
      'Webhook secret 1 of 1 is shorter than 16 bytes.',
    ],
    ['too many', Array(21).fill(OTHER_KEY).join(','), 'More than 20 webhook secrets are set.'],
  ])('%s', (_name, list, sentence) => {
    expect(() => parseWebhookSecrets(list)).toThrow(sentence);
    try {
      parseWebhookSecrets(list);
    } catch (error) {
      for (const entry of list.split(',').filter(part => part.trim().length > 6)) {
        expect(String(error)).not.toContain(entry.replace(/^whsec_/, ''));
      }
    }
  });
});

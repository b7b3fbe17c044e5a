// The second hundred of the owner's statements, as hostile.test.ts tries the first.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectHarmless, prepareHostile, type Scene } from './hostile-measure.js';
import { HOSTILE } from './hostile-statements.js';
import { TRICKS } from './hostile-tricks.js';
import { DATABASES, type Session } from './support.js';

describe.each(DATABASES)('a hostile trick of the owner on %s', (_, open) => {
  let db: Session;
  let scene: Scene;
  beforeAll(async () => {
    db = await open();
    scene = await prepareHostile(db);
  });
  afterAll(() => db.close());

  it('is one of more than two hundred statements, each different', () => {
    const all = [...HOSTILE, ...TRICKS];
    expect(all.length).toBeGreaterThan(200);
    expect(new Set(all).size).toBe(all.length);
  });

  it.each(TRICKS)('leaves everything as safe as it was: %s', async statement => {
    await expectHarmless(db, scene, statement);
  });
});

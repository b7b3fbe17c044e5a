// Statements that somebody with the owner's password might run: none leaves anything on that was off, a setting looser, or
// evidence less than it was. What each leaves behind is measured inside its own transaction, which is then undone.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attempt, expectHarmless, prepareHostile, type Scene } from './hostile-measure.js';
import { COMMANDS, NAMELESS } from './hostile-nameless.js';
import { HOSTILE } from './hostile-statements.js';
import { DATABASES, type Session } from './support.js';

describe.each(DATABASES)('a hostile statement on %s', (_, open) => {
  let db: Session;
  let scene: Scene;
  beforeAll(async () => {
    db = await open();
    scene = await prepareHostile(db);
  });
  afterAll(() => db.close());

  it('begins with one approved pattern, learning on, the kill switch released', () => {
    expect(scene.calm).toMatchObject({
      active: [scene.ids.on],
      executable: 0,
      trusted: 0,
      looser: [],
      settings: 13,
      latched: false,
      lease: false,
      evidence: { history: expect.any(String), audit: expect.any(String), incidents: expect.any(String) },
    });
    expect(HOSTILE.length).toBeGreaterThan(100);
    expect(new Set(HOSTILE).size).toBe(HOSTILE.length);
  });

  it.each(HOSTILE)('leaves everything as safe as it was: %s', async statement => {
    await expectHarmless(db, scene, statement);
  });

  it.each(NAMELESS)('is refused, for nobody gave this command: %s', async statement => {
    expect(await expectHarmless(db, scene, statement)).toEqual(expect.any(String));
  });

  it.each(Object.entries(COMMANDS))('is accepted with a name: %s', async (_table, command) => {
    expect(await attempt(db, scene.ids, command(`'admin:ada'`))).toEqual(expect.any(Object));
  });
});

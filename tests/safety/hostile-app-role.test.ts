// Every hostile statement with the rights of the functions' own role, and those that only the owner may run at all: none succeeds.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createTestDatabase, type TestDatabase, withUser } from '../support/postgres.js';
import { attempt, expectHarmless, prepareHostile, type Scene } from './hostile-measure.js';
import { COMMANDS, NAMELESS } from './hostile-nameless.js';
import { HOSTILE } from './hostile-statements.js';
import { OWNERS_ONLY, TRICKS } from './hostile-tricks.js';
import { connect, type Session } from './support.js';

/** The code of a right that was not given. */
const NO_RIGHT = '42501';

let database: TestDatabase;
let owner: Session;
let app: Session;
let scene: Scene;
const tally = { refused: 0, byRights: 0, harmless: 0 };
beforeAll(async () => {
  database = await createTestDatabase();
  owner = await connect(database.url);
  scene = await prepareHostile(owner);
  await owner.script('grant select on settings_before, kept to public');
  app = await connect(withUser(database.url, inject('postgresAppRole')));
});
afterAll(async () => {
  console.log(
    `as the functions' role: ${tally.refused} refused (${tally.byRights} for want of a right), ${tally.harmless} without effect`,
  );
  await Promise.all([owner.close(), app.close()]);
  await database.close();
});

async function tryAsApp(statement: string): Promise<string | null> {
  const code = await expectHarmless(app, scene, statement);
  if (code === null) tally.harmless += 1;
  else tally.refused += 1;
  if (code === NO_RIGHT) tally.byRights += 1;
  return code;
}

describe("A hostile statement of the functions' role", () => {
  it('is one of more than two hundred, and the role has the right to measure what each leaves behind', async () => {
    expect(new Set([...HOSTILE, ...TRICKS, ...OWNERS_ONLY, ...NAMELESS]).size).toBeGreaterThan(200);
    expect(await attempt(app, scene.ids, 'select 1')).toEqual(scene.calm);
    expect(await attempt(app, scene.ids, COMMANDS.activations!(`'admin:ada'`))).toMatchObject({
      active: expect.arrayContaining([scene.ids.off]),
    });
  });

  it.each([...HOSTILE, ...TRICKS])('leaves everything as safe as it was: %s', async statement => {
    await tryAsApp(statement);
  });

  it.each(OWNERS_ONLY)('is refused, for the owner alone may: %s', async statement => {
    expect(await tryAsApp(statement)).toEqual(expect.any(String));
  });

  it.each(NAMELESS)('is refused, for nobody gave this command: %s', async statement => {
    expect(await tryAsApp(statement)).toEqual(expect.any(String));
  });
});

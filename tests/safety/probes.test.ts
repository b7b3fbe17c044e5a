// Each guard by the attempt that it alone refuses, or the act that it alone does; the long tests drop the guards in turn and see
// these fail.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ids, prepareHostile } from './hostile-measure.js';
import { probe } from './probe.js';
import { PROBES } from './probes.js';
import { DATABASES, type Session } from './support.js';

describe.each(DATABASES)('on %s', (_name, open) => {
  let db: Session;
  let ids: Ids;
  beforeAll(async () => {
    db = await open();
    ({ ids } = await prepareHostile(db));
  });
  afterAll(() => db.close());

  it.each(PROBES)('$name', async one => {
    expect(await probe(db, ids, one)).toBe('as it should be');
  });
});

it('no two probes have one name', () => {
  expect(new Set(PROBES.map(({ name }) => name)).size).toBe(PROBES.length);
});

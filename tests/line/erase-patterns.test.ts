import { beforeEach, describe, expect, it } from 'vitest';
import { followWhole } from '../../lib/follow.js';
import { heldMatcher, knownRevision } from '../../lib/matcher.js';
import { insertReason, renewLease } from '../safety/support.js';
import type { TestDatabase } from '../support/postgres.js';
import {
  ANSWER,
  bystanders,
  createErasableLine,
  dump,
  erase,
  findHits,
  NUMBER,
  QUESTION,
  SHARED_QUESTION,
  TRACES,
  talk,
  target,
} from './support/erasing.js';
import { count, deliver, openThread, runCron } from './support/quo-line.js';

let db: TestDatabase;
beforeEach(async () => {
  db = await createErasableLine();
  return () => db.close();
});

type Row = {
  id: string;
  trigger: string;
  template: string;
  version: number;
  active: boolean;
  retired: boolean;
  exchanges: number;
};
const patterns = () =>
  db.sql<Row>(
    `select id, trigger_text as trigger, response_template as template, version, is_active as active,
       retired_at is not null as retired, exchange_count as exchanges from decision_patterns order by created_at, id`,
  );
const patternLike = async (words: string) =>
  (await patterns()).find(row => `${row.trigger} ${row.template}`.includes(words))!;
const edit = (id: string, changes: string) =>
  db.sql(`update decision_patterns set ${changes}, edited_at = v3pls_now(), changed_by = 'token:ada' where id = $1`, [
    id,
  ]);
const isClean = async () => expect((await runCron()).body).toMatchObject({ status: 'clean' });

describe('Patterns, when a customer who taught them is erased', () => {
  it('one that was learned from them alone goes, with every wording it ever had', async () => {
    await talk();
    const { id } = await patternLike('zeppelin');
    expect(await erase(NUMBER)).toMatchObject({ patternsRemoved: 1 });
    expect((await patterns()).map(row => row.id)).not.toContain(id);
    expect(
      await db.sql('select trigger_text, response_template from pattern_versions where pattern_id = $1', [id]),
    ).toEqual([{ trigger_text: null, response_template: null }]);
    await isClean();
  });

  it('one that others taught too stays, with words and evidence of the others', async () => {
    await talk();
    const before = await patternLike('xylophone');
    expect(before).toMatchObject({ trigger: SHARED_QUESTION, exchanges: 3, version: 1 });
    expect(await erase(NUMBER)).toMatchObject({ patternsRebuilt: 1, switchedOff: [] });
    const [after, ...others] = await patterns();
    expect(others).toEqual([]);
    expect(after).toMatchObject({ id: before.id, template: before.template, exchanges: 2, version: 2 });
    expect(after!.trigger).toMatch(/^(where can a trailer be parked|is there a place for my trailer)$/);
    await isClean();
  });

  it('one whose words others said too keeps them, and its version, and stays active', async () => {
    await deliver(target.asks(0, 'where is the sauna'));
    await deliver(target.answers(1, 'The sauna is behind the pool'));
    await deliver(bystanders[0]!.asks(10, 'where is the sauna'));
    await deliver(bystanders[0]!.answers(11, 'The sauna is behind the pool'));
    const { id } = await patternLike('sauna');
    await activate(id);
    expect(await erase(NUMBER)).toMatchObject({ patternsRemoved: 0, patternsRebuilt: 0, switchedOff: [] });
    expect(await patterns()).toMatchObject([{ id, version: 1, active: true, exchanges: 1 }]);
    await isClean();
  });

  it('an active one whose words change is switched off, and the answer names it', async () => {
    await talk();
    const shared = await patternLike('xylophone');
    const own = await patternLike('zeppelin');
    await activate(shared.id);
    await activate(own.id);
    const { switchedOff } = await erase(NUMBER);
    expect(switchedOff.sort()).toEqual([shared.id, own.id].sort());
    expect(await patterns()).toMatchObject([{ id: shared.id, active: false }]);
    await isClean();
  });

  it('a pattern that a person wrote stays, without the evidence, and its learned wordings are blank', async () => {
    await talk();
    const { id } = await patternLike('zeppelin');
    await edit(id, `trigger_text = 'is the big hall warm', response_template = 'The big hall is warm'`);
    expect(await erase(NUMBER)).toMatchObject({ patternsRemoved: 0 });
    expect(await patternLike('big hall')).toMatchObject({ id, version: 2, exchanges: 0 });
    expect(
      await db.sql('select version, trigger_text from pattern_versions where pattern_id = $1 order by version', [id]),
    ).toEqual([
      { version: 1, trigger_text: null },
      { version: 2, trigger_text: 'is the big hall warm' },
    ]);
    expect(findHits(await dump(db), TRACES)).toEqual([]);
    await isClean();
  });

  it('where a person changed one side only, the other side goes', async () => {
    await talk();
    const { id } = await patternLike('zeppelin');
    await edit(id, `response_template = 'The big hall is warm'`);
    await edit((await patternLike('xylophone')).id, `response_template = 'Trailers go next to the fence'`);
    await erase(NUMBER);
    expect(await patternLike('big hall')).toMatchObject({ id, trigger: '[erased]', retired: false });
    expect((await patternLike('next to the fence')).trigger).toMatch(/trailer/);
    expect(findHits(await dump(db), TRACES)).toEqual([]);
    await isClean();
  });

  it('words that the learning took back, or that a merge hid in a retired pattern, go too', async () => {
    await deliver(target.asks(0, QUESTION));
    // A burst: the first text taught a pattern whose words the second text changed.
    await deliver(target.answers(1, ANSWER));
    await deliver(target.answers(2, 'and marzipan is sold beside it all year'));
    await deliver(target.asks(20, SHARED_QUESTION));
    await deliver(target.answers(21, 'Your xylophone is safe in the yard with the green gate'));
    await deliver(bystanders[0]!.asks(30, 'do you have towels'));
    await deliver(bystanders[0]!.answers(31, 'Towels are handed out at the desk'));
    const [from, into] = [await patternLike('xylophone'), await patternLike('owels')];
    await db.sql(
      `insert into pattern_commands (pattern_id, action, target_id, target_version, actor) values ($1, 'merge', $2, 1, 'admin')`,
      [from.id, into.id],
    );
    expect(findHits(await dump(db), TRACES).filter(hit => hit.startsWith('pattern_versions'))).not.toEqual([]);
    await erase(NUMBER);
    expect(findHits(await dump(db), TRACES)).toEqual([]);
    expect(await patterns()).toMatchObject([{ id: into.id, version: 1, exchanges: 1 }]);
    await isClean();
  });

  it('words of a pattern that is gone, which nothing points to any more, go too', async () => {
    await deliver(target.asks(0, QUESTION));
    await deliver(target.answers(1, ANSWER));
    await db.sql(`update threads set dont_learn = true, version = version + 1 where id = 'CN1'`);
    await followWhole('CN1');
    const { id } = (await db.sql<{ id: string }>('select pattern_id as id from removed_patterns'))[0]!;
    const versions = () =>
      db.sql('select trigger_text, response_template from pattern_versions where pattern_id = $1', [id]);
    expect(JSON.stringify(await versions())).toContain('zeppelin');
    await erase(NUMBER);
    expect(await versions()).toEqual([{ trigger_text: null, response_template: null }]);
    expect(findHits(await dump(db), TRACES)).toEqual([]);
    await isClean();
  });

  it('a pattern that is older than anything they said is not theirs, even if they said the same', async () => {
    await deliver(bystanders[0]!.asks(0, 'where is the sauna'));
    await deliver(bystanders[0]!.answers(1, 'The sauna is behind the pool'));
    await deliver(target.asks(10, 'where is the sauna'));
    await deliver(target.answers(11, 'The sauna is behind the pool'));
    // The texts of the one who taught it are past their time.
    await db.sql(`update exchanges set customer_text = null, previous_operator_text = null, reply_text = null
      where thread_id = 'CN2'`);
    expect(await erase(NUMBER)).toMatchObject({ patternsRemoved: 0, patternsRebuilt: 0 });
    expect(await patterns()).toMatchObject([{ trigger: 'where is the sauna', version: 1, exchanges: 1 }]);
  });

  it('a pattern of another program keeps its words, whoever else was credited to it', async () => {
    await db.sql(`insert into decision_patterns (pattern_type, trigger_text, response_template)
      values ('faq', 'is the hall heated', 'The hall is heated until summer')`);
    await deliver(target.asks(0, 'is the hall heated'));
    await deliver(target.answers(1, 'The hall is heated until summer'));
    expect(await patterns()).toMatchObject([{ exchanges: 1, version: 1 }]);
    await erase(NUMBER);
    expect(await patterns()).toMatchObject([{ trigger: 'is the hall heated', exchanges: 0, version: 1 }]);
    await isClean();
  });

  it('a warm instance forgets with its next request: no example and no wording of theirs is left in memory', async () => {
    await talk();
    const known = knownRevision();
    expect(known).toBeGreaterThan(0);
    await erase(NUMBER);
    await deliver(openThread(9).asks(60, 'is anybody there'));
    expect(knownRevision()).toBeGreaterThan(known);
    const { model } = heldMatcher()!;
    const { words, numbers } = model.index.lexicon;
    const memory = JSON.stringify([[...model.patterns.values()], [...model.waiting], words, [...numbers.keys()]]);
    expect(memory).toMatch(/trailer/);
    for (const word of TRACES) expect(memory).not.toContain(word);
    expect(memory).not.toMatch(/zeppelin|xylophone/);
  });

  it('reasons that were given for acts on what is erased are blank, others stay', async () => {
    await talk();
    const { id } = await patternLike('zeppelin');
    await activate(id, 'Sarah asked so nicely');
    await db.sql(`insert into pattern_commands (pattern_id, action, actor, reason_id)
      values ('${(await patternLike('xylophone')).id}', 'deactivate', 'admin', (select id from reasons limit 0))`);
    await insertReason(session(), 'checked by the owner');
    await erase(NUMBER);
    expect(await db.sql('select text from reasons where text is not null')).toEqual([{ text: 'checked by the owner' }]);
    expect(await count(db, 'activations')).toBe(1);
  });
});

const session = () => ({ sql: db.sql, script: async (text: string) => void (await db.sql(text)), close: db.close });

async function activate(id: string, reason?: string): Promise<void> {
  await renewLease(session());
  const reasonId = reason ? await insertReason(session(), reason) : null;
  const [row] = await db.sql<{ version: number }>('select version from decision_patterns where id = $1', [id]);
  await db.sql(`insert into activations (pattern_id, version, actor, reason_id) values ($1, $2, 'admin', $3)`, [
    id,
    row!.version,
    reasonId,
  ]);
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countTrips } from '../../db/client.js';
import { createLine, openThread, setLearning } from '../line/support/quo-line.js';
import type { TestDatabase } from '../support/postgres.js';
import { listenToLog } from './support/calls.js';
import { exchangesOf, learnPattern, listExchanges } from './support/exchange-list.js';
import { deliverAll, OTHER_QUESTION, OTHER_REPLY, QUESTION, REPLY } from './support/marking.js';
import { makeToken } from './support/people.js';

let db: TestDatabase;
let log: ReturnType<typeof listenToLog>;
beforeEach(async () => {
  db = await createLine();
  log = listenToLog();
  return () => db.close();
});
afterEach(() => log.stop());

describe('An exchange', () => {
  it('shows what was said beside what would have been said, and how that compared', async () => {
    const patternId = await learnPattern(db);
    const { asks, answers, threadId } = openThread(1);
    await deliverAll([asks(0, QUESTION), answers(2, REPLY)]);
    const [row] = await exchangesOf(threadId);
    expect(row).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      threadId,
      customerText: QUESTION,
      operatorText: REPLY,
      operator: 'USanna',
      operatorName: null,
      at: '2026-09-14T15:00:00.000Z',
      decision: {
        kind: 'would_reply',
        patternId,
        matchConfidence: expect.any(Number),
        text: REPLY,
        reasons: [],
        gates: [
          { id: 'below_match_threshold', ok: true, measured: expect.any(Number), required: 0.5 },
          { id: 'unfillable', ok: true, measured: 0, required: 0 },
        ],
        committedAt: expect.stringMatching(/^\d{4}-.*Z$/),
        late: false,
      },
      agreement: 'agreed',
      learnedPatternId: patternId,
      skipped: null,
      dontLearn: false,
      threadDontLearn: false,
    });
  });

  it('that is open still shows the question, the decision, and no answer', async () => {
    await learnPattern(db);
    const { asks, threadId } = openThread(1);
    await deliverAll([asks(0, QUESTION)]);
    expect(await exchangesOf(threadId)).toMatchObject([
      {
        customerText: QUESTION,
        operatorText: null,
        operator: null,
        decision: { kind: 'would_reply', text: REPLY, late: false },
        agreement: null,
        learnedPatternId: null,
        skipped: null,
      },
    ]);
  });

  it('says which gate said no and what it measured', async () => {
    const patternId = await learnPattern(db);
    await db.sql(`update pattern_learning_config set config_value = '0.9' where config_key = 'match_threshold'`);
    const { asks, threadId } = openThread(1);
    await deliverAll([asks(0, 'may my dog come along to the pass office on a day in spring')]);
    expect(await exchangesOf(threadId)).toMatchObject([
      {
        decision: {
          kind: 'abstained',
          patternId,
          text: REPLY,
          reasons: ['below_match_threshold'],
          gates: [
            { id: 'below_match_threshold', ok: false, measured: expect.any(Number), required: 0.9 },
            { ok: true },
          ],
        },
      },
    ]);
  });

  it('shows the template with its blanks, not with values', async () => {
    const first = openThread(91, Date.UTC(2026, 8, 13, 15));
    await deliverAll([
      first.asks(0, 'could I book the squash court for 5pm'),
      first.answers(1, 'The squash court is yours at 5pm, bring indoor shoes'),
    ]);
    const { asks, threadId } = openThread(1);
    await deliverAll([asks(0, 'could I book the squash court for 7pm')]);
    const [row] = await exchangesOf(threadId);
    expect(row!.decision!.text).toBe('The squash court is yours at {{time}}, bring indoor shoes');
  });

  it('of a burst has the decision of the last text before the answer', async () => {
    const patternId = await learnPattern(db);
    const { asks, answers, threadId } = openThread(1);
    await deliverAll([asks(0, 'hi there people'), asks(1, QUESTION), answers(2, REPLY)]);
    const decisions = await db.sql<{ id: string; last_message_id: string }>(
      'select id, last_message_id from shadow_decisions where thread_id = $1 order by id',
      [threadId],
    );
    expect(decisions.map(decision => decision.last_message_id)).toEqual(['AC1t001', 'AC1t002']);
    expect(await exchangesOf(threadId)).toMatchObject([
      { customerText: `hi there people\n${QUESTION}`, decision: { patternId, late: false }, agreement: 'agreed' },
    ]);
  });

  it('has a late decision only where there is no other', async () => {
    await learnPattern(db);
    const first = openThread(1);
    const question = first.asks(0, QUESTION);
    await deliverAll([first.answers(2, REPLY), question]);
    expect(await exchangesOf(first.threadId)).toMatchObject([{ decision: { late: true }, agreement: null }]);
    const second = openThread(2);
    const late = second.asks(1, OTHER_QUESTION);
    await deliverAll([second.asks(0, QUESTION), second.answers(2, REPLY), late]);
    expect(await exchangesOf(second.threadId)).toMatchObject([
      { customerText: `${QUESTION}\n${OTHER_QUESTION}`, decision: { kind: 'would_reply', late: false } },
    ]);
  });

  it('has the newest judgement of that decision', async () => {
    await learnPattern(db);
    const { asks, answers, threadId } = openThread(1);
    await deliverAll([asks(0, QUESTION), answers(1, 'Ring the bell twice please')]);
    expect(await exchangesOf(threadId)).toMatchObject([{ agreement: 'disagreed' }]);
    await deliverAll([answers(2, `${REPLY}. ${REPLY}`)]);
    expect(await exchangesOf(threadId)).toMatchObject([{ agreement: 'agreed' }]);
  });

  it('that came while learning was off has no decision, and says so', async () => {
    await setLearning(db, false);
    const { asks, answers, threadId } = openThread(1);
    await deliverAll([asks(0, QUESTION), answers(1, REPLY)]);
    expect(await exchangesOf(threadId)).toMatchObject([
      { customerText: QUESTION, operatorText: REPLY, decision: null, agreement: null, skipped: 'learning_off' },
    ]);
  });

  it('that the messages no longer derive is not shown', async () => {
    const { asks, threadId } = openThread(1);
    await deliverAll([asks(0, QUESTION), asks(70, OTHER_QUESTION)]);
    expect(await exchangesOf(threadId)).toHaveLength(2);
    await deliverAll([asks(35, 'and where do I pay')]);
    expect(await exchangesOf(threadId)).toHaveLength(1);
  });

  it('without a question is shown to who asks for just that', async () => {
    const { answers, threadId } = openThread(1);
    await deliverAll([answers(0, REPLY)]);
    expect(await listExchanges()).toEqual([]);
    expect(await listExchanges('decision=abstained')).toEqual([]);
    expect(await exchangesOf(threadId, 'reason=no_customer_turn')).toMatchObject([
      { customerText: null, operatorText: REPLY, decision: null, skipped: 'no_customer_turn' },
    ]);
  });

  it('shows a viewer everything but the texts', async () => {
    await learnPattern(db);
    const { asks, answers, threadId } = openThread(1);
    await deliverAll([asks(0, QUESTION), answers(1, REPLY), asks(3, QUESTION)]);
    const rows = await listExchanges('', await makeToken(db, 'viewer'));
    expect(rows.filter(row => row.threadId === threadId)).toMatchObject([
      { customerText: null, operatorText: null, decision: { text: null }, skipped: null },
      { customerText: null, operatorText: null, decision: { kind: 'would_reply', text: null }, agreement: 'agreed' },
    ]);
    expect(rows.some(row => row.textHidden)).toBe(false);
    expect(await listExchanges('', await makeToken(db, 'operator'))).toEqual(await listExchanges());
  });

  it('whose texts are erased has none', async () => {
    const { asks, answers, threadId } = openThread(1);
    await deliverAll([asks(0, 'STOP'), answers(1, OTHER_REPLY)]);
    await db.sql('update messages set text = null where thread_id = $1', [threadId]);
    const [row] = await exchangesOf(threadId);
    expect(row).toMatchObject({ customerText: null, operatorText: null, skipped: 'opt_out' });
    expect(row!.textHidden).toBeUndefined();
  });

  it('is answered in one round trip, whoever asks for whatever', async () => {
    await learnPattern(db);
    for (const query of ['', 'decision=abstained&reason=opt_out&limit=3']) {
      const before = countTrips();
      await listExchanges(query);
      expect(countTrips() - before).toBe(1);
    }
  });
});

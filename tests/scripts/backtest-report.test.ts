/** The backtest's report: its sentence can be counted again from the decisions file, nothing of the tested part chose the patterns, and texts stay text. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../scripts/backtest/report.js';
import { saySentence, sayShare } from '../../scripts/backtest/sentences.js';
import type { QuoListItem } from '../../scripts/quo/encode.js';
import { runScriptFile } from './support/system.js';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 5, 1, 9);
const DAYS = 100;
/** 30 days before the end, at midnight. */
const SPLIT = '2026-08-10T00:00:00.000Z';
const HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">\u202egnp.exe';
const THEMES = [
  {
    asked: ['do you have parking?', 'where can I leave my car', 'is there parking at your place', 'can I park there'],
    answer: 'Yes, parking is free behind the building <b>all day</b>.',
    other: `Our lot is being rebuilt, so please use the street this week ${HOSTILE}`,
  },
  {
    asked: ['the screen in my bay is frozen', 'simulator froze up again', 'my screen is stuck', 'the bay froze'],
    answer: 'Restart the computer with the button under the desk please.',
    other: 'A technician is already on the way to you, hold on for him.',
  },
  {
    asked: ['can I bring my own clubs', 'are own clubs allowed', 'may we use our own clubs', 'own clubs ok?'],
    answer: 'Own clubs are welcome, just wipe them before you start.',
    other: 'Not for tournaments, there everybody plays with ours.',
  },
];

/** The first question of the tested part that is answered otherwise. */
const FIRST_OTHER = 210;

type Message = Pick<QuoListItem, 'id' | 'direction' | 'text' | 'createdAt'> & { threadId: string };

/** Three questions a day, each a customer of its own; in the tested part every seventh is answered otherwise, every tenth not at all. */
function makeLine(): Message[] {
  return Array.from({ length: DAYS * 3 }, (_, i) => {
    const theme = THEMES[i % 3]!;
    const askedMs = START_MS + Math.floor(i / 3) * DAY_MS + (i % 3) * 3_600_000;
    const isTested = askedMs >= Date.parse(SPLIT);
    const threadId = `CN${i}`;
    const at = (ms: number) => new Date(ms).toISOString();
    const asked = `${theme.asked[i % theme.asked.length]!}${i === FIRST_OTHER ? ` ${HOSTILE}` : ''}`;
    const question = { id: `ACq${i}`, direction: 'incoming' as const, text: asked, createdAt: at(askedMs), threadId };
    const text = isTested && i % 7 === 0 ? theme.other : theme.answer;
    const createdAt = at(askedMs + (60 + (i % 5)) * 1_000);
    const isAnswered = !(isTested && i % 10 === 5);
    return [
      question,
      ...(isAnswered ? [{ id: `ACr${i}`, direction: 'outgoing' as const, text, createdAt, threadId }] : []),
    ];
  }).flat();
}

const toItem = ({ id, direction, text, createdAt, threadId }: Message) => {
  const [line, customer] = ['+15550142000', `+1555${String(1_000_000 + Number(threadId.slice(2)))}`];
  return {
    ...{ id, direction, text, createdAt, conversationId: threadId, phoneNumberId: 'PN1' },
    ...(direction === 'incoming' ? { from: customer, to: [line] } : { from: line, to: [customer], userId: 'US1' }),
  };
};

type DecisionLine = {
  customerMessageIds: string[];
  operatorMessageIds: string[];
  predicted: { patternId: string; text: string; abstained?: boolean } | null;
  agreement: string | null;
};

const folder = mkdtempSync(path.join(tmpdir(), 'v3pls-backtest-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');
const run = (...words: string[]) => runScriptFile('backtest.ts', words, folder, {});

const line = makeLine();
let report: Report;
let decisions: DecisionLine[];
let page: string;
beforeAll(async () => {
  writeFileSync(path.join(folder, 'line.jsonl'), line.map(message => JSON.stringify(toItem(message))).join('\n'));
  const { stdout } = await run('line.jsonl', '--json', '--decisions', 'all.jsonl', '--html', 'page.html');
  report = (JSON.parse(stdout) as { report: Report }).report;
  decisions = read('all.jsonl')
    .trim()
    .split('\n')
    .map(text => JSON.parse(text) as DecisionLine);
  page = read('page.html');
});

describe('the sentence', () => {
  const askedAt = new Map(line.map(({ id, createdAt }) => [id, createdAt]));
  const isTested = ({ customerMessageIds: [id] }: DecisionLine) => id !== undefined && askedAt.get(id)! >= SPLIT;

  it('says what an independent count of the decisions file says', () => {
    const words = new Map(report.patterns.map(({ patternId, responseTemplate }) => [patternId, responseTemplate]));
    const tested = decisions.filter(isTested);
    const covered = tested.filter(
      ({ predicted }) => predicted && !predicted.abstained && words.get(predicted.patternId) === predicted.text,
    );
    const agreed = covered.filter(({ agreement }) => agreement === 'agreed').length;
    const disagreed = covered.filter(({ agreement }) => agreement === 'disagreed').length;
    expect(covered.length).toBeGreaterThan(30);
    expect(disagreed).toBeGreaterThan(5);
    expect(report.testedFrom).toBe(SPLIT);
    expect(report.sentence).toBe(
      `These ${words.size} patterns would have covered ${sayShare(covered.length, tested.length)} of the texts from 10 August 2026 to 8 September 2026 (${covered.length} of ${tested.length}) at ${sayShare(agreed, agreed + disagreed)} agreement (${agreed} of ${agreed + disagreed} judged), and here are the ${disagreed} times they were wrong.`,
    );
    expect(report.wrong.map(({ customerMessageIds }) => customerMessageIds)).toEqual(
      covered.filter(({ agreement }) => agreement === 'disagreed').map(({ customerMessageIds }) => customerMessageIds),
    );
  });

  it('is made by patterns whose evidence stood in the file before the tested part', () => {
    expect(report.patterns.length).toBeGreaterThan(1);
    for (const { patternId, before, responseTemplate } of report.patterns) {
      const judged = decisions.filter(
        turn =>
          !isTested(turn) &&
          turn.predicted?.patternId === patternId &&
          turn.predicted.text === responseTemplate &&
          !turn.predicted.abstained &&
          turn.agreement !== 'ignored',
      );
      expect(before.judged).toBe(judged.length);
      expect(before.agreed).toBe(judged.filter(({ agreement }) => agreement === 'agreed').length);
      expect(before.judged).toBeGreaterThanOrEqual(5);
      expect(before.agreed / before.judged).toBeGreaterThanOrEqual(0.8);
      expect(before.customers).toBeGreaterThanOrEqual(3);
    }
  });

  it('chooses the same patterns, whatever is answered in the tested part', async () => {
    const without = line.filter(({ createdAt, direction }) => createdAt < SPLIT || direction === 'incoming');
    writeFileSync(path.join(folder, 'cut.jsonl'), without.map(message => JSON.stringify(toItem(message))).join('\n'));
    const { stdout } = await run('cut.jsonl', '--json', '--from', SPLIT);
    const cut = (JSON.parse(stdout) as { report: Report }).report;
    const chosen = ({ patterns }: Report) =>
      patterns
        .map(({ patternId, before }) => ({ patternId, before }))
        .sort((a, b) => (a.patternId < b.patternId ? -1 : 1));
    expect(chosen(cut)).toEqual(chosen(report));
    expect(cut.sentence).toMatch(/^Staff answered no customer's text from 10 August 2026/);
  });

  it('counts time by the turns that agreed, and questions without an answer nowhere', () => {
    const sentAt = (id: string) => Date.parse(askedAt.get(id)!);
    const words = new Map(report.patterns.map(({ patternId, responseTemplate }) => [patternId, responseTemplate]));
    const waits = decisions
      .filter(turn => isTested(turn) && turn.agreement === 'agreed' && !turn.predicted!.abstained)
      .filter(({ predicted }) => words.get(predicted!.patternId) === predicted!.text)
      .map(turn => (sentAt(turn.operatorMessageIds[0]!) - sentAt(turn.customerMessageIds[0]!)) / 1_000)
      .sort((a, b) => a - b);
    const median = waits[Math.floor(waits.length / 2)]!;
    expect(report.workloadSaved).toMatchObject({
      n: waits.length,
      medianSeconds: median,
      seconds: waits.length * median,
    });
    expect(report.unanswered.turns).toBe(
      line.filter(({ id, createdAt }) => createdAt >= SPLIT && id.startsWith('ACq')).length - report.turns,
    );
    expect(report.unanswered.turns).toBeGreaterThan(0);
  });

  it('never rounds to all or nothing, and says what there is to say of nothing', () => {
    expect([sayShare(999, 1000), sayShare(1, 1000), sayShare(1000, 1000), sayShare(0, 9), sayShare(0, 0)]).toEqual([
      '99 %',
      '1 %',
      '100 %',
      '0 %',
      '-',
    ]);
    const facts = { testedFrom: SPLIT, testedTo: SPLIT, turns: 7, covered: 0, judged: 0, agreed: 0, disagreed: 0 };
    expect(saySentence({ ...facts, patterns: [] })).toBe(
      'No pattern had evidence enough before 10 August 2026: none of the 7 texts from 10 August 2026 to 10 August 2026 would have been covered.',
    );
  });
});

describe('the page', () => {
  it('shows the hostile texts literally', () => {
    const isShown = (text: string) => page.includes(text);
    expect(
      isShown(
        'is there parking at your place &lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=&quot;alert(2)&quot;&gt;',
      ),
    ).toBe(true);
    expect(isShown('please use the street this week &lt;script&gt;alert(')).toBe(true);
    expect(isShown('parking is free behind the building &lt;b&gt;all day&lt;/b&gt;')).toBe(true);
    expect(isShown('\u202e')).toBe(false);
  });

  it('needs nothing but itself: no script, no handler, no address', () => {
    const tags = page.match(/<[a-z][^>]*>/gi)!;
    const names = new Set(tags.map(tag => /^<([a-z0-9]+)/i.exec(tag)![1]!.toLowerCase()));
    for (const name of ['script', 'img', 'iframe', 'link', 'a', 'object', 'form', 'b'])
      expect(names).not.toContain(name);
    expect(tags.filter(tag => /\s(on\w+|src|href|style|xlink:href)\s*=/i.test(tag))).toEqual([]);
    expect(/url\(|@import|https?:/i.exec(page)).toBeNull();
    expect(page.includes(`content="default-src 'none'; style-src 'unsafe-inline'"`)).toBe(true);
  });

  it('has a table under each plot, with the numbers that are drawn', () => {
    const plots = page.match(/<svg /g)!.length;
    expect(plots).toBe(2);
    expect(page.match(/<\/figure>\s*<div class="wide"[^>]*><table>/g)).toHaveLength(plots);
    for (const { answered, judged, agreed } of report.curve)
      expect(page).toContain(
        `<td class="n">${answered}</td><td class="n">${sayShare(answered, report.turns)}</td><td class="n">${judged}</td><td class="n">${agreed}</td>`,
      );
    expect(page).toContain(report.sentence);
  });
});

it('does not write over the file that it reads, nor two of its own into one', async () => {
  expect((await run('line.jsonl', '--html', 'line.jsonl')).stderr).toBe(
    '--html names the file that is read: it would be emptied.\n',
  );
  expect((await run('line.jsonl', '--decisions', 'one', '--html', 'one')).stderr).toBe(
    '--html names the file of --decisions: it would be emptied.\n',
  );
  expect(read('line.jsonl').split('\n')).toHaveLength(line.length);
});

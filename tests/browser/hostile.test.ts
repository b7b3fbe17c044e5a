/** Forty hostile texts, through every way by which words come onto the page: they stand there letter by letter, and nothing else happens. */
import { sql } from 'drizzle-orm';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { LINE_NUMBER, operatorId } from '../../scripts/demo/build-sample-line.js';
import type { QuoListItem } from '../../scripts/quo/encode.js';
import { chooseSigner, replayMessages } from '../../scripts/server/replay-messages.js';
import { openDesk } from './support/desk.js';
import { HOSTILE_TEXTS, TRACE } from './support/hostile-texts.js';
import { DESK, PHONE, settle, type Visit } from './support/visit.js';

const desk = openDesk('empty');

const START_MS = Date.parse('2026-09-14T15:00:00Z');
/** By this a text is found again in a section. */
const mark = (at: number) => ` §${String(at + 1).padStart(2, '0')}`;
/** Not more than the server takes, and no half character. */
const cut = (text: string, most: number) => text.slice(0, most).replace(/[\ud800-\udbff]$/, '');

type Listed = { id: string; version: number; triggerText: string; responseTemplate: string };
let patterns: Listed[];
const counts = { delivered: 0, edited: 0, refused: 0 };

async function succeed(...call: Parameters<typeof desk.call>): Promise<unknown> {
  const { status, body } = await desk.call(...call);
  expect([call[2], status, body]).toEqual([call[2], expect.toSatisfy(code => code >= 200 && code < 300), body]);
  return body;
}

/** A customer asks with the text, and an operator answers with it. */
function makeDialogue(text: string, at: number): QuoListItem[] {
  const customer = `+1555700${String(1000 + at)}`;
  const moment = (minutes: number) => new Date(START_MS + at * 3_600_000 + minutes * 60_000).toISOString();
  const thread = { conversationId: `CNhostile${at}`, phoneNumberId: 'PNhostile' };
  return [
    {
      ...thread,
      id: `AChostile${at}q`,
      direction: 'incoming',
      from: customer,
      to: [LINE_NUMBER],
      text,
      userId: null,
      status: 'received',
      createdAt: moment(0),
    },
    {
      ...thread,
      id: `AChostile${at}a`,
      direction: 'outgoing',
      from: LINE_NUMBER,
      to: [customer],
      text: `We answer: ${text}`,
      userId: operatorId('Nora'),
      status: 'delivered',
      createdAt: moment(4),
    },
  ];
}

beforeAll(async () => {
  await succeed('admin', 'PATCH', '/api/config', { values: { enabled: true }, reason: HOSTILE_TEXTS[0]!.text });
  const items = HOSTILE_TEXTS.flatMap(({ text }, at) => makeDialogue(text + mark(at), at));
  const { statuses } = await replayMessages(items, {
    url: desk.url,
    signer: chooseSigner(process.env.QUO_WEBHOOK_SECRETS),
  });
  expect(statuses).toEqual({ 200: items.length });
  counts.delivered = items.length;

  patterns = [];
  for (const [at, { text }] of HOSTILE_TEXTS.entries()) {
    const words = text + mark(at);
    const [row] = await desk.sql(sql`insert into decision_patterns (pattern_type, trigger_text, response_template)
      values (${cut(text, 64)}, ${words}, ${words}) returning id`);
    const id = row!.id as string;
    const path = `/api/patterns/${id}`;
    await succeed('admin', 'PATCH', path, { expectedVersion: 1, notes: cut(text, 1_990) + mark(at) });
    // What an admin may not write is refused in words; what they may is a second version.
    const wish = {
      expectedVersion: 1,
      triggerText: cut(`Edited: ${words}`, 2_000),
      responseTemplate: cut(words, 1_990),
    };
    const edited = await desk.call('admin', 'PATCH', path, wish);
    expect([200, 422]).toContain(edited.status);
    counts[edited.status === 200 ? 'edited' : 'refused']++;
    const { version } = (await succeed('admin', 'GET', path)) as Listed;
    await succeed('operator', 'POST', '/api/incidents', { action: 'check' });
    const reason = cut(text, 990) + mark(at);
    patterns.push(
      (await succeed('admin', 'POST', `${path}/toggle`, { active: true, expectedVersion: version, reason })) as Listed,
    );
    // An admin's writes are limited to so many in a minute.
    await desk.sql(sql`delete from rate_limits`);
  }
}, 120_000);

/** Everything that is folded is unfolded, and everything that is not loaded is. */
async function showAll(page: Page): Promise<void> {
  // Before anything is pressed: what unfolds a text in a link would lead away.
  expect(await listTraces(page)).toEqual([]);
  const more = page.getByRole('button', { name: /^(Load|Show) (more|older)/ });
  while (await more.isVisible()) {
    const before = await page.locator('main *').count();
    // By key: what is loaded pushes the button away from under a pointer.
    await more.press('Enter');
    await page.waitForFunction(count => document.querySelectorAll('main *').length > count + 5, before);
    await settle(page);
  }
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    for (const button of document.querySelectorAll('button'))
      if (/^Show all [\d,]+ characters$/.test(button.innerText)) button.click();
  });
}

/** Elements that no section has by itself, what can be pressed in something else that can, and traces of code that ran. */
const listTraces = (page: Page) =>
  page.evaluate(trace => {
    const never = `#${trace}, .${trace}, iframe, object, embed, img, base, style, meta[http-equiv], form[action], a[href^="javascript:" i], a[href^="data:" i], a[href*="evil.example"], script:not([src])`;
    const found = [...document.querySelectorAll(never)].map(element => element.outerHTML.slice(0, 80));
    const nested = [...document.querySelectorAll('a button, a a, button a, button button')];
    const handlers = [...document.querySelectorAll('*')].filter(element =>
      element.getAttributeNames().some(name => name.startsWith('on')),
    );
    return [
      ...found,
      ...[...nested, ...handlers].map(element => element.outerHTML.slice(0, 80)),
      ...(trace in window ? ['it ran'] : []),
    ];
  }, TRACE);

/** All that stands in elements for other people's text. */
const listForeign = (page: Page) =>
  page.evaluate(() => [...document.querySelectorAll('bdi')].map(element => element.textContent ?? ''));

/** Nothing was made of the texts, and nothing is wider than the screen, on a desk and on a phone. */
async function expectHarmless({ page }: Visit, where: string): Promise<void> {
  expect([where, await listTraces(page)]).toEqual([where, []]);
  for (const size of [PHONE, DESK]) {
    await page.setViewportSize(size);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect([where, size.width, overflow]).toEqual([where, size.width, 0]);
  }
  expect(await page.getByRole('region', { name: 'State of the system' }).count(), where).toBe(1);
}

/** The case as it has to stand on the page. @param limit as the way by which it came cuts it */
function shownOf(at: number, limit = Number.POSITIVE_INFINITY): string {
  const { text, shown } = HOSTILE_TEXTS[at]!;
  return (shown ?? cut(text, limit)) + mark(at);
}

describe('forty hostile texts', () => {
  it('are forty, came by signed deliveries, by a foreign writer and by an admin, and some of them nobody may write', () => {
    expect(HOSTILE_TEXTS).toHaveLength(40);
    expect(counts.delivered).toBe(80);
    expect(counts.edited + counts.refused).toBe(40);
    expect(counts.edited).toBeGreaterThan(10);
    expect(counts.refused).toBeGreaterThan(4);
  });

  it('stand letter by letter in Review, as questions and as answers', async () => {
    const visit = await desk.visit('admin');
    await visit.go('#/review?status=active');
    await showAll(visit.page);
    const foreign = await listForeign(visit.page);
    for (const [at, { what, text, shown = text }] of HOSTILE_TEXTS.entries()) {
      const { triggerText, responseTemplate } = patterns[at]!;
      const question = triggerText.replace(text, () => shown);
      // In a link a long text is cut; its own page has all of it.
      const isThere = (found: string) =>
        found === question || (found.endsWith('…') && found.slice(0, 500) === question.slice(0, 500));
      expect(foreign.some(isThere), `${what}: question`).toBe(true);
      expect(foreign, `${what}: answer`).toContain(responseTemplate.replace(text, () => shown));
    }
    await expectHarmless(visit, 'Review');
  }, 60_000);

  it('stand letter by letter on the page of each pattern, with notes, versions and reasons', async () => {
    const visit = await desk.visit('admin');
    for (const [at, { what, text, shown = text }] of HOSTILE_TEXTS.entries()) {
      await visit.go(`#/pattern/${patterns[at]!.id}`);
      await visit.page.getByRole('heading', { name: 'Notes' }).waitFor();
      await showAll(visit.page);
      const foreign = await listForeign(visit.page);
      expect(foreign, `${what}: question`).toContain(patterns[at]!.triggerText.replace(text, () => shown));
      expect(foreign, `${what}: notes`).toContain(shownOf(at, 1_990));
      expect(foreign, `${what}: reason`).toContain(shownOf(at, 990));
      await expectHarmless(visit, what);
    }
  }, 120_000);

  it('are copied from Approved answers as they were written', async () => {
    const visit = await desk.visit('admin');
    await visit.go('#/approved');
    await showAll(visit.page);
    expect(await listForeign(visit.page)).toContain(shownOf(0));
    await expectHarmless(visit, 'Approved answers');
  });

  it('stand in Why not? and in Learned from me as they came, or are said to be hidden', async () => {
    for (const [role, hash] of [
      ['admin', '#/why-not'],
      ['operator', '#/mine'],
    ] as const) {
      const visit = await desk.visit(role);
      await visit.go(hash);
      await showAll(visit.page);
      const foreign = await listForeign(visit.page);
      const asTheyCame = HOSTILE_TEXTS.filter((_, at) => foreign.includes(shownOf(at)));
      expect(asTheyCame.length, hash).toBeGreaterThan(20);
      await expectHarmless(visit, hash);
    }
  }, 60_000);

  it('may be tried', async () => {
    const visit = await desk.visit('operator');
    await visit.go('#/try');
    for (const { text } of HOSTILE_TEXTS) {
      await visit.page.getByRole('textbox').first().fill(cut(text, 5_000));
      await visit.page.getByRole('button', { name: /^Try/ }).click();
      await settle(visit.page);
      expect(await listTraces(visit.page)).toEqual([]);
    }
    await showAll(visit.page);
    await expectHarmless(visit, 'Try a text');
  }, 60_000);

  it('stand in Monitoring, and in Safety as reasons and names', async () => {
    const made = await desk.call('admin', 'POST', '/api/tokens', {
      name: cut(HOSTILE_TEXTS[0]!.text, 100),
      role: 'viewer',
    });
    expect(made.status).toBe(201);
    await succeed('operator', 'POST', '/api/incidents', { action: 'rollback', reason: HOSTILE_TEXTS[2]!.text });
    const visit = await desk.visit('admin');
    await visit.go('#/monitoring');
    await showAll(visit.page);
    await expectHarmless(visit, 'Monitoring');
    await visit.go('#/safety');
    await showAll(visit.page);
    const foreign = await listForeign(visit.page);
    expect(foreign).toContain(HOSTILE_TEXTS[0]!.text);
    expect(foreign).toContain(HOSTILE_TEXTS[2]!.text);
    await expectHarmless(visit, 'Safety');
  }, 60_000);
});

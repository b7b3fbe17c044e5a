// How the doctor looks at the page: it must come with a script that is one, and it is never signed in to.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { askPage, findScript } from '../../scripts/doctor/ask-page.js';

type Answer = { status?: number; type?: string; body: string };

let server: Server;
let asked: { path: string; authorization: string | undefined }[] = [];
afterEach(() => server.close());

async function serve(answers: Record<string, Answer>): Promise<string> {
  asked = [];
  server = createServer((request, response) => {
    const path = request.url!.split('?')[0]!;
    asked.push({ path, authorization: request.headers.authorization });
    const { status = 200, type = 'application/json', body } = answers[path] ?? { status: 404, body: '{}' };
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const PAGE = { type: 'text/html', body: '<head><script type="module" crossorigin src="/assets/index-B1.js"></script>' };
const SCRIPT = { type: 'text/javascript; charset=utf-8', body: '1' };
const LIST = {
  body: JSON.stringify({ patterns: [], counts: { learning: 7, pendingReview: 3, active: 1, retired: 2 } }),
};
const MONITORING = { body: JSON.stringify({ milestones: { day1: [1, 2, 3, 4], week1: [1, 2, 3], month1: [1] } }) };
const WHOLE = { '/': PAGE, '/assets/index-B1.js': SCRIPT, '/api/patterns': LIST, '/api/monitoring': MONITORING };

describe('the page', () => {
  it('comes with its script, and its list and milestones are told to the token; the page itself never sees it', async () => {
    const facts = await askPage(await serve(WHOLE), 'token-of-the-admin');
    expect(facts).toEqual({ fault: null, list: { count: 13, active: 1 }, milestones: [4, 3, 1] });
    for (const { path, authorization } of asked)
      expect(authorization, path).toBe(path.startsWith('/api/') ? 'Bearer token-of-the-admin' : undefined);
  });

  it('is looked at without a token too, and then nothing is known of its list', async () => {
    expect(await askPage(await serve(WHOLE), undefined)).toEqual({ fault: null });
    expect(await askPage(await serve({ ...WHOLE, '/api/patterns': { status: 401, body: '{}' } }), 'x')).toEqual({
      fault: null,
      milestones: [4, 3, 1],
    });
  });

  it.each<[string, Record<string, Answer>]>([
    ['the page answered 500', { '/': { ...PAGE, status: 500 } }],
    ['the page has no script of its own', { '/': { ...PAGE, body: '<html>page</html>' } }],
    ["the page's script /assets/index-B1.js answered 404", { '/assets/index-B1.js': { status: 404, body: '' } }],
    ["the page's script /assets/index-B1.js is text/html", { '/assets/index-B1.js': PAGE }],
  ])('is at fault: %s', async (fault, changed) => {
    expect((await askPage(await serve({ ...WHOLE, ...changed }), undefined)).fault).toBe(fault);
  });

  it('that does not answer is at fault', async () => {
    expect((await askPage('http://127.0.0.1:1', undefined)).fault).toBe('the page does not answer');
  });

  it('has a script from its own place only', () => {
    const find = (source: string) => findScript(`<script src="${source}">`, 'https://desk.example.com');
    expect(find('/assets/a.js?v=1')).toBe('/assets/a.js?v=1');
    expect(find('https://desk.example.com/b.js')).toBe('/b.js');
    for (const source of ['https://other.example.com/c.js', '//other.example.com/d.js', 'http://['])
      expect(find(source), source).toBeNull();
  });

  it('that calls for milestones by other names has none of them', async () => {
    const other = { body: JSON.stringify({ milestones: { day1: 'yes', week1: [] } }) };
    expect((await askPage(await serve({ ...WHOLE, '/api/monitoring': other }), 'x')).milestones).toEqual([0, 0, 0]);
  });
});

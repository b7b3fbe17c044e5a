/** The Content-Security-Policy: strict in its words, never broken by the page itself, and effective against what would get in. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openDesk } from './support/desk.js';
import { listSections } from './support/sections.js';

const desk = openDesk('tour');
const PUBLIC = fileURLToPath(new URL('../../public', import.meta.url));
/** Gzipped script of the first load, in bytes. */
const MOST_SCRIPT = 120 * 1024;

/** From the first line on: what the browser reports when something is refused. */
async function listenToViolations(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const refused: string[] = [];
    Object.assign(window, { refused });
    addEventListener('securitypolicyviolation', event => {
      refused.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  return () => page.evaluate(() => (window as unknown as { refused: string[] }).refused);
}

describe('the policy', () => {
  it('allows only what comes from the page’s own server, and nothing inline', async () => {
    for (const address of ['/', '/index.html', '/api/patterns', '/nothing']) {
      const policy = (await fetch(desk.url + address)).headers.get('content-security-policy') ?? '';
      const directives = new Map(
        policy
          .split(';')
          .map(part => part.trim().split(/\s+/))
          .map(([name, ...values]) => [name, values.join(' ')]),
      );
      expect(directives.get('default-src')).toBe("'none'");
      expect(directives.get('script-src')).toBe("'self'");
      expect(directives.get('style-src')).toBe("'self'");
      expect(directives.get('connect-src')).toBe("'self'");
      expect(directives.get('base-uri')).toBe("'none'");
      expect(directives.get('frame-ancestors')).toBe("'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:|wasm/);
    }
  });

  it('is broken by no section, light or dark, nor by any window', async () => {
    const visit = await desk.visit('admin');
    const violations = await listenToViolations(visit.page);
    for (const [hash] of await listSections(desk)) await visit.go(hash);
    await visit.go('#/review?q=membership');
    for (const button of ['Edit', 'Merge']) {
      await visit.page.getByRole('button', { name: button, exact: true }).first().click();
      await visit.page.getByRole('dialog').waitFor();
      await visit.page.keyboard.press('Escape');
      await visit.page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await visit.page.keyboard.press('?');
    await visit.page.getByRole('dialog', { name: 'Keys' }).waitFor();
    expect(await violations()).toEqual([]);
  });

  it('stops a script, a style, a picture, a frame and a call of somebody else’s if one ever got in', async () => {
    const visit = await desk.visit('viewer');
    visit.expectFaults(/Content.Security.Policy|violates|Refused to|evil\.example|ERR_BLOCKED/i);
    const violations = await listenToViolations(visit.page);
    await visit.go('#/review');
    const outcome = await visit.page.evaluate(async () => {
      const add = (tag: string, attributes: Record<string, string>, text = '') => {
        const element = document.createElement(tag);
        for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
        element.textContent = text;
        document.body.append(element);
      };
      add('script', {}, 'window.pwned = 1');
      add('script', { src: 'https://evil.example/x.js' });
      add('style', {}, 'body { display: none }');
      add('img', { src: 'https://evil.example/x.png' });
      add('iframe', { src: 'https://evil.example/' });
      add('button', { onclick: 'window.pwned = 2', id: 'pressed' }, 'press');
      document.getElementById('pressed')!.click();
      const called = await fetch('https://evil.example/').then(
        () => 'answered',
        () => 'refused',
      );
      return [called, 'pwned' in window, getComputedStyle(document.body).display !== 'none'];
    });
    expect(outcome).toEqual(['refused', false, true]);
    const refused = (await violations()).join('\n');
    for (const kind of [
      'script-src-elem inline',
      'script-src-attr inline',
      'style-src-elem inline',
      'img-src',
      'connect-src',
    ])
      expect(refused).toContain(kind);
  });
});

describe('what the browser loads first', () => {
  it('is at most 120 KB of gzipped script', async () => {
    const visit = await desk.visit('admin');
    const scripts = new Set<string>();
    visit.page.on('response', response => {
      const { pathname } = new URL(response.url());
      if (pathname.endsWith('.js')) scripts.add(pathname);
    });
    await visit.go('');
    const bytes = [...scripts].reduce(
      (sum, name) => sum + gzipSync(readFileSync(path.join(PUBLIC, name)), { level: 9 }).length,
      0,
    );
    console.log(`first load of Review: ${scripts.size} scripts, ${(bytes / 1024).toFixed(1)} KB gzipped`);
    expect(scripts.size).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(MOST_SCRIPT);
  });

  it('has no script or style in its HTML', () => {
    const pages = readdirSync(PUBLIC).filter(name => name.endsWith('.html'));
    expect(pages).toEqual(['index.html']);
    const html = readFileSync(path.join(PUBLIC, 'index.html'), 'utf8');
    expect(html).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]*\ssrc=)/i);
  });
});

/** What `npm run screenshots` writes is the picture that was taken: Chromium itself reads both and compares them point by point. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { reducePng } from '../../scripts/screenshots/palette-png.js';
import { openDesk } from './support/desk.js';

const desk = openDesk('tour');
const FOLDER = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const MOST_BYTES = 4 * 1024 * 1024;

/** How many points differ at all, and how much the worst of them, of 255. */
async function compare(
  page: Page,
  one: Buffer,
  other: Buffer,
): Promise<{ points: number; differing: number; worst: number }> {
  await page.goto('about:blank');
  return page.evaluate(
    async sources => {
      const [a, b] = await Promise.all(
        sources.map(async source => {
          const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${source}`)).blob());
          const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d')!;
          context.drawImage(picture, 0, 0);
          return context.getImageData(0, 0, picture.width, picture.height).data;
        }),
      );
      let [differing, worst] = [0, 0];
      for (let at = 0; at < a!.length; at += 4) {
        const distance = Math.max(...[0, 1, 2].map(channel => Math.abs(a![at + channel]! - b![at + channel]!)));
        if (distance > 0) differing++;
        worst = Math.max(worst, distance);
      }
      return { points: a!.length / 4, differing, worst: a!.length === b!.length ? worst : 256 };
    },
    [one.toString('base64'), other.toString('base64')],
  );
}

describe('a reduced screenshot', () => {
  it.each(['light', 'dark'] as const)('of a %s page is at most half as large and looks the same', async colorScheme => {
    const { page, go } = await desk.visit('admin', { colorScheme });
    await go('#/monitoring');
    const taken = await page.screenshot();
    const reduced = reducePng(taken);
    expect(reduced.length).toBeLessThan(taken.length / 2);
    const { points, differing, worst } = await compare(page, taken, reduced);
    console.log(
      `${colorScheme}: ${taken.length} → ${reduced.length} bytes, ${differing} of ${points} points differ, by ${worst} at most`,
    );
    expect(differing / points).toBeLessThan(0.05);
    expect(worst).toBeLessThan(64);
  });
});

describe('docs/screenshots', () => {
  const files = readdirSync(FOLDER);

  it('has every section on a desk and on a phone, light and dark', () => {
    const sections = ['sign-in', 'review', 'approved', 'pattern', 'why-not', 'try', 'monitoring', 'safety', 'mine'];
    const wanted = sections.flatMap(section =>
      ['desktop', 'phone'].flatMap(screen => ['light', 'dark'].map(scheme => `${section}-${screen}-${scheme}.png`)),
    );
    expect(files.sort()).toEqual(wanted.sort());
  });

  it('is less than 4 MB in all', () => {
    const bytes = files.reduce((sum, name) => sum + readFileSync(FOLDER + name).length, 0);
    expect(bytes).toBeLessThan(MOST_BYTES);
  });
});

import path from 'node:path';
import type { Page, TestInfo } from '@playwright/test';

const folder = path.resolve(import.meta.dirname, '../../../../test-results/screenshots');

export const sizes = {
  1440: { width: 1440, height: 900 },
  1280: { width: 1280, height: 800 },
  1024: { width: 1024, height: 768 },
  390: { width: 390, height: 844 },
};
export const themes = ['light', 'dark'] as const;

/** A picture of the page as it is, beside the test's report and in `test-results/screenshots`. */
export async function picture(page: Page, info: TestInfo, name: string): Promise<void> {
  const file = path.join(folder, `${name}.png`);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: file, animations: 'disabled' });
  await info.attach(name, { path: file, contentType: 'image/png' });
}

/** The same page on a desk and in the hand, by day and by night; `whole`: as high as what there is to scroll. */
export async function atEachSize(
  page: Page,
  info: TestInfo,
  name: string,
  widths: (keyof typeof sizes)[] = [1440, 390],
  { whole = false } = {},
): Promise<void> {
  const before = page.viewportSize();
  for (const width of widths) {
    await page.setViewportSize(sizes[width]);
    if (whole) await page.setViewportSize({ width, height: await tallest(page) });
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme });
      await picture(page, info, `${name}-${width}-${theme}`);
    }
  }
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
}

function tallest(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(...[...document.querySelectorAll('*')].map(({ scrollHeight }) => scrollHeight)));
}

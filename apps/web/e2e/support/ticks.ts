import type { Page } from '@playwright/test';

declare global {
  interface Window {
    ticksSeen?: string[];
  }
}

/**
 * Writes down, from now on, how far the message with this text got, in the words that a screen reader says. Looking now
 * and then would miss a step; the page itself misses none.
 */
export async function watchTicks(page: Page, text: string): Promise<() => Promise<string[]>> {
  await page.evaluate((wanted) => {
    const seen: string[] = (window.ticksSeen = []);
    const look = () => {
      const articles = [...document.querySelectorAll('[role=log] article')];
      const label = articles
        .map((article) => article.getAttribute('aria-label') ?? '')
        .find((each) => each.includes(wanted));
      const tick = label?.split(', ').at(-1);
      if (tick && tick !== seen.at(-1)) seen.push(tick);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  }, text);
  return () => page.evaluate(() => window.ticksSeen ?? []);
}

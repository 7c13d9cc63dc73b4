import type { Page } from '@playwright/test';

interface Tick {
  name: string;
  /** Milliseconds after one began to watch. */
  at: number;
}

declare global {
  interface Window {
    ticksSeen?: Tick[];
  }
}

/**
 * Writes down, from now on, how far the message with this text got, in the words that a screen reader says. Looking now
 * and then would miss a step; the page itself misses none.
 */
export async function watchTicks(page: Page, text: string): Promise<() => Promise<Tick[]>> {
  await page.evaluate((wanted) => {
    const began = performance.now();
    const seen: Tick[] = (window.ticksSeen = []);
    const look = () => {
      const labels = [...document.querySelectorAll('[role=log] article')].map((each) =>
        each.getAttribute('aria-label'),
      );
      const name = labels
        .find((label) => label?.includes(wanted))
        ?.split(', ')
        .at(-1);
      if (name && name !== seen.at(-1)?.name) seen.push({ name, at: Math.round(performance.now() - began) });
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  }, text);
  return () => page.evaluate(() => window.ticksSeen ?? []);
}

import type { Page } from '@playwright/test';

declare global {
  interface Window {
    connectionSaid?: string[];
  }
}

/**
 * Writes down, on every page that opens from now on, what is said of the connection. Some of it stands for two seconds:
 * looking now and then would miss it. Answers what the page that is open now said, oldest first.
 */
export async function watchConnection(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const said: string[] = (window.connectionSaid = []);
    const look = () => {
      const texts = [...document.querySelectorAll('[role=status]')].map((each) => each.textContent);
      const text = texts.find((each) => /Reconnecting|offline|Caught up/.test(each));
      if (text && text !== said.at(-1)) said.push(text);
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  });
  return () => page.evaluate(() => window.connectionSaid ?? []);
}

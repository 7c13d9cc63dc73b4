import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright';
import { quantile } from '../measure/spread';
import { watch } from './browser';
import { forget, look } from './probe';
import { amidTraffic, openInbox, type Scene, SLOW } from './scene';

/** What Core Web Vitals ask of a page, on a slow processor, nothing cached. */
export interface Vitals {
  /** ms. */
  lcp: number;
  cls: number;
  /** Interaction to Next Paint: the 98th of a hundred, ms. */
  inp: number;
}

/** A page has painted its largest part by then, and whatever comes late is there. */
const SETTLED_MS = 3_000;

export async function signInVitals({ browser, origin }: Scene): Promise<Vitals> {
  const watched = await watch(browser, { origin, throttle: SLOW });
  const { page } = watched;
  await page.goto('/sign-in');
  await delay(SETTLED_MS);
  await page.getByLabel('E-mail').click();
  await page.keyboard.type('somebody@example.test', { delay: 60 });
  await page.getByLabel('Password', { exact: true }).click();
  await page.keyboard.type('a long password of mine', { delay: 60 });
  await page.getByRole('button', { name: 'Show password' }).click();
  return leave(page, watched.close);
}

/** Loaded, then worked in: conversations opened, answered, walked through; other tabs looked at. */
export async function inboxVitals(scene: Scene): Promise<Vitals> {
  const watched = await watch(scene.browser, { ...scene, throttle: SLOW });
  const { page } = watched;
  await openInbox(page);
  await delay(SETTLED_MS);
  for (let row = 2; row < 8; row += 1) {
    await page.getByRole('option').nth(row).click();
    await page.getByRole('log').getByRole('article').first().waitFor();
    await delay(400);
  }
  await page.getByRole('textbox', { name: 'Reply', exact: true }).click();
  await page.keyboard.type('Let me look that up, one moment.', { delay: 80 });
  await page.keyboard.press('Escape');
  for (let step = 0; step < 6; step += 1) {
    await page.keyboard.press('j');
    await delay(300);
  }
  for (const tab of ['Mine', 'Unassigned', 'All']) {
    await page.getByRole('tab', { name: tab }).click();
    await delay(500);
  }
  return leave(page, watched.close);
}

/** What was seen in all. The browser tells of an interaction a moment later. */
async function leave(page: Page, close: () => Promise<void>): Promise<Vitals> {
  await delay(500);
  const { lcp, cls, interactions } = await look(page);
  await close();
  return { lcp, cls, inp: inpOf(interactions) };
}

/** Interactions that the browser did not tell of took less than 16 ms. */
function inpOf(interactions: number[]): number {
  return quantile(interactions, 0.98);
}

/** Keys in the composer of an open conversation while events arrive, one in ten of them in it: the 98th of a hundred, ms. */
export async function typingInp(scene: Scene, throttle = 1): Promise<number> {
  const watched = await watch(scene.browser, { ...scene, throttle });
  const { page } = watched;
  await openInbox(page);
  await page.getByRole('option').nth(3).click();
  await page.getByRole('log').getByRole('article').first().waitFor();
  await page.getByRole('textbox', { name: 'Reply', exact: true }).click();
  await page.mouse.move(700, 5); // the list stands still while the pointer is in it
  const open = scene.conversations.find(({ id }) => page.url().includes(id));
  const others = scene.conversations.filter((each) => each !== open);
  const who = others.flatMap((each, index) => (open && index % 9 === 8 ? [each, open] : [each]));
  const { interactions } = await amidTraffic(
    scene,
    async () => {
      await delay(1_000);
      await forget(page);
      const until = Date.now() + scene.seconds * 1_000;
      while (Date.now() < until) await page.keyboard.type('Yes, it left today. ', { delay: 100 });
      await delay(500);
      return look(page);
    },
    who,
  );
  await watched.close();
  return inpOf(interactions);
}

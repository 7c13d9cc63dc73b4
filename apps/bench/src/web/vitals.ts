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

/** A page that settles in this time has painted its largest part. */
const SETTLED_MS = 2_500;

export async function signInVitals({ browser, origin }: Scene): Promise<Vitals> {
  const watched = await watch(browser, { origin, throttle: SLOW });
  const { page } = watched;
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await delay(SETTLED_MS);
  const loaded = await look(page);
  await page.getByLabel('E-mail').click();
  await page.keyboard.type('somebody@example.test', { delay: 60 });
  await page.getByLabel('Password', { exact: true }).click();
  await page.keyboard.type('a long password of mine', { delay: 60 });
  await page.getByRole('button', { name: 'Show password' }).click();
  await delay(500);
  const { interactions, cls } = await look(page);
  await watched.close();
  return { lcp: loaded.lcp, cls, inp: inpOf(interactions) };
}

/** Loaded, then worked in while events arrive: conversations opened, walked through, answered; other tabs looked at. */
export async function inboxVitals(scene: Scene): Promise<Vitals> {
  const watched = await watch(scene.browser, { ...scene, throttle: SLOW });
  const { page } = watched;
  await openInbox(page);
  await delay(SETTLED_MS);
  const { lcp } = await look(page);
  const { interactions, cls } = await amidTraffic(scene, async () => {
    await work(page);
    return look(page);
  });
  await watched.close();
  return { lcp, cls, inp: inpOf(interactions) };
}

async function work(page: Page): Promise<void> {
  for (let row = 2; row < 8; row += 1) {
    await page.getByRole('option').nth(row).click();
    await page.getByRole('log').getByRole('article').first().waitFor();
    await page.mouse.move(700, 5);
    await delay(300);
  }
  await page.getByRole('textbox', { name: 'Reply', exact: true }).click();
  await page.keyboard.type('Let me look that up.', { delay: 80 });
  await page.keyboard.press('Escape');
  for (let step = 0; step < 6; step += 1) {
    await page.keyboard.press('j');
    await delay(250);
  }
  for (const tab of ['Mine', 'Unassigned', 'All']) {
    await page.getByRole('tab', { name: tab }).click();
    await delay(500);
  }
}

/** Interactions that the browser did not tell of took less than 16 ms. */
export function inpOf(interactions: number[]): number {
  return quantile(interactions, 0.98);
}

/** Keys in the composer of an open conversation while events arrive, some of them in it: the 98th of a hundred, ms. */
export async function typingInp(scene: Scene, throttle: number): Promise<number> {
  const watched = await watch(scene.browser, { ...scene, throttle });
  const { page } = watched;
  await openInbox(page);
  await page.getByRole('option').nth(3).click();
  const composer = page.getByRole('textbox', { name: 'Reply', exact: true });
  await composer.click();
  await page.mouse.move(700, 5); // the list stands still while the pointer is in it
  const open = scene.conversations.find(({ id }) => page.url().includes(id));
  const others = scene.conversations.filter((each) => each !== open);
  const who = others.flatMap((each, index) => (open && index % 10 === 9 ? [each, open] : [each]));
  const { interactions } = await amidTraffic(
    scene,
    async () => {
      await delay(1_000);
      await forget(page);
      const until = Date.now() + scene.seconds * 1_000;
      while (Date.now() < until) await page.keyboard.type('Yes, it left today. ', { delay: 100 });
      return look(page);
    },
    who,
  );
  await watched.close();
  return inpOf(interactions);
}

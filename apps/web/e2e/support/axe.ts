import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Of the page as it stands, once nothing moves any more. */
export function expectNoViolations(page: Page): Promise<void> {
  return expectNone(page, (axe) => axe.withTags(rules));
}

/** By day everything, by night what differs then: the colours. */
export async function expectNoViolationsInAnyLight(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectNone(page, (axe) => axe.withRules('color-contrast'));
  await page.emulateMedia({ colorScheme: 'light' });
  await expectNoViolations(page);
  await page.emulateMedia({ colorScheme: null });
}

async function expectNone(page: Page, restrict: (axe: AxeBuilder) => AxeBuilder): Promise<void> {
  await page.evaluate(() => {
    // In what is folded up nothing moves on, so there nothing comes to an end.
    const isSeen = (effect: AnimationEffect) => effect instanceof KeyframeEffect && effect.target?.checkVisibility();
    const passing = document
      .getAnimations()
      .filter(({ effect }) => effect && isSeen(effect) && effect.getComputedTiming().endTime !== Infinity);
    return Promise.all(passing.map((animation) => animation.finished.catch(() => undefined)));
  });
  // In the page itself, instead of putting its frames together in another one: it has none.
  const { violations } = await restrict(
    new AxeBuilder({ page }).setLegacyMode().options({ preload: false, resultTypes: ['violations'] }),
  ).analyze();
  const found = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    at: nodes.map(({ html }) => html.slice(0, 200)),
  }));
  expect(found).toEqual([]);
}

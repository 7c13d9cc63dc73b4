import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The page as it stands, once what moves came to rest. */
export async function expectNoViolations(page: Page): Promise<void> {
  await page.evaluate(() => {
    // In what is folded up nothing moves on, so there nothing comes to an end.
    const isSeen = (effect: AnimationEffect) => effect instanceof KeyframeEffect && effect.target?.checkVisibility();
    const passing = document
      .getAnimations()
      .filter(({ effect }) => effect && isSeen(effect) && effect.getComputedTiming().endTime !== Infinity);
    return Promise.all(passing.map((animation) => animation.finished.catch(() => undefined)));
  });
  const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze();
  const found = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    at: nodes.map(({ html }) => html.slice(0, 200)),
  }));
  expect(found).toEqual([]);
}

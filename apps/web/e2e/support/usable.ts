import { expect, type Page } from '@playwright/test';
import { expectNoViolationsInAnyLight } from './axe';

/** Of the page as it stands, or of the dialog over it: axe finds nothing by day nor by night, and Tab alone comes by everything. */
export async function expectUsable(page: Page): Promise<void> {
  await expectNoViolationsInAnyLight(page);
  await expectTabComesByAll(page);
}

declare global {
  interface Window {
    /** What can be pressed or filled, and was not come by yet. */
    notMet?: Set<Element>;
    /** Where one was without a sign of it. */
    unseen?: Set<Element>;
  }
}

/** Whatever can be pressed or filled is met by Tab, and shows that one is there. The focus stands afterwards where it stood. */
async function expectTabComesByAll(page: Page): Promise<void> {
  const began = await page.evaluateHandle(() => document.activeElement);
  const count = await page.evaluate(watch);
  for (let presses = 0; presses < count + 20 && (await page.evaluate(() => window.notMet?.size)); presses += 5)
    for (let i = 0; i < 5; i++) await page.keyboard.press('Tab');
  const left = await page.evaluate(() =>
    [window.notMet, window.unseen].map((some) => [...(some ?? [])].map(({ outerHTML }) => outerHTML.slice(0, 160))),
  );
  await began.evaluate((element) => element instanceof HTMLElement && element.focus());
  expect({ notMet: left[0], unseen: left[1] }).toEqual({ notMet: [], unseen: [] });
}

/** In the page. Answers how often Tab is pressed to meet all there is. */
function watch(): number {
  const composite = '[role=tablist], [role=listbox], [role=menu], [role=toolbar], [role=log]'; // one stop; arrows go on inside
  const root = document.querySelector('[role=dialog], [role=alertdialog]') ?? document.body;
  const isStop = (element: HTMLElement) =>
    !element.matches(':disabled, [aria-hidden=true] *, [inert] *') &&
    !(element.tabIndex < 0 && element.closest(composite)) &&
    !(element instanceof HTMLInputElement && element.type === 'radio' && !element.checked) && // one stop a group
    element.checkVisibility({ visibilityProperty: true });
  const stops = [
    ...root.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary, [tabindex="0"]'),
  ].filter(isStop);
  const [notMet, unseen] = [(window.notMet = new Set<Element>(stops)), (window.unseen = new Set<Element>())];
  const isDrawn = (colour: string) => !/^transparent$|[,/] *0%?\)$/.test(colour);
  const shows = (element: Element) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || boxShadow !== 'none';
  };
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof Element)) return;
    notMet.delete(target);
    const around = [target, ...target.querySelectorAll('*'), target.parentElement, target.parentElement?.parentElement];
    const edge = getComputedStyle(target, '::after').backgroundColor;
    if (root.contains(target) && !isDrawn(edge) && !around.some((one) => one && shows(one))) unseen.add(target);
  });
  // Hours, minutes, half of the day, and the button of the browser's own picker
  return stops.length + 3 * stops.filter((stop) => stop.matches('[type=time], [type=date]')).length;
}

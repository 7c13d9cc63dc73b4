import { expect, test } from './support/journey';

test('opens, takes, answers and resolves a conversation without a pointer', async ({ inboxOf, customerOf }) => {
  const customer = customerOf('acme', 'evolution');
  await customer.write('Can I change my delivery address?');
  const inbox = await (await inboxOf('agent@acme.test')).open('all');
  const { page } = inbox;

  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type(customer.name);
  await page.keyboard.press('Enter');
  await expect(inbox.heading(customer.name)).toBeVisible();
  await expect(inbox.composer).toBeFocused();

  await page.keyboard.press('Escape');
  await page.keyboard.press('i');
  await expect(page.getByRole('button', { name: /^Assignee: *You/ })).toBeVisible();

  await page.keyboard.press('r');
  await expect(inbox.composer).toBeFocused();
  await page.keyboard.type('Of course. Where shall it go?');
  await page.keyboard.press('Enter');
  await expect(inbox.message('Where shall it go?')).toContainText(/Delivered|Read/);

  await page.keyboard.press('Escape');
  await page.keyboard.press('e');
  await expect(page.getByRole('button', { name: 'Reopen' })).toBeVisible();
  await expect(inbox.thread).toContainText('resolved this');
});

test('walks the list and the panes by keys, and always shows where one is', async ({ inboxOf, customerOf }) => {
  const [first, second] = [customerOf('acme', 'evolution'), customerOf('acme', 'evolution')];
  await first.write('First in line');
  const inbox = await (await inboxOf('manager@acme.test')).open('all');
  const { page } = inbox;
  await expect(inbox.row(first.name)).toBeVisible();
  await second.write('Second in line'); // only now: two chats do not wait for each other
  await expect(page.getByRole('option').first()).toContainText(second.name);

  await page.keyboard.press('j');
  const rows = page.getByRole('option');
  await expect(rows.first()).toBeFocused();
  await expect(rows.first()).toHaveAttribute('aria-selected', 'true');
  expect(await focusRing(page)).toBe(true);
  await page.keyboard.press('j');
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press('k');
  await expect(rows.first()).toBeFocused();

  await page.keyboard.press('F6');
  await expect(inbox.thread).toBeFocused(); // also where it has yet to come
  await expect(inbox.message('Second in line')).toBeVisible();
  await expect(inbox.thread).toBeFocused(); // and no more in the thread that K left
  await page.keyboard.press('ArrowUp');
  await expect(inbox.thread.getByRole('article').last()).toBeFocused();
  expect(await focusRing(page)).toBe(true);
  await page.keyboard.press('F6');
  await expect(inbox.composer).toBeFocused();

  await page.keyboard.press('Escape');
  await page.keyboard.press('l');
  await expect(page.getByRole('combobox', { name: /label/i })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('combobox', { name: /label/i })).toBeHidden();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

/** Whether what has the focus, or the bubble in it, is outlined. */
function focusRing(page: import('@playwright/test').Page): Promise<boolean> {
  return page.evaluate(() => {
    const focused = document.activeElement;
    const candidates = focused ? [focused, ...focused.querySelectorAll('*')] : [];
    return candidates.some((element) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
    });
  });
}

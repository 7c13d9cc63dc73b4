import type { Inbox } from './support/inbox';
import { expect, test } from './support/journey';
import { atEachSize, sizes } from './support/pictures';

const everyWidth = Object.keys(sizes).map(Number) as (keyof typeof sizes)[];
const desk = { viewport: sizes[1440] };

/** Nothing sticks out at the side, at any width. */
async function fits({ page }: Inbox): Promise<void> {
  for (const width of [...everyWidth, 320]) {
    await page.setViewportSize({ width, height: 800 });
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  }
  await page.setViewportSize(desk.viewport);
}

test('the inbox', async ({ inboxOf }, info) => {
  const inbox = await (await inboxOf('agent@acme.test', desk)).open('all');
  await expect(inbox.page.getByRole('option').first()).toBeVisible();
  await fits(inbox);
  await atEachSize(inbox.page, info, 'look-inbox', everyWidth);
});

test('a thread with everything in it', async ({ inboxOf }, info) => {
  const inbox = await inboxOf('agent@acme.test', desk);
  await inbox.page.goto('/inbox?q=Rosa+Lind');
  const address = (await inbox.row('Rosa Lind').getAttribute('href'))?.split('?')[0] ?? '';
  await inbox.page.goto(address);
  await expect(inbox.message('is it this part?')).toBeVisible();
  await fits(inbox);
  await atEachSize(inbox.page, info, 'look-thread', everyWidth);
});

test('every state of every part', async ({ inboxOf }, info) => {
  const { page } = await inboxOf('agent@acme.test', desk);
  await page.goto('/states');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await atEachSize(page, info, 'look-states', everyWidth, { whole: true });
});

test('sign-in', async ({ page }, info) => {
  await page.goto('/sign-in');
  await expect(page.getByRole('button', { name: /agent@acme\.test/ })).toBeVisible();
  await atEachSize(page, info, 'look-sign-in', everyWidth);
});

test('nothing to show', async ({ inboxOf }, info) => {
  const inbox = await inboxOf('agent2@globex.test', desk);
  await inbox.page.goto('/inbox?q=nobody-of-this-name');
  await expect(inbox.page.getByText('Nobody found for')).toBeVisible();
  await atEachSize(inbox.page, info, 'look-empty');
});

test('what did not load says so, and loads when asked again', async ({ inboxOf, customerOf }, info) => {
  const customer = customerOf('acme', 'evolution');
  await customer.write('Good morning');
  const inbox = await (await inboxOf('agent@acme.test', desk)).open('all');
  const { page } = inbox;
  const broken = {
    status: 500,
    contentType: 'application/problem+json',
    body: JSON.stringify({
      title: 'Internal',
      status: 500,
      code: 'internal',
      detail: 'It broke.',
      correlationId: 'b1946ac9-2492',
    }),
  };

  await page.route(/conversations\/[0-9a-f-]{36}\/messages/, (route) => route.fulfill(broken));
  await inbox.row(customer.name).click();
  await expect(page.getByText('This conversation did not load')).toBeVisible();
  await expect(page.getByText('b1946ac9-2492')).toBeVisible();
  await atEachSize(page, info, 'look-thread-failed');
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(inbox.message('Good morning')).toBeVisible();

  await page.route(/inbox\/conversations\?/, (route) => route.fulfill(broken));
  await inbox.open('unassigned');
  await expect(page.getByText('The list did not load')).toBeVisible();
  await atEachSize(page, info, 'look-list-failed');
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('option').first()).toBeVisible();
});

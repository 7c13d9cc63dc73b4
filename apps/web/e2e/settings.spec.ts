import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/journey';
import { sizes } from './support/pictures';
import { freshTenant, joinAs } from './support/tenant';
import { expectUsable } from './support/usable';

test('an admin runs the team by keyboard and pointer; what is refused says why', async ({
  browser,
  inboxOf,
  baseURL,
}) => {
  const { page: platform } = await inboxOf('super@parley.test');
  const tenant = await freshTenant(platform.request, 'Lumen Clinic');
  const context = await browser.newContext({ baseURL, viewport: sizes[1440] });
  await joinAs(context, tenant.invitation, 'Mara Ionescu');
  const page = await context.newPage();
  await page.goto('/settings');
  await expect(page.getByRole('list', { name: 'Where you are signed in' })).toContainText('Here');
  await expectUsable(page);

  await open(page, 'Members');
  await expect(page.getByRole('listitem').filter({ hasText: 'Mara Ionescu' })).toContainText('Admin');
  await page.getByRole('button', { name: 'What to do with Mara Ionescu' }).click();
  await page.getByRole('menuitem', { name: 'Change role and accounts…' }).click();
  await page.getByLabel('Role', { exact: true }).selectOption({ label: 'Agent' });
  await expect(page.getByRole('heading', { name: 'What this person would see' })).toBeVisible();
  await expectUsable(page);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('admin'); // the last one stays
  await page.keyboard.press('Escape');

  await open(page, 'Roles');
  await page.getByRole('button', { name: 'New role' }).click();
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await page.keyboard.type('Night shift');
  await page.getByLabel('Sees every conversation.').check();
  await page.getByLabel('Assign conversations').check();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('listitem').filter({ hasText: 'Night shift' })).toContainText('assign conversations');
  await expectUsable(page);

  await open(page, 'Teams');
  await page.getByRole('button', { name: 'New team' }).click();
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await page.keyboard.type('Sales');
  await page.getByRole('dialog').getByLabel('Mara Ionescu').check();
  await expectUsable(page);
  await page.getByRole('button', { name: 'Make team' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Sales' })).toContainText('Mara Ionescu');
  await expectUsable(page);

  await open(page, 'API keys');
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Web shop');
  await page.getByRole('button', { name: 'Make key' }).click();
  const key = (await page.getByRole('dialog').locator('code').textContent()) ?? '';
  await page.keyboard.press('Escape');
  await page.mouse.click(5, 5);
  await expect(page.getByText(key)).toBeVisible(); // shown this once: nothing but its buttons takes it away
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText(key)).toHaveCount(0);
  const asked = () => fetch(`${baseURL}/api/inbox/conversations`, { headers: { authorization: `Bearer ${key}` } });
  expect((await asked()).status).toBe(200);
  await expectUsable(page);
  await page.getByRole('button', { name: 'Revoke Web shop' }).click();
  await page.getByRole('button', { name: 'Revoke key' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Web shop' })).toContainText('Revoked');
  expect((await asked()).status).toBe(401);

  await open(page, 'Labels');
  await page.getByLabel('New label').fill('Urgent');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('list', { name: 'Labels' })).toContainText('Urgent');
  await expectUsable(page);

  await open(page, 'Sharing of work');
  await expect(page.getByLabel('Their own and free ones')).toBeChecked();
  const rules = ['Everything', 'Who has the fewest', 'Take them back from who is away'];
  for (const rule of rules) {
    const saved = page.waitForResponse((response) => response.request().method() === 'PATCH');
    await page.getByLabel(rule).click();
    await expect(page.getByLabel(rule)).toBeChecked();
    expect((await saved).ok()).toBe(true);
  }
  await page.reload();
  for (const rule of rules) await expect(page.getByLabel(rule)).toBeChecked();
  await expectUsable(page);

  await open(page, 'Security and data');
  await page.getByRole('button', { name: 'Ask it of everybody' }).click();
  await expect(page.getByRole('button', { name: 'Set up your own' })).toBeVisible(); // whoever asks it needs one too
  await expectUsable(page);

  await open(page, 'Name and hours');
  await page.getByLabel('We have business hours').check();
  await page.getByRole('button', { name: 'Add a holiday' }).click();
  await page.getByLabel('Day', { exact: true }).fill('2026-12-25');
  await page.getByLabel('Name of the holiday').fill('Christmas');
  await expectUsable(page);
  await page.getByRole('button', { name: 'Save hours' }).click();
  await expect(page.getByText('The hours are saved')).toBeVisible();

  await open(page, 'Audit log');
  await page.getByLabel('Action').selectOption({ label: 'made a role' });
  await expect(page.getByRole('list', { name: 'Audit log' }).getByRole('listitem')).toHaveCount(1);
  await page.getByText('made a role Night shift').click();
  await expect(page.getByRole('rowheader', { name: 'permissions' })).toBeVisible();
  await expectUsable(page);
  await context.close();
});

const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

test('an admin puts up a logo, which stands for the tenant wherever it does, until it is taken down', async ({
  browser,
  inboxOf,
  baseURL,
}) => {
  const { page: platform } = await inboxOf('super@parley.test');
  const name = `Kestrel Books ${Date.now()}`;
  const tenant = await freshTenant(platform.request, name);
  const context = await browser.newContext({ baseURL, viewport: sizes[1440] });
  await joinAs(context, tenant.invitation, 'Ines Duarte');
  const page = await context.newPage();
  await page.goto('/settings/company');
  const switcher = page.getByRole('button', { name: `${name}, switch tenant` });
  const mark = page.getByRole('region', { name: 'Logo' }).getByRole('img', { name });
  const widthIn = (place: Locator) => place.locator('img').evaluate((img: HTMLImageElement) => img.naturalWidth);
  await expect(mark).toHaveText('K');
  const put = (buffer: Buffer) =>
    page
      .getByLabel('Logo')
      .locator('input[type=file]')
      .setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer });

  await put(Buffer.alloc(2 ** 20 + 1));
  await expect(page.getByRole('alert').filter({ hasText: 'This picture is larger than 1 MB' })).toBeVisible();
  await put(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'));
  await expect(page.getByRole('alert').filter({ hasText: 'PNG, JPEG or WebP' })).toBeVisible();
  await expectUsable(page);
  await put(Buffer.from(dot, 'base64'));
  await expect.poll(() => widthIn(mark)).toBe(96);
  await expect.poll(() => widthIn(switcher)).toBe(96); // without a reload
  await expect(page.getByRole('alert').filter({ hasText: 'PNG' })).toHaveCount(0);
  await expectUsable(page);

  await page.goto('/inbox');
  await expect.poll(() => widthIn(switcher)).toBe(96);
  await expect(switcher).toHaveAccessibleName(`${name}, switch tenant`);
  await platform.goto('/admin');
  await platform.getByRole('searchbox').fill(name);
  await expect.poll(() => widthIn(platform.getByRole('listitem').filter({ hasText: name }))).toBe(96);
  await platform.getByRole('link', { name }).click();
  await expect.poll(() => widthIn(platform.getByRole('main'))).toBe(96);

  await page.goto('/settings/company');
  await page.getByRole('button', { name: 'Remove the logo' }).click();
  await expect(page.getByRole('button', { name: 'Choose a picture…' })).toBeFocused();
  await expect(page.locator('img')).toHaveCount(0);
  await expect(mark).toHaveText('K');
  await context.close();
});

test('an agent finds their own settings, and nothing of the tenant’s', async ({ inboxOf }) => {
  const { page } = await inboxOf('agent@acme.test', { viewport: sizes[390] });
  await page.goto('/settings');
  await expect(page.getByRole('navigation', { name: 'Settings' }).getByRole('link')).toHaveText([
    'Back to the inbox',
    'Profile and security',
  ]);
  await page.getByRole('link', { name: 'Profile and security' }).click();
  await expect(page.getByRole('heading', { name: 'Profile and security' })).toBeVisible();
  await page.goto('/settings/members');
  await expect(page.getByText('Only an admin opens this')).toBeVisible();
});

async function open(page: Page, section: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: section }).click();
  await expect(page.getByRole('heading', { level: 1, name: section })).toBeVisible();
}

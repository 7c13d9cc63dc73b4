import { expect, password, test } from './support/journey';
import { atEachSize, picture, sizes } from './support/pictures';
import { freshTenant, joinAs } from './support/tenant';
import { expectUsable } from './support/usable';

test('a super-admin limits, suspends, restores and plans to delete a tenant', async ({ inboxOf }, info) => {
  const { page } = await inboxOf('super@parley.test', { viewport: sizes[1440] });
  const name = `Oddmart ${Date.now()}`;
  await freshTenant(page.request, name);
  await page.goto('/admin');
  await expect(page.getByRole('link', { name: 'Acme' })).toBeVisible();
  await expectUsable(page);
  await page.getByRole('searchbox').fill(name);
  await page.getByRole('link', { name }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await page.getByLabel('Accounts at most').fill('3');
  await page.getByLabel('Files at most, in GB').fill('2,5');
  await page.getByLabel('Members may write first').uncheck();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
  await expectUsable(page);
  await atEachSize(page, info, 'tenant');

  await page.getByRole('button', { name: 'Suspend', exact: true }).click();
  await page.getByRole('button', { name: 'Suspend tenant' }).click();
  await expect(page.getByText('Suspended', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByRole('button', { name: 'Suspend', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Delete…' }).click();
  const act = page.getByRole('button', { name: 'Delete tenant' });
  await expect(act).toBeDisabled();
  await page.getByLabel(`Type ${name} to go on`).fill(name);
  await act.click();
  await expect(page.getByRole('main').getByText(/^Gone for good on/)).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Accounts at most')).toHaveValue('3');
  await expect(page.getByLabel('Files at most, in GB')).toHaveValue('2.5');

  for (const section of ['Accounts', 'Dead letters', 'Super-admins', 'Audit log']) {
    await page.getByRole('link', { name: section, exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: section })).toBeVisible();
    await expectUsable(page);
  }
  await expect(page.getByRole('listitem').filter({ hasText: 'planned a tenant’s deletion' }).first()).toBeVisible();
});

test('a super-admin invites another by a link, who comes in by it, and takes the right back', async ({
  browser,
  inboxOf,
  baseURL,
}, info) => {
  const { page } = await inboxOf('super@parley.test', { viewport: sizes[1440] });
  const name = `Vera Lund ${Date.now()}`;
  const email = `vera.${Date.now()}@parley.test`;
  await page.goto('/admin/super-admins');
  const list = page.getByRole('list', { name: 'Super-admins' });
  await expect(list.getByRole('listitem').filter({ hasText: 'super@parley.test' })).toContainText('You');
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  await page.getByRole('textbox', { name: 'E-mail' }).fill(email);
  await page.getByLabel('By a link').check();
  await expectUsable(page);
  await page.getByRole('button', { name: 'Make link' }).click();
  const shown = page.getByRole('dialog').locator('code');
  await expect(shown).toContainText('/invitation#');
  const link = (await shown.textContent()) ?? '';
  await page.getByRole('button', { name: 'Done' }).click();
  const invitation = page.getByRole('listitem').filter({ hasText: email });
  await expect(invitation).toContainText('Open');

  const context = await browser.newContext({ baseURL, viewport: sizes[1440] });
  const theirs = await context.newPage();
  await theirs.goto(link);
  await expect(theirs.getByRole('heading', { name: 'Run this install of Parley' })).toBeVisible();
  await theirs.getByLabel('Name').fill(name);
  await theirs.getByLabel('Password', { exact: true }).fill(password);
  await expectUsable(theirs);
  await atEachSize(theirs, info, 'super-admin-invitation');
  await theirs.keyboard.press('Enter');
  await expect(theirs.getByRole('heading', { level: 1, name: 'Tenants' })).toBeVisible();

  await page.reload();
  const row = list.getByRole('listitem').filter({ hasText: name });
  await expect(row).toContainText('No second proof');
  await expect(invitation.filter({ hasText: 'Accepted' })).toBeVisible();
  await expectUsable(page);
  await atEachSize(page, info, 'super-admins');
  await page.getByRole('button', { name: `Remove ${name}` }).click();
  await expectUsable(page);
  await page.getByRole('button', { name: 'Remove super-admin' }).click();
  await expect(row).toBeHidden();
  await theirs.reload();
  await expect(theirs.getByText('Only who runs the install opens this')).toBeVisible();
  await context.close();
});

test('super-admins that do not load are asked for again, and one is asked before giving up the right oneself', async ({
  inboxOf,
}) => {
  const { page } = await inboxOf('super@parley.test', { viewport: sizes[390] });
  const list = /\/api\/admin\/super-admins(\?|$)/;
  await page.route(list, (route) => route.fulfill({ status: 500, json: { title: 'Internal', status: 500 } }));
  await page.goto('/admin/super-admins');
  await expect(page.getByRole('alert').filter({ hasText: 'Try again' })).toBeVisible({ timeout: 30_000 });
  await expectUsable(page);
  await page.unroute(list);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('button', { name: 'Remove Parley Operator' }).click();
  await expect(page.getByRole('dialog', { name: 'Give up your right to run this install?' })).toBeVisible();
  await expectUsable(page);
  await page.getByRole('button', { name: 'Cancel' }).click();
});

test('who acts as a member is told so on every page, until they stop', async ({ browser, inboxOf, baseURL }, info) => {
  const { page: platform } = await inboxOf('super@parley.test');
  const tenant = await freshTenant(platform.request, 'Northgate Dental');
  const member = await browser.newContext({ baseURL });
  await joinAs(member, tenant.invitation, 'Chloe Martin');
  await member.close();
  // Cookies of its own: the other tests of this super-admin must not act as somebody else.
  const context = await browser.newContext({
    baseURL,
    viewport: sizes[1440],
    storageState: await platform.context().storageState(),
  });
  const page = await context.newPage();
  const beside = await context.newPage();
  await beside.goto('/admin');
  await expect(beside.getByRole('heading', { level: 1, name: 'Tenants' })).toBeVisible();
  await page.goto(`/admin/tenants/${tenant.id}`);
  await page.getByRole('button', { name: 'Act as Chloe Martin' }).click();
  await page.getByLabel('Why').fill('Ticket 4711');
  await page.getByRole('button', { name: 'Begin' }).click();
  const bar = page.getByRole('region', { name: 'Support access' });
  await expect(bar).toContainText('You act as Chloe Martin of Northgate Dental.');
  await expect(bar).toContainText('15 minutes left');
  await expect(beside.getByRole('heading', { level: 1, name: 'Tenants' })).toBeHidden(); // it has become somebody else's too
  await expectUsable(page);
  await picture(page, info, 'impersonation');
  await page.goto('/settings/members');
  await expect(page.getByRole('listitem').filter({ hasText: 'Chloe Martin' })).toBeVisible();
  await expect(bar).toBeVisible();
  await bar.getByRole('button', { name: 'Stop' }).click();
  for (const tab of [page, beside]) await expect(tab.getByRole('heading', { level: 1, name: 'Tenants' })).toBeVisible();
  await context.close();
});

test('an agent has no business there', async ({ inboxOf }) => {
  const { page } = await inboxOf('agent@acme.test');
  await page.goto('/admin');
  await expect(page.getByText('Only who runs the install opens this')).toBeVisible();
});

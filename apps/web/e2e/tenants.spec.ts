import { expect, password, test } from './support/journey';

test('an agent of globex sees what is theirs, and nothing before it is', async ({ inboxOf, customerOf }) => {
  const customer = customerOf('globex', 'evolution');
  await customer.write('Do you deliver on islands?');
  const manager = await (await inboxOf('manager@globex.test')).open('unassigned');
  const agent = await (await inboxOf('agent@globex.test')).open('all');
  await manager.openRow(customer.name);
  const address = manager.page.url();

  await agent.page.keyboard.press('/');
  await expect(agent.page.getByRole('searchbox')).toBeFocused();
  await agent.page.keyboard.type(customer.name);
  await expect(agent.page.getByText(`Nobody found for “${customer.name}”`)).toBeVisible();
  await agent.page.goto(address);
  await expect(agent.page.getByText('There is no such conversation')).toBeVisible();
  await agent.open('mine');

  await manager.page
    .getByRole('button', { name: /^Assignee:/ })
    .first()
    .click();
  await manager.page.getByRole('option', { name: 'Leila Haddad' }).click();
  await expect(agent.row(customer.name)).toContainText('Do you deliver on islands?'); // without a reload
  await agent.openRow(customer.name);
  await expect(agent.message('Do you deliver on islands?')).toBeVisible();
});

test('an agent of acme sees the unassigned, and never another tenant', async ({ inboxOf, customerOf }) => {
  const [ours, theirs] = [customerOf('acme', 'cloud-api'), customerOf('globex', 'cloud-api')];
  await theirs.write('This is for globex alone');
  await ours.write('This is for acme');
  const agent = await (await inboxOf('agent@acme.test')).open('unassigned');
  await expect(agent.row(ours.name)).toBeVisible();
  const other = await (await inboxOf('manager@globex.test')).open('unassigned');
  await other.openRow(theirs.name);

  await expect(agent.row(theirs.name)).toBeHidden();
  await agent.page.goto(other.page.url());
  await expect(agent.page.getByText('There is no such conversation')).toBeVisible();
  await expect(agent.page.getByText('This is for globex alone')).toBeHidden();
});

test('the switcher names the tenants one belongs to; who belongs to none is told so', async ({ inboxOf, page }) => {
  const admin = await (await inboxOf('admin@acme.test')).open('all');
  await admin.page.getByRole('button', { name: 'Acme, switch tenant' }).first().click();
  await expect(admin.page.getByRole('menuitemradio')).toHaveText(['Acme']);

  // A session of its own, for it is ended here.
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill('super@parley.test');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByText('You run this install and belong to no tenant of it.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Run the install' })).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
});

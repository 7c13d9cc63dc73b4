import type { Page } from '@playwright/test';
import { expect, test } from './support/journey';
import { atEachSize, sizes } from './support/pictures';
import { SimulatedAccount } from './support/simulator';
import { post } from './support/tenant';

const newPhone = () => `+1555${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`;

/** The account's part about groups, opened and read. */
async function groupsOf(page: Page, account: string) {
  await page.goto('/accounts');
  await page
    .getByRole('list', { name: 'Accounts' })
    .getByRole('button', { name: `${account}, Connected` })
    .click();
  await page.getByText('Groups', { exact: true }).click();
  await expect(page.getByRole('radio', { name: 'Hear all of them' })).toBeVisible();
}

async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved.', { exact: true })).toBeVisible();
}

test('a group shows who says what, who is in it, who comes and goes; and can be left out', async ({
  inboxOf,
}, info) => {
  const [own, ana, ben, eve] = [newPhone(), newPhone(), newPhone(), newPhone()];
  const [name, crew] = [`Yard ${own.slice(-5)}`, `Depot crew ${own.slice(-5)}`];
  const inbox = await inboxOf('admin@acme.test', { viewport: sizes[1440] });
  const { page } = inbox;
  const { account, config } = await SimulatedAccount.create('evolution', own);
  const { id } = (await post(page.request, '/api/accounts', { name, provider: 'evolution', config })) as { id: string };
  await account.link();
  const say = (from: string, who: string, text: string) => account.receive({ group: crew, from, name: who, text });
  await say(ana, 'Ana Prado', 'The truck is *late*');
  await say(ben, 'Ben Okafor', '> The truck is late\nOn my way, see `route 7`');

  await inbox.open('all');
  await inbox.openRow(crew);
  await expect(inbox.message('The truck is late').filter({ hasText: 'Ana Prado' })).toBeVisible(); // Ben quotes it
  await expect(inbox.message('On my way')).toContainText('Ben Okafor');
  await expect(inbox.thread.locator('b', { hasText: /^late$/ })).toBeVisible();
  const panel = page.getByRole('complementary', { name: 'Details' });
  await expect(panel.getByRole('listitem').filter({ hasText: 'Ana Prado' })).toContainText('admin');
  await account.receive({ kind: 'participants', group: crew, from: ana, action: 'add', participants: [eve] });
  await expect(inbox.thread.getByText(/Ana Prado added/)).toBeVisible();
  await account.receive({ kind: 'participants', group: crew, from: ana, action: 'promote', participants: [ben] });
  await expect(inbox.thread.getByText(/made Ben Okafor an admin/)).toBeVisible();
  await account.receive({ kind: 'participants', group: crew, from: ana, action: 'remove', participants: [eve] });
  await expect(inbox.thread.getByText(/Ana Prado removed/)).toBeVisible();
  await expect(panel.getByRole('listitem').filter({ hasText: 'Ben Okafor' })).toContainText('admin');
  await atEachSize(page, info, 'group');

  await groupsOf(page, name);
  await page.getByRole('radio', { name: 'Leave them out' }).check();
  await expect(page.getByRole('checkbox', { name: crew })).toBeVisible();
  await save(page);
  await atEachSize(page, info, 'group-left-out');
  await say(ana, 'Ana Prado', 'Nobody here hears this');
  await account.receive({ from: eve, name: `Eve ${own.slice(-5)}`, text: 'In person' });
  await inbox.open('all');
  await expect(inbox.row(`Eve ${own.slice(-5)}`)).toBeVisible(); // she wrote after it, to the same account
  await inbox.openRow(crew);
  await expect(inbox.message('On my way')).toBeVisible();
  await expect(inbox.message('Nobody here hears this')).toHaveCount(0);

  await groupsOf(page, name);
  await page.getByRole('checkbox', { name: crew }).check();
  await save(page);
  await say(ana, 'Ana Prado', 'Heard again');
  await inbox.open('all');
  await inbox.openRow(crew);
  await expect(inbox.message('Heard again')).toBeVisible();
  await expect(inbox.message('Nobody here hears this')).toHaveCount(0);
  await page.request.delete(`/api/accounts/${id}`, { headers: { origin: new URL(page.url()).origin } });
});

test('what a message said before it was edited is one click away', async ({ inboxOf, customerOf }) => {
  const customer = customerOf('acme', 'evolution');
  const { externalId } = await customer.write('We need 12 boxes');
  const inbox = await (await inboxOf('agent@acme.test')).open('all');
  await inbox.openRow(customer.name);
  await expect(inbox.message('We need 12 boxes')).toBeVisible();
  await customer.account.receive({ from: customer.phone, kind: 'edit', target: externalId, text: 'We need 14 boxes' });
  await inbox.message('We need 14 boxes').getByRole('button', { name: 'edited' }).click();
  await expect(inbox.page.getByRole('dialog', { name: 'What it said before' })).toContainText('We need 12 boxes');
});

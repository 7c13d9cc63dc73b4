import { Accounts, forms, newPhone, valuesOf } from './support/accounts';
import { expectNoViolationsInAnyLight } from './support/axe';
import { newCustomer } from './support/customer';
import { Inbox } from './support/inbox';
import { expect, test } from './support/journey';
import { atEachSize, sizes } from './support/pictures';
import { SimulatedAccount } from './support/simulator';
import { everyKind, talk } from './support/talk';

const desk = { viewport: sizes[1440] };
const READ = /^Read \d\d:\d\d$/;

test('Evolution: an admin links a phone, tries it, pauses, renews its secret, links it anew, deletes it', async ({
  inboxOf,
}, info) => {
  const phone = newPhone();
  const { account, config } = await SimulatedAccount.create('evolution', phone);
  const customer = newCustomer(account);
  const { page } = await inboxOf('admin@acme.test', desk);
  const accounts = new Accounts(page);
  const name = `Shop ${phone.slice(-5)}`;
  await accounts.choose('WhatsApp (Evolution API)');
  await accounts.fill(name, valuesOf(forms.evolution, config));
  await atEachSize(page, info, 'connect-evolution-form');
  await accounts.connect();

  await expect(page.getByRole('img', { name: 'Code to scan' })).toBeVisible();
  await expect(page.getByText(/New code in/)).toBeVisible();
  await expect(page.getByText('It posts what happens to Parley')).toBeVisible();
  await atEachSize(page, info, 'connect-evolution-qr');
  await page.getByText('No camera?').click();
  await page.getByLabel('Number of the phone').fill(phone);
  await page.getByRole('button', { name: 'Get a code' }).click();
  await expect(page.getByText(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/)).toBeVisible();
  await account.link();

  await expect(page.getByText(`${name} is connected`)).toBeVisible();
  await atEachSize(page, info, 'connect-evolution-test');
  await accounts.tryOut(customer, 'Does this arrive?');
  const inbox = new Inbox(page);
  await talk(inbox, customer, { sends: everyKind, told: READ, reacts: true });
  const { externalId: target } = await customer.write('See you at *nine*, not _ten_: `gate 4`');
  await customer.write('From a friend', { forwarded: true, replyTo: target });
  for (const kind of ['edit', 'delete']) {
    const { externalId } = await customer.write(`This will be another: ${kind}`);
    await customer.write('This was another', { kind, target: externalId });
  }
  await customer.write('', { kind: 'unsupported', type: 'groupInviteMessage' });
  await expect(inbox.message('Parley cannot show it yet')).toBeVisible();
  await atEachSize(page, info, 'connect-thread', [1440, 390], { whole: true });

  await page.goto('/accounts');
  await accounts.row(`${name}, Connected`).click();
  await page.getByRole('button', { name: 'Pause sending' }).click();
  await expect(accounts.row(`${name}, Sending is paused`)).toBeVisible();
  await page.getByRole('button', { name: 'Resume sending' }).click();
  await expect(accounts.row(`${name}, Connected`)).toBeVisible();

  await page.getByText('More', { exact: true }).click();
  await page.getByRole('button', { name: 'Make a new one' }).first().click();
  await page.getByRole('button', { name: 'Check and save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  const agentsSee = page.getByRole('combobox', { name: 'What agents see' });
  await agentsSee.selectOption({ label: 'Everything' });
  await expect(agentsSee).toHaveValue('all');
  await atEachSize(page, info, 'connect-account');
  await customer.write('And back?');

  await account.receive({ kind: 'connection', state: 'logout' });
  await expect(accounts.row(`${name}, Waiting for the phone`)).toBeVisible();
  await inbox.open('all');
  await inbox.openRow(customer.name);
  await expect(inbox.message('And back?')).toBeVisible(); // it came by the new secret
  await expect(page.getByText(`${name} is not linked to its phone. Link it again.`)).toBeVisible();
  await atEachSize(page, info, 'connect-banner');
  await page.goto('/accounts');
  await page.getByRole('listitem').filter({ hasText: name }).getByRole('button', { name: 'Show the code' }).click();
  await expect(page.getByRole('img', { name: 'Code to scan' })).toBeVisible();
  await account.link();
  await expect(accounts.row(`${name}, Connected`)).toBeVisible();

  await accounts.row(`${name}, Connected`).click();
  await accounts.delete(new RegExp(name), 'Its conversation stays readable');
});

test('GREEN-API: an admin links a phone, tries it, deletes it', async ({ inboxOf }, info) => {
  const phone = newPhone();
  const { account, config } = await SimulatedAccount.create('green-api', phone);
  const { page } = await inboxOf('admin@acme.test', desk);
  const accounts = new Accounts(page);
  const name = `Depot ${phone.slice(-5)}`;
  await accounts.choose('WhatsApp (GREEN-API)');
  await accounts.fill(name, valuesOf(forms['green-api'], config));
  await atEachSize(page, info, 'connect-green-api-form');
  await accounts.connect();
  await expect(page.getByRole('img', { name: 'Code to scan' })).toBeVisible();
  await account.link();
  await expect(page.getByText(`${name} is connected`)).toBeVisible();
  const customer = newCustomer(account);
  await accounts.tryOut(customer, 'Does this arrive?');
  await talk(new Inbox(page), customer, { sends: everyKind, told: READ, reacts: false });
  await page.goto('/accounts');
  await accounts.row(`${name}, Connected`).click();
  await accounts.delete(new RegExp(name), 'Its conversation stays readable');
});

test('Cloud API: a token that is refused is told with its check, and a new one connects', async ({ inboxOf }, info) => {
  const phone = newPhone();
  const { account, config } = await SimulatedAccount.create('cloud-api', phone);
  const { page } = await inboxOf('admin@acme.test', desk);
  const accounts = new Accounts(page);
  const name = `Office ${phone.slice(-5)}`;
  await accounts.choose('WhatsApp (Cloud API)');
  await accounts.fill(name, {
    ...valuesOf(forms['cloud-api'], config),
    'Access token': 'EAAnot-the-one-of-this-number',
  });
  await atEachSize(page, info, 'connect-cloud-api-form');
  await accounts.connect();
  await expect(accounts.row(`${name}, Access refused`)).toBeVisible();
  await expect(page.getByText('did not pass')).toBeAttached();
  await atEachSize(page, info, 'connect-check-failed');
  await page.getByLabel('Access token', { exact: true }).fill(config.accessToken ?? '');
  await page.getByRole('button', { name: 'Check and save' }).click();
  await expect(accounts.row(`${name}, Connected`)).toBeVisible();
  await expect(page.getByText('did not pass')).toHaveCount(0);
  const sends = everyKind.filter((kind) => kind !== 'poll'); // which Meta does not hand over
  await talk(new Inbox(page), newCustomer(account), { sends, told: READ, reacts: true });
  await page.goto('/accounts');
  await accounts.row(`${name}, Connected`).click();
  await accounts.delete(new RegExp(name), 'Its conversation stays readable');
});

test('Slack: an admin agrees at the workspace and comes back with it', async ({ inboxOf }, info) => {
  const { page } = await inboxOf('admin@acme.test', desk);
  const accounts = new Accounts(page);
  await accounts.choose('Slack');
  await atEachSize(page, info, 'connect-slack-form');
  await page.getByRole('link', { name: 'Connect by consent' }).click();
  await expect(page.getByText('The workspace is connected.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Pause sending' })).toBeVisible();
  await atEachSize(page, info, 'connect-slack-done');
  const name = (await page.getByRole('complementary').getByRole('heading', { level: 2 }).textContent())?.trim() ?? '';
  const member = newCustomer(await SimulatedAccount.named('slack', name));
  const told = /^Sent\. Slack does not tell if it was read\.$/;
  const sends = ['image', 'video', 'audio', 'voice', 'document'] as const;
  await talk(new Inbox(page), member, { sends, told, reacts: true });
  await page.goto('/accounts');
  await accounts.row(`${name}, Connected`).click();
  await accounts.delete(new RegExp(`^${name},`), 'Its conversation stays readable');
});

test('the list says when there is nothing, when it waits and when it failed', async ({ inboxOf }, info) => {
  const { page } = await inboxOf('admin@acme.test', desk);
  const list = /\/api\/accounts\?/;
  let answer = () => {};
  const asked = new Promise<void>((resolve) => (answer = resolve));
  await page.route(list, async (route) => {
    await asked;
    await route.fulfill({ json: { items: [], nextCursor: null }, headers: { 'Parley-Cursor': '0' } });
  });
  await page.goto('/accounts');
  await expect(page.getByRole('heading', { name: 'Accounts' })).toBeVisible();
  await atEachSize(page, info, 'connect-list-loading');
  answer();
  await expect(page.getByText('No account is connected')).toBeVisible();
  await atEachSize(page, info, 'connect-list-empty');
  await page.unrouteAll();
  await page.route(list, (route) => route.fulfill({ status: 500, json: { title: 'Internal', status: 500 } }));
  await page.goto('/accounts');
  await expect(page.getByText('This did not load')).toBeVisible();
  await atEachSize(page, info, 'connect-list-failed');
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('listitem').first()).toBeVisible();
});

test('a keyboard is enough, and nothing stands in the way of a reader, by day and by night', async ({
  inboxOf,
}, info) => {
  const { page } = await inboxOf('admin@acme.test', desk);
  await page.goto('/accounts');
  await expect(page.getByRole('listitem').first()).toBeVisible();
  await page.getByRole('button', { name: 'Connect', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Connect an account' })).toBeFocused();
  await atEachSize(page, info, 'connect-picker');
  await expectNoViolationsInAnyLight(page);
  await page.keyboard.press('Tab'); // Close
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Connect WhatsApp (Evolution API)' })).toBeFocused();
  await expectNoViolationsInAnyLight(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'Connect an account' })).toHaveCount(0);
  const first = page.getByRole('list', { name: 'Accounts' }).getByRole('button').first();
  await first.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Pause sending' })).toBeVisible();
  await expectNoViolationsInAnyLight(page);
  await page.getByRole('button', { name: 'Delete account…' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('stay readable')).toBeVisible();
  await atEachSize(page, info, 'connect-delete');
  await expectNoViolationsInAnyLight(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Delete account…' })).toBeFocused();
});

test('an agent is told that it takes an admin', async ({ inboxOf }) => {
  const { page } = await inboxOf('agent@acme.test', desk);
  await page.goto('/accounts');
  await expect(page.getByText('Only an admin can connect accounts')).toBeVisible();
});

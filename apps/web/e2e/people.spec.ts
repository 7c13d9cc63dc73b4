import type { BrowserContext, Page } from '@playwright/test';
import { forms, valuesOf } from './support/accounts';
import { Customer } from './support/customer';
import { Inbox } from './support/inbox';
import { expect, password, test } from './support/journey';
import { Keys } from './support/keys';
import { picture, sizes } from './support/pictures';
import { SimulatedAccount } from './support/simulator';

test('a tenant is onboarded, its admin signs up, connects a phone and invites an agent, who answers a customer: by keys alone', async ({
  browser,
  inboxOf,
  baseURL,
}, info) => {
  test.slow(); // five people and a phone
  const contexts: BrowserContext[] = [];
  const someone = async (): Promise<Page> => {
    const context = await browser.newContext({ baseURL, viewport: sizes[1440] });
    contexts.push(context);
    return context.newPage();
  };
  const digits = String(Date.now()).slice(-7);
  const name = `Harbor Bikes ${digits}`;

  const { page: platform } = await inboxOf('super@parley.test', { viewport: sizes[1440] });
  const operator = new Keys(platform);
  await platform.goto('/admin');
  await operator.press(platform.getByRole('button', { name: 'New tenant' }));
  await operator.type(platform.getByLabel('Name', { exact: true }), name);
  await expect(platform.getByRole('textbox', { name: 'Slug' })).toHaveValue(`harbor-bikes-${digits}`);
  await operator.type(platform.getByLabel('E-mail of its first admin'), `admin@${digits}.test`);
  await operator.press(platform.getByRole('button', { name: 'Onboard tenant' }));
  const forAdmin = await linkShown(platform);
  await picture(platform, info, 'people-onboarded');
  await operator.press(platform.getByRole('button', { name: 'Done' }));
  await operator.type(platform.getByRole('searchbox'), digits);
  await operator.press(platform.getByRole('link', { name }));
  await expect(platform.getByRole('heading', { level: 1, name })).toBeVisible();

  const admin = await someone();
  await accept(admin, forAdmin, 'Nadia Rossi');
  const account = await connectPhone(admin, `+1555${digits}`);
  await picture(admin, info, 'people-connected');
  const adminKeys = new Keys(admin);
  await adminKeys.press(admin.getByRole('link', { name: 'Settings', exact: true }).first());
  await adminKeys.press(admin.getByRole('link', { name: 'Members' }));
  await adminKeys.press(admin.getByRole('button', { name: 'Invite' }));
  await adminKeys.type(admin.getByLabel('E-mail'), `agent@${digits}.test`);
  await adminKeys.to(admin.getByLabel('By mail'));
  await admin.keyboard.press('ArrowDown');
  await expect(admin.getByLabel('By a link')).toBeChecked();
  await adminKeys.press(admin.getByRole('button', { name: 'Make link' }));
  const forAgent = await linkShown(admin);
  await adminKeys.press(admin.getByRole('button', { name: 'Done' }));
  await expect(admin.getByRole('listitem').filter({ hasText: `agent@${digits}.test` })).toContainText('Open');

  const agent = await someone();
  await accept(agent, forAgent, 'Sam Whitlock');
  await expect(admin.getByRole('listitem').filter({ hasText: 'Sam Whitlock' })).toContainText('Agent'); // without a reload
  await picture(admin, info, 'people-members');

  const customer = new Customer(account, `+1556${digits}`, 'Rita Campos');
  await customer.write('Is my bike ready?');
  const desk = await new Inbox(admin).open('unassigned');
  await openByName(desk, 'Rita Campos');
  await admin.keyboard.press('Escape');
  await admin.keyboard.press('a');
  await expect(admin.getByRole('combobox', { name: 'Find a person' })).toBeFocused();
  await admin.keyboard.type('sam');
  await admin.keyboard.press('Enter');
  const inbox = new Inbox(agent);
  await expect(inbox.row('Rita Campos')).toBeVisible();
  await openByName(inbox, 'Rita Campos');
  await agent.keyboard.type('It is. We close at six.');
  await agent.keyboard.press('Enter');
  await expect.poll(() => customer.received()).toMatchObject([{ text: 'It is. We close at six.' }]);
  await picture(agent, info, 'people-answered');

  const keys = new Keys(agent);
  await agent.keyboard.press('Escape');
  await keys.press(agent.getByRole('button', { name: 'Sam Whitlock, your settings' }));
  await expect(agent.getByRole('menuitemradio', { name: 'Here' })).toBeChecked();
  await keys.press(agent.getByRole('menuitemradio', { name: 'Away' }), 'ArrowDown');
  await agent.keyboard.press('Escape');
  await expect(agent.getByRole('button', { name: 'Sam Whitlock, away, your settings' })).toBeVisible();
  await adminKeys.press(admin.getByRole('button', { name: /^Assignee:/ }).first());
  const people = admin.getByRole('listbox', { name: 'Assign to' });
  await expect(people.getByRole('option', { name: /Sam Whitlock/ })).toContainText('Away'); // without a reload

  await admin.goto('/settings/work');
  await adminKeys.to(admin.getByLabel('Nobody: each takes what they answer'));
  await admin.keyboard.press('ArrowDown');
  await expect(admin.getByText('Work is shared by the new rule')).toBeVisible();
  await new Customer(account, `+1557${digits}`, 'Noor Haddad').write('And is mine?');
  await keys.press(agent.getByRole('button', { name: 'Sam Whitlock, away, your settings' }));
  await keys.press(agent.getByRole('menuitemradio', { name: 'Here' }), 'ArrowDown');
  await inbox.open('mine');
  await expect(inbox.row('Noor Haddad')).toBeVisible(); // among theirs, from nobody's hand
  for (const context of contexts) await context.close();
});

async function linkShown(page: Page): Promise<string> {
  const link = page.getByRole('dialog').locator('code');
  await expect(link).toContainText('/invitation#');
  return (await link.textContent()) ?? '';
}

async function accept(page: Page, link: string, name: string): Promise<void> {
  await page.goto(`/invitation${new URL(link).hash}`); // by the name of this machine that the tests sign in at
  const keys = new Keys(page);
  await keys.type(page.getByLabel('Name'), name);
  await keys.type(page.getByLabel('Password', { exact: true }), password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { name: 'Mine' })).toBeVisible();
}

/** Over there is a server with a phone: the account is linked to it by the form, the phone scans the code. */
async function connectPhone(page: Page, phone: string): Promise<SimulatedAccount> {
  const { account, config } = await SimulatedAccount.create('evolution', phone);
  const keys = new Keys(page);
  await page.goto('/accounts');
  await keys.press(page.getByRole('button', { name: 'Connect', exact: true }).first());
  await keys.press(page.getByRole('button', { name: 'WhatsApp (Evolution API)' }));
  await keys.press(page.locator('summary').filter({ hasText: 'More' }));
  await keys.type(page.getByLabel('Name', { exact: true }), 'Front desk');
  for (const [label, value] of Object.entries(valuesOf(forms.evolution, config)))
    await keys.type(page.getByLabel(label, { exact: true }), value);
  await keys.press(page.getByRole('button', { name: 'Check and connect' }));
  await expect(page.getByRole('img', { name: 'Code to scan' })).toBeVisible();
  await account.link();
  await expect(page.getByText('Front desk is connected')).toBeVisible();
  await keys.press(page.getByRole('button', { name: 'Finish' }));
  return account;
}

async function openByName(inbox: Inbox, name: string): Promise<void> {
  const { keyboard } = inbox.page;
  await keyboard.press('/');
  await keyboard.type(name);
  await keyboard.press('Enter');
  await expect(inbox.heading(name)).toBeVisible();
  await expect(inbox.composer).toBeFocused();
}

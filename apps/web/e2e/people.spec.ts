import type { BrowserContext, Page } from '@playwright/test';
import { Customer } from './support/customer';
import { Inbox } from './support/inbox';
import { expect, password, test } from './support/journey';
import { picture, sizes } from './support/pictures';
import { SimulatedAccount } from './support/simulator';
import { connect } from './support/tenant';

test('a tenant is onboarded, its admin signs up and invites an agent, who answers a customer', async ({
  browser,
  inboxOf,
  baseURL,
}, info) => {
  const contexts: BrowserContext[] = [];
  const someone = async (): Promise<Page> => {
    const context = await browser.newContext({ baseURL, viewport: sizes[1440] });
    contexts.push(context);
    return context.newPage();
  };
  const digits = String(Date.now()).slice(-7);
  const name = `Harbor Bikes ${digits}`;

  const { page: platform } = await inboxOf('super@parley.test', { viewport: sizes[1440] });
  await platform.goto('/admin');
  await platform.getByRole('button', { name: 'New tenant' }).click();
  await platform.getByLabel('Name', { exact: true }).fill(name);
  await expect(platform.getByRole('textbox', { name: 'Slug' })).toHaveValue(`harbor-bikes-${digits}`);
  await platform.getByLabel('E-mail of its first admin').fill(`admin@${digits}.test`);
  await platform.getByRole('button', { name: 'Onboard tenant' }).click();
  const forAdmin = await linkShown(platform);
  await picture(platform, info, 'people-onboarded');
  await platform.getByRole('button', { name: 'Done' }).click();
  await platform.getByRole('searchbox').fill(digits);
  await expect(platform.getByRole('link', { name })).toBeVisible();

  const admin = await someone();
  await accept(admin, forAdmin, 'Nadia Rossi');
  const phone = `+1555${digits}`;
  const { account, config } = await SimulatedAccount.create('evolution', phone);
  await connect(admin.request, { name: 'Front desk', provider: 'evolution', config });
  await account.link();

  await admin.goto('/settings/members');
  await admin.getByRole('button', { name: 'Invite' }).click();
  await admin.getByLabel('E-mail').fill(`agent@${digits}.test`);
  await admin.getByLabel('By a link').check();
  await admin.getByRole('button', { name: 'Make link' }).click();
  const forAgent = await linkShown(admin);
  await admin.getByRole('button', { name: 'Done' }).click();
  await expect(admin.getByRole('listitem').filter({ hasText: `agent@${digits}.test` })).toContainText('Open');

  const agent = await someone();
  await accept(agent, forAgent, 'Sam Whitlock');
  await expect(admin.getByRole('listitem').filter({ hasText: 'Sam Whitlock' })).toContainText('Agent'); // without a reload
  await picture(admin, info, 'people-members');

  const customer = new Customer(account, `+1556${digits}`, 'Rita Campos');
  await customer.write('Is my bike ready?');
  const desk = await new Inbox(admin).open('unassigned');
  await desk.openRow('Rita Campos');
  await admin
    .getByRole('button', { name: /^Assignee:/ })
    .first()
    .click();
  await admin.getByRole('option', { name: 'Sam Whitlock' }).click();
  const inbox = new Inbox(agent);
  await inbox.openRow('Rita Campos');
  await inbox.answer('It is. We close at six.');
  await expect.poll(() => customer.received()).toMatchObject([{ text: 'It is. We close at six.' }]);
  await picture(agent, info, 'people-answered');
  for (const context of contexts) await context.close();
});

async function linkShown(page: Page): Promise<string> {
  const link = page.getByRole('dialog').locator('code');
  await expect(link).toContainText('/invitation#');
  return (await link.textContent()) ?? '';
}

async function accept(page: Page, link: string, name: string): Promise<void> {
  await page.goto(`/invitation${new URL(link).hash}`); // by the name of this machine that the tests sign in at
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Accept and go to the inbox' }).click();
  await expect(page.getByRole('tab', { name: 'Mine' })).toBeVisible();
}

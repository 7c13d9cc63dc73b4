import type { ProviderName } from '@parley/contracts/accounts';
import type { Page, TestInfo } from '@playwright/test';
import { Inbox } from './support/inbox';
import { expect, password, test } from './support/journey';
import { atEachSize } from './support/pictures';
import { Phone } from './support/phone';
import { watchTicks } from './support/ticks';

/** From the customer's send to the agent's screen; the machine that tests is busy with the stack itself. */
const SOON_MS = 2_500;
const hours = { name: 'hours.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 closed') };

for (const provider of ['evolution', 'cloud-api'] satisfies ProviderName[]) {
  test.describe(provider, () => {
    test('a customer writes, an agent answers, and sees how far the answer got', async ({ page, customerOf }, info) => {
      const customer = customerOf('acme', provider);
      const inbox = new Inbox(page);
      await signIn(page, 'agent@acme.test');
      await page.getByRole('tab', { name: 'Unassigned' }).click();

      await timed(info, 'to the list', async () => {
        await customer.write('Are you open on Sunday?');
        await expect(inbox.row(customer.name)).toContainText('Are you open on Sunday?', { timeout: SOON_MS });
      });
      await inbox.openRow(customer.name);
      await expect(inbox.message('Are you open on Sunday?')).toBeVisible();

      const ticks = await watchTicks(page, 'Yes, from ten until four.');
      const names = async () => (await ticks()).map(({ name }) => name);
      await customer.tellsNothingOf(1);
      await inbox.answer('Yes, from ten until four.');
      await expect.poll(() => customer.received()).toHaveLength(1);
      const [{ externalId: target } = { externalId: '' }] = await customer.received();
      const wanted = ['Sending'];
      for (const name of ['Sent', 'Delivered', 'Read']) {
        // The next only once this one is on the screen: two that come together are drawn as one.
        await customer.account.receive({ kind: 'status', target, status: name.toLowerCase() });
        await expect.poll(names).toEqual([...wanted, name]);
        wanted.push(name);
      }
      const times = (await ticks()).map(({ name, at }) => `${name} ${at} ms`);
      info.annotations.push({ type: 'ticks', description: times.join(', ') });
      expect(await customer.received()).toMatchObject([{ kind: 'text', text: 'Yes, from ten until four.' }]);

      await page.locator('input[type=file]').setInputFiles(hours);
      await inbox.answer('And on holidays:');
      await expect.poll(() => customer.received()).toMatchObject([{}, { kind: 'document', text: 'And on holidays:' }]);

      await timed(info, 'to the open thread', async () => {
        await customer.write('Perfect, see you then!');
        await expect(inbox.message('Perfect, see you then!')).toBeVisible({ timeout: SOON_MS });
      });
      await atEachSize(page, info, `main-job-${provider}`);
    });

    test('a person with a phone and an agent write to each other', async ({ inboxOf, customerOf, browser }, info) => {
      const customer = customerOf('acme', provider);
      const inbox = await (await inboxOf('agent@acme.test')).open('unassigned');
      const phone = await Phone.open(await browser.newContext({ viewport: { width: 1280, height: 800 } }), customer);

      await phone.write('Hello, my parcel came open.');
      await expect(inbox.row(customer.name)).toContainText('my parcel came open', { timeout: SOON_MS });
      await expect(phone.message('my parcel came open').getByRole('img', { name: 'Delivered' })).toBeVisible();
      await inbox.openRow(customer.name);
      await expect(phone.message('my parcel came open').getByRole('img', { name: 'Read' })).toBeVisible();

      await inbox.answer('I am sorry. A new one leaves today.');
      await expect(phone.message('A new one leaves today.')).toBeVisible();
      await expect(phone.message('A new one leaves today.')).toContainText('read'); // the chat is open on the phone
      await expect(inbox.message('A new one leaves today.')).toContainText('Read');
      await phone.write('Thank you!');
      await expect(inbox.message('Thank you!')).toBeVisible({ timeout: SOON_MS });
      await atEachSize(phone.page, info, `phone-${provider}`);
      await phone.page.context().close();
    });
  });
}

async function signIn(page: Page, email: string): Promise<void> {
  await page.goto('/');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('tab', { name: 'Mine' })).toBeVisible();
}

/** Notes with the test how long something took, in milliseconds. */
async function timed(info: TestInfo, what: string, work: () => Promise<void>): Promise<void> {
  const began = performance.now();
  await work();
  info.annotations.push({ type: what, description: `${Math.round(performance.now() - began)} ms` });
}

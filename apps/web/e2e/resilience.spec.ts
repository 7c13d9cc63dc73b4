import { watchConnection } from './support/connection';
import { expect, test } from './support/journey';

const DAY_MS = 86_400_000;

test('an answer written offline stands there, survives a reload, and goes out once', async ({
  inboxOf,
  customerOf,
}) => {
  const customer = customerOf('acme', 'evolution');
  await customer.write('Is the blue one in stock?');
  const inbox = await (await inboxOf('agent@acme.test')).open('all');
  const { page } = inbox;
  await inbox.openRow(customer.name);

  await page.context().setOffline(true);
  await inbox.answer('Yes, two of them.');
  await expect(inbox.message('Yes, two of them.')).toContainText('Sending');
  await expect(inbox.connection).toContainText('You are offline');
  await page.reload().catch(() => undefined); // there is nobody to load it from
  await page.context().setOffline(false);
  await page.reload();
  await expect(inbox.message('Yes, two of them.')).toContainText('Read');
  await expect(inbox.message('Yes, two of them.')).toHaveCount(1);
  expect(await customer.received()).toMatchObject([{ text: 'Yes, two of them.' }]);
});

test('says when the line is gone, and when everything is there again', async ({ inboxOf, customerOf }) => {
  const customer = customerOf('acme', 'evolution');
  const inbox = await inboxOf('agent@acme.test');
  const said = await watchConnection(inbox.page);
  const { page } = await inbox.open('all');
  await customer.write('Before the gap');
  await expect(inbox.row(customer.name)).toContainText('Before the gap');

  await page.context().setOffline(true);
  await expect(inbox.connection).toContainText('You are offline');
  await customer.write('In the gap');
  await page.context().setOffline(false);
  await expect.poll(said).toContain('Caught up.');
  await expect(inbox.row(customer.name)).toContainText('In the gap');
  await expect(inbox.connection).toBeHidden();

  await page.route('**/api/inbox/events?*', (route) => route.abort());
  await page.reload();
  await expect(inbox.connection).toContainText('Reconnecting');
  await page.unroute('**/api/inbox/events?*');
  await expect.poll(said).toContain('Caught up.');
});

test('shows what one sends before the server has it', async ({ inboxOf, customerOf }) => {
  const customer = customerOf('acme', 'cloud-api');
  await customer.write('Hello?');
  const inbox = await (await inboxOf('agent@acme.test')).open('all');
  const { page } = inbox;
  await inbox.openRow(customer.name);

  const held: (() => Promise<void>)[] = [];
  await page.route('**/api/inbox/send_message', (route) => void held.push(() => route.continue()));
  await inbox.answer('Good morning!');
  await expect(inbox.message('Good morning!')).toContainText('Sending');
  await expect(inbox.composer).toHaveValue('');
  await expect(inbox.composer).toBeFocused();
  expect(await customer.received()).toEqual([]);

  await expect.poll(() => held.length).toBe(1);
  for (const release of held) await release();
  await expect(inbox.message('Good morning!')).toContainText(/Delivered|Read/);
  await expect(inbox.message('Good morning!')).toHaveCount(1);
});

test('opens a conversation while its parts come late, and in any order', async ({ inboxOf, customerOf }) => {
  const customer = customerOf('acme', 'evolution');
  await customer.write('One moment');
  for (const late of [/conversations\/[0-9a-f-]{36}$/, /conversations\/[0-9a-f-]{36}\/messages/]) {
    const inbox = await (await inboxOf('agent@acme.test')).open('all');
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await inbox.page.route(late, async (route) => {
      await held;
      await route.continue();
    });
    await inbox.row(customer.name).click();
    await expect(inbox.heading(customer.name)).toBeVisible();
    release();
    await expect(inbox.message('One moment')).toBeVisible();
    await expect(inbox.composer).toBeVisible();
  }
});

test('goes on where the line broke while parts of the page were still to come', async ({ inboxOf, customerOf }) => {
  const customer = customerOf('acme', 'evolution');
  await customer.write('Just before the tunnel');
  const inbox = await inboxOf('agent@acme.test');
  const { page } = inbox;
  await page.addInitScript(() => (window.requestIdleCallback = () => 0)); // nothing is fetched before it is needed
  await inbox.open('all');
  await expect(inbox.row(customer.name)).toBeVisible();

  await page.context().setOffline(true);
  await inbox.row(customer.name).click();
  await expect(page).toHaveURL(/inbox\/[0-9a-f-]{36}/);
  await page.context().setOffline(false);
  await expect(inbox.message('Just before the tunnel')).toBeVisible();
});

test('says why a message failed, and sends it again', async ({ inboxOf, customerOf }) => {
  const customer = customerOf('acme', 'cloud-api');
  await customer.write('Where are you?');
  const inbox = await (await inboxOf('agent@acme.test')).open('all');
  await inbox.openRow(customer.name);

  await customer.tellsNothingOf(1);
  await inbox.answer('12 Quay Street, beside the bakery.');
  await expect.poll(() => customer.received()).toHaveLength(1);
  const [{ externalId } = { externalId: '' }] = await customer.received();
  await customer.account.receive({ kind: 'status', target: externalId, status: 'failed', code: 131_026 });
  const message = inbox.message('12 Quay Street');
  await expect(message).toContainText('Not sent.');
  await expect(message).toContainText(/WhatsApp/); // the reason, in words
  await expect(inbox.row(customer.name)).toContainText('Not sent.');

  await message.getByRole('button', { name: 'Try again' }).click();
  await expect(message).toContainText('Read');
  await expect(message).toHaveCount(1);
});

test('does not guess when nobody knows whether a message arrived', async ({ inboxOf, customerOf }) => {
  const customer = customerOf('acme', 'evolution');
  await customer.write('Did you get my payment?');
  const inbox = await (await inboxOf('agent@acme.test')).open('all');
  await inbox.openRow(customer.name);

  // The provider breaks off without a word: it may have been sent.
  await customer.account.setFaults([{ kind: '5xx', to: customer.phone, times: 1 }]);
  await inbox.answer('Yes, this morning.');
  const message = inbox.message('Yes, this morning.');
  await expect(message).toContainText('We do not know if this arrived.');
  await message.getByRole('button', { name: 'Ask again' }).click();
  await expect(inbox.page.getByText('We asked. The answer comes as soon as there is one.')).toBeVisible();
  expect(await customer.received()).toEqual([]); // and it is never sent twice by itself
});

test('offers templates in the composer’s place once the window has closed', async ({ inboxOf, customerOf }) => {
  const customer = customerOf('acme', 'cloud-api');
  await customer.write('Any news of the grinder?', { at: Date.now() - 1.1 * DAY_MS });
  const inbox = await (await inboxOf('agent@acme.test')).open('all');
  const { page } = inbox;
  await inbox.openRow(customer.name);
  const picker = page.getByRole('region', { name: 'Templates' });
  await expect(picker).toContainText('WhatsApp closed free replies');
  await expect(inbox.composer).toBeHidden();

  await picker.getByRole('combobox', { name: 'Search templates' }).fill('interested');
  await page.keyboard.press('Enter');
  const [first] = customer.name.split(' ');
  await expect(picker.getByLabel('Value 1')).toHaveValue(first ?? '');
  await picker.getByLabel('Value 2').fill('the matte black grinder');
  await page.keyboard.press('Enter');
  const words = `Hi ${first}, you asked us about the matte black grinder. Shall we keep it for you?`;
  await expect(inbox.message(words)).toContainText(/Delivered|Read/);
  await expect(picker).toContainText(`Waiting for ${first} to answer`);
  expect(await customer.received()).toMatchObject([{ kind: 'template', text: words }]);

  await customer.write('Yes, please');
  await expect(inbox.composer).toBeVisible(); // the answer opened the window
});

import type { ProviderName } from '@parley/contracts/accounts';
import { expect, test } from './support/journey';
import { atEachSize, sizes } from './support/pictures';
import { SimulatedAccount } from './support/simulator';

const desk = { viewport: sizes[1440] };

/** What the form of each provider calls its fields. */
const forms: Partial<Record<ProviderName, Record<string, string>>> = {
  evolution: { 'Server address': 'baseUrl', Instance: 'instance', 'API key': 'apiKey' },
  'green-api': {
    'API address': 'apiUrl',
    'Media address': 'mediaUrl',
    Instance: 'idInstance',
    'API token': 'apiTokenInstance',
  },
};
const titles: Partial<Record<ProviderName, string>> = {
  evolution: 'WhatsApp (Evolution API)',
  'green-api': 'WhatsApp (GREEN-API)',
};

for (const provider of ['evolution', 'green-api'] as const) {
  test(`an admin links a phone through ${provider}, tries it, pauses it and deletes it`, async ({ inboxOf }, info) => {
    const phone = `+1555${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`;
    const { account, config } = await SimulatedAccount.create(provider, phone);
    const { page } = await inboxOf('admin@acme.test', desk);
    const name = `Shop ${phone.slice(-5)}`;
    await page.goto('/accounts');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await atEachSize(page, info, `connect-${provider}-picker`);
    await page.getByRole('button', { name: titles[provider] }).click();

    await page.getByText('More', { exact: true }).click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    for (const [label, field] of Object.entries(forms[provider] ?? {}))
      await page.getByLabel(label, { exact: true }).fill(config[field] ?? '');
    await atEachSize(page, info, `connect-${provider}-form`);
    await page.getByRole('button', { name: 'Check and connect' }).click();

    await expect(page.getByRole('img', { name: 'Code to scan' })).toBeVisible();
    await expect(page.getByText(/New code in/)).toBeVisible();
    await expect(page.getByText('It posts what happens to Parley')).toBeVisible();
    await atEachSize(page, info, `connect-${provider}-qr`);
    await page.getByText('No camera?').click();
    await page.getByLabel('Number of the phone').fill(phone);
    await page.getByRole('button', { name: 'Get a code' }).click();
    await expect(page.getByText(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/)).toBeVisible();
    await account.link();

    await expect(page.getByText(`${name} is connected`)).toBeVisible();
    const customer = '+15557300142';
    await page.getByLabel('Number of the phone').fill(customer);
    await page.getByRole('textbox', { name: 'Message' }).fill('Does this arrive?');
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(page.getByText(/It is (delivered|read)/)).toBeVisible();
    expect(await account.sentTo(customer)).toMatchObject([{ text: 'Does this arrive?' }]);
    await page.getByRole('button', { name: 'Finish' }).click();

    await page.getByRole('button', { name: `${name}, Connected` }).click();
    await page.getByRole('button', { name: 'Pause sending' }).click();
    await expect(page.getByRole('button', { name: `${name}, Sending is paused` })).toBeVisible();
    await page.getByRole('button', { name: 'Resume sending' }).click();
    await expect(page.getByRole('button', { name: `${name}, Connected` })).toBeVisible();

    await page.getByRole('button', { name: 'Delete account…' }).click();
    await expect(page.getByText('Its conversation stays readable')).toBeVisible();
    await page.getByRole('button', { name: 'Delete account', exact: true }).click();
    await expect(page.getByRole('button', { name: new RegExp(name) })).toHaveCount(0);
  });
}

test('an agent is told that it takes an admin', async ({ inboxOf }) => {
  const { page } = await inboxOf('agent@acme.test', desk);
  await page.goto('/accounts');
  await expect(page.getByText('Only an admin can connect accounts')).toBeVisible();
});

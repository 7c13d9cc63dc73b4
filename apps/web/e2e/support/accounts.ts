import type { ProviderName } from '@parley/contracts/accounts';
import { expect, type Page } from '@playwright/test';
import type { Customer } from './customer';

/** What the form of each provider calls its fields. */
export const forms = {
  evolution: { 'Server address': 'baseUrl', Instance: 'instance', 'API key': 'apiKey' },
  'green-api': {
    'API address': 'apiUrl',
    'Media address': 'mediaUrl',
    Instance: 'idInstance',
    'API token': 'apiTokenInstance',
  },
  'cloud-api': {
    'Graph API address': 'baseUrl',
    'Phone number ID': 'phoneNumberId',
    'WhatsApp Business Account ID': 'wabaId',
    'Access token': 'accessToken',
  },
} satisfies Partial<Record<ProviderName, Record<string, string>>>;

export const newPhone = () => `+1555${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`;

/** The accounts as an admin finds them. */
export class Accounts {
  constructor(readonly page: Page) {}

  row(name: string | RegExp) {
    return this.page.getByRole('list', { name: 'Accounts' }).getByRole('button', { name });
  }

  async choose(title: string): Promise<void> {
    await this.page.goto('/accounts');
    await this.page.getByRole('button', { name: 'Connect', exact: true }).click();
    await this.page.getByRole('button', { name: title }).click();
  }

  async fill(name: string, values: Record<string, string>): Promise<void> {
    await this.page.getByText('More', { exact: true }).click();
    await this.page.getByLabel('Name', { exact: true }).fill(name);
    for (const [label, value] of Object.entries(values)) await this.page.getByLabel(label, { exact: true }).fill(value);
  }

  connect(): Promise<void> {
    return this.page.getByRole('button', { name: 'Check and connect' }).click();
  }

  /** A message to somebody, from the last step. */
  async tryOut(customer: Customer, text: string): Promise<void> {
    await this.page.getByLabel('Number of the phone').fill(customer.phone);
    await this.page.getByRole('textbox', { name: 'Message' }).fill(text);
    await this.page.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(this.page.getByText(/It is (delivered|read)/)).toBeVisible();
    expect(await customer.received()).toMatchObject([{ text }]);
    await this.page.getByRole('button', { name: 'Finish' }).click();
  }

  async delete(name: string | RegExp, consequence: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Delete account…' }).click();
    await expect(this.page.getByText(consequence)).toBeVisible();
    await this.page.getByRole('button', { name: 'Delete account', exact: true }).click();
    await expect(this.row(name)).toHaveCount(0);
  }
}

export function valuesOf(form: Record<string, string>, config: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(form).map(([label, field]) => [label, config[field] ?? '']));
}

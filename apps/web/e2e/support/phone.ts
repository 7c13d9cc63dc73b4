import { expect, type BrowserContext, type Locator, type Page } from '@playwright/test';
import type { Customer } from './customer';

/** The simulator's page, with a customer's phone in the hand. */
export class Phone {
  private constructor(readonly page: Page) {}

  /** Makes the customer there, as a person would. */
  static async open(context: BrowserContext, customer: Customer): Promise<Phone> {
    const page = await context.newPage();
    await page.goto(customer.account.phonePage);
    await page.getByRole('button', { name: 'New customer' }).first().click();
    await page.getByLabel('Phone number').fill(customer.phone);
    await page.getByLabel('Name', { exact: true }).fill(customer.name);
    await page.getByRole('button', { name: 'Open chat' }).click();
    await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
    return new Phone(page);
  }

  async write(text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Message' }).fill(text);
    await this.page.keyboard.press('Enter');
  }

  message(text: string): Locator {
    return this.page.getByRole('log', { name: 'Messages' }).getByRole('article').filter({ hasText: text });
  }
}

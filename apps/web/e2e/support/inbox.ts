import { expect, type Locator, type Page } from '@playwright/test';

/** The inbox as somebody who uses it finds their way: by what things are called. */
export class Inbox {
  readonly list: Locator;
  readonly thread: Locator;
  readonly composer: Locator;
  /** Says that the screen is behind, and that it caught up. */
  readonly connection: Locator;

  constructor(readonly page: Page) {
    this.list = page.getByRole('listbox').first();
    this.thread = page.getByRole('log', { name: 'Messages' });
    this.composer = page.getByRole('textbox', { name: 'Reply', exact: true });
    this.connection = page.getByRole('status').filter({ hasText: /Reconnecting|offline|Caught up/ });
  }

  async open(view: 'mine' | 'unassigned' | 'all' = 'all'): Promise<this> {
    await this.page.goto(view === 'mine' ? '/inbox' : `/inbox?view=${view}`);
    await expect(this.page.getByRole('tab', { name: 'Mine' })).toBeVisible();
    return this;
  }

  row(name: string): Locator {
    return this.page.getByRole('option').filter({ hasText: name });
  }

  /** Opens a conversation by its row and waits until one can write in it, or choose a template. */
  async openRow(name: string): Promise<void> {
    await this.row(name).click();
    await expect(this.heading(name)).toBeVisible();
    await this.page.mouse.move(700, 5); // the list stands still while the pointer is in it
  }

  heading(name: string): Locator {
    return this.page.getByRole('main').getByRole('heading', { name });
  }

  /** A message of the open thread, by what it says. */
  message(text: string): Locator {
    return this.thread.getByRole('article').filter({ hasText: text });
  }

  async answer(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }
}

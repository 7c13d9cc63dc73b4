import type { Locator, Page } from '@playwright/test';

/**
 * Counts what a person does. One step is a click, a key or chord, or a field filled together with the click or key that
 * enters it.
 */
export class Steps {
  count = 0;

  constructor(private readonly page: Page) {}

  async click(target: Locator): Promise<void> {
    this.count += 1;
    await target.click();
  }

  async press(chord: string): Promise<void> {
    this.count += 1;
    await this.page.keyboard.press(chord);
  }

  /** Into the field that has the focus; `enter` leads there. */
  async type(text: string, enter?: { key: string } | { click: Locator }): Promise<void> {
    this.count += 1;
    if (enter && 'key' in enter) await this.page.keyboard.press(enter.key);
    if (enter && 'click' in enter) await enter.click.click();
    await this.page.keyboard.type(text);
  }
}

import { expect, type Locator, type Page } from '@playwright/test';

/** Somebody without a pointer: who wants to be somewhere presses Tab, or inside of what is one stop an arrow, until they are. */
export class Keys {
  constructor(private readonly page: Page) {}

  async to(target: Locator, by: 'Tab' | 'ArrowDown' = 'Tab'): Promise<void> {
    await expect(target).toBeEnabled();
    for (let presses = 0; presses < 80; presses++) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await this.page.keyboard.press(by);
    }
    throw new Error(`${by} does not come by ${target}`);
  }

  async press(target: Locator, by?: 'Tab' | 'ArrowDown'): Promise<void> {
    await this.to(target, by);
    await this.page.keyboard.press('Enter');
  }

  /** Over what stands there. */
  async type(target: Locator, text: string): Promise<void> {
    await this.to(target);
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.type(text);
  }
}

import { expectNoViolations } from './support/axe';
import { expect, test } from './support/journey';
import { themes } from './support/pictures';

for (const theme of themes) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme, viewport: { width: 1440, height: 900 } });

    test('sign-in', async ({ page }) => {
      await page.goto('/sign-in');
      await expect(page.getByRole('button', { name: /agent@acme\.test/ })).toBeVisible();
      await expectNoViolations(page);
    });

    test('inbox, open thread, details, menus and dialogs', async ({ inboxOf, customerOf }) => {
      const customer = customerOf('acme', 'cloud-api');
      await customer.write('Could you send me the invoice?');
      await customer.write('', { kind: 'image', media: 'parcel', text: 'It is for this one' });
      await customer.write('', { kind: 'voice' });
      const inbox = await inboxOf('agent@acme.test', { colorScheme: theme, viewport: { width: 1440, height: 900 } });
      const { page } = await inbox.open('all');
      await inbox.openRow(customer.name);
      await inbox.answer('It is on its way to you.');
      await expect(inbox.message('It is on its way')).toContainText(/Delivered|Read/);
      await expect(page.getByRole('heading', { name: 'Reached on' })).toBeVisible();
      await inbox.message('Could you send').hover();
      await expect(page.getByRole('toolbar')).toBeVisible();
      await expectNoViolations(page);

      await page
        .getByRole('button', { name: /^Assignee:/ })
        .first()
        .click();
      await expect(page.getByRole('option', { name: 'Jonas Lind' })).toBeVisible();
      await expectNoViolations(page);
      await page.keyboard.press('Escape');

      await page.getByRole('button', { name: 'New conversation' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await expectNoViolations(page);
      await page.keyboard.press('Escape');

      await page.getByRole('button', { name: 'Help and shortcuts' }).click();
      await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
      await expectNoViolations(page);
    });

    test('every state of every part', async ({ inboxOf }) => {
      const { page } = await inboxOf('agent@acme.test', { colorScheme: theme, viewport: { width: 1440, height: 900 } });
      await page.goto('/states');
      await expect(page.getByText('Hover bar, above the bubble')).toBeVisible();
      await expectNoViolations(page);
    });

    test('closed window, in the hand', async ({ inboxOf, customerOf }) => {
      const customer = customerOf('acme', 'cloud-api');
      await customer.write('Hello from last week', { at: Date.now() - 3 * 86_400_000 });
      const inbox = await inboxOf('agent@acme.test', { colorScheme: theme, viewport: { width: 390, height: 844 } });
      const { page } = await inbox.open('all');
      await expectNoViolations(page);
      await inbox.row(customer.name).click();
      await expect(page.getByRole('region', { name: 'Templates' })).toBeVisible();
      await expectNoViolations(page);
    });
  });
}

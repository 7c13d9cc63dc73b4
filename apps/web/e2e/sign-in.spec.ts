import { expect, password, test } from './support/journey';

test('lets nobody in with a wrong password, and leads back to where one was going', async ({ page }) => {
  await page.goto('/inbox?view=unassigned');
  await expect(page).toHaveURL(/\/sign-in/);
  await page.getByLabel('E-mail').fill('agent2@acme.test');
  await page.getByLabel('Password', { exact: true }).fill('not-it');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'do not match' })).toBeVisible();
  await expect(page.getByLabel('E-mail')).toHaveValue('agent2@acme.test');

  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { name: 'Unassigned', selected: true })).toBeVisible();
});

test('signs out in every tab, and leaves nothing to look at', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByRole('button', { name: /agent2@acme\.test/ }).click(); // the demo offers its people
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('tab', { name: 'Mine' })).toBeVisible();
  const second = await page.context().newPage();
  await second.goto('/inbox');
  await expect(second.getByRole('tab', { name: 'Mine' })).toBeVisible();

  await page
    .getByRole('button', { name: /your settings/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(second).toHaveURL(/\/sign-in/);
  await page.goBack();
  await expect(page).toHaveURL(/\/sign-in/);
});

test('takes what was typed before the page could listen', async ({ page }) => {
  let start = () => {};
  const held = new Promise<void>((resolve) => (start = resolve));
  await page.route('**/*.js', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/sign-in', { waitUntil: 'commit' });
  await page.getByLabel('E-mail').fill('agent2@acme.test');
  start();
  await expect(page.getByRole('button', { name: /agent@acme\.test/ })).toBeVisible(); // it listens now
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('tab', { name: 'Mine' })).toBeVisible();
});

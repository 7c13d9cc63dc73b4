import { expectNoViolations } from './support/axe';
import { expect, test } from './support/journey';
import { sizes } from './support/pictures';
import { freshTenant, joinAs } from './support/tenant';

test('a page is in the language that one chose, else the tenant’s, else what the browser asks for', async ({
  browser,
  inboxOf,
  baseURL,
}) => {
  const { page: platform } = await inboxOf('super@parley.test');
  const tenant = await freshTenant(platform.request, 'Farol', 'pt-BR');
  const context = await browser.newContext({ baseURL, viewport: sizes[1440], locale: 'ro-MD' });
  const page = await context.newPage();
  const spoken = page.locator('html');

  await page.goto('/sign-in');
  await expect(page.getByRole('button', { name: 'Intră în cont' })).toBeVisible();
  await expect(spoken).toHaveAttribute('lang', 'ro');

  await joinAs(context, tenant.invitation, 'Inês Prado');
  await page.goto('/settings');
  await expect(page.getByRole('heading', { name: 'Perfil e segurança' })).toBeVisible();
  await expect(spoken).toHaveAttribute('lang', 'pt-BR');
  await expectNoViolations(page);

  await page.getByLabel('Idioma').selectOption({ label: 'Română' });
  await expect(page.getByRole('heading', { name: 'Profil și securitate' })).toBeVisible();
  await page.goto('/inbox');
  await expect(page.getByRole('tab', { name: 'Ale mele' })).toBeVisible();
  await expect(spoken).toHaveAttribute('lang', 'ro');
  expect(await (await page.request.get('/inbox')).text()).toContain('<html lang="ro"'); // nothing else was there before
  await expectNoViolations(page);
  await context.close();
});

import { call } from '@/lib/api';
import { tellTabs } from './tabs';
import { routes } from '@/lib/routes';

/** Makes another membership the active one, in every tab. A whole page load, so that no tenant's data outlives it. */
export async function enterTenant(tenantId: string): Promise<void> {
  await call(routes.switchTenant, { body: { tenantId } });
  tellTabs('changed');
  window.location.assign('/inbox');
}

import type { ProviderName } from '@parley/contracts/accounts';
import { type Browser, type BrowserContextOptions, type Page, test as base } from '@playwright/test';
import { Customer, newCustomer } from './customer';
import { Inbox } from './inbox';
import { SimulatedAccount } from './simulator';

export { expect } from '@playwright/test';

type Tenant = 'acme' | 'globex';
type Login = 'agent' | 'agent2' | 'manager' | 'admin';
export type Email = `${Login}@${Tenant}.test` | 'super@parley.test';

export const password = 'parley-demo';

interface Journey {
  /** The inbox of somebody of the demo, in a browser of their own, where they are signed in already. */
  inboxOf: (email: Email, options?: BrowserContextOptions) => Promise<Inbox>;
  /** Somebody new, with a number nobody else has, who writes to an account of the demo. */
  customerOf: (tenant: Tenant, provider: ProviderName) => Customer;
}

interface Shared {
  /** Cookies of people who signed in once for all tests: sign-in counts its tries. */
  sessionOf: (email: Email) => Promise<BrowserContextOptions['storageState']>;
}

/** Tests of journeys share the demo's tenants, so each brings customers of its own and looks at those alone. */
export const test = base.extend<Journey, Shared>({
  sessionOf: [
    async ({ browser }, use, { project }) => {
      const sessions = new Map<Email, ReturnType<Shared['sessionOf']>>();
      await use((email) => {
        const session = sessions.get(email) ?? signInOnce(browser, email, project.use.baseURL ?? '');
        sessions.set(email, session);
        return session;
      });
    },
    { scope: 'worker' },
  ],
  inboxOf: async ({ browser, sessionOf, baseURL }, use) => {
    const opened: Page[] = [];
    await use(async (email, options = {}) => {
      const context = await browser.newContext({ baseURL, storageState: await sessionOf(email), ...options });
      const page = await context.newPage();
      opened.push(page);
      return new Inbox(page);
    });
    for (const page of opened) await page.context().close();
  },
  // Playwright reads from this pattern which fixtures one needs: none.
  customerOf: async ({}, use) => {
    await use((tenant, provider) => newCustomer(new SimulatedAccount(provider, `${tenant}-${provider}`)));
  },
});

async function signInOnce(browser: Browser, email: Email, baseURL: string) {
  const context = await browser.newContext({ baseURL });
  const answer = await context.request.post('/api/auth/sign-in/email', {
    data: { email, password },
    headers: { origin: baseURL },
  });
  if (!answer.ok()) throw new Error(`${email} could not sign in: ${answer.status()} ${await answer.text()}`);
  const state = await context.storageState();
  await context.close();
  return state;
}

import type { Account, AccountSettings, ProviderName } from '@parley/contracts/accounts';
import type { Page } from '@playwright/test';
import { Accounts, newPhone } from './support/accounts';
import { newCustomer, type Customer } from './support/customer';
import type { Inbox } from './support/inbox';
import { expect, test } from './support/journey';
import { picture, sizes } from './support/pictures';
import { SimulatedAccount } from './support/simulator';
import { post } from './support/tenant';

/** What people read when a provider cannot be reached, and on the page of accounts beside what mends it. */
interface Loss {
  how: string;
  banner: RegExp;
  state: string;
  act: string;
}
const losses: Record<ProviderName, Loss> = {
  evolution: {
    how: 'logout',
    banner: /is not linked to its phone\. Link it again\. What you send waits\..*Scan the code/,
    state: 'Waiting for the phone',
    act: 'Show the code',
  },
  'green-api': {
    how: 'logout',
    banner: /is not linked to its phone\. Link it again\. What you send waits\..*Scan the code/,
    state: 'Waiting for the phone',
    act: 'Show the code',
  },
  'cloud-api': {
    how: 'close',
    banner: /WhatsApp restricted .*What you send waits\..*Register it in WhatsApp Manager/,
    state: 'Restricted by the provider',
    act: 'Check again',
  },
  slack: {
    how: 'remove',
    banner: /Slack refused the token of .*What you send waits\..*Install it again/,
    state: 'Access refused',
    act: 'New access',
  },
};

/** An account that one customer writes to, and the conversation with them on the screen. */
class Scene {
  readonly accounts: Accounts;

  private constructor(
    readonly inbox: Inbox,
    readonly account: SimulatedAccount,
    readonly customer: Customer,
    readonly id: string,
    readonly name: string,
  ) {
    this.accounts = new Accounts(inbox.page);
  }

  static async open(inbox: Inbox, provider: ProviderName): Promise<Scene> {
    const phone = newPhone();
    const { account, config } = await SimulatedAccount.create(provider, phone, { connected: true, app: 'own' });
    const name = `Depot ${provider} ${phone.slice(-4)}`;
    const body = { provider, name, config };
    const { id, webhook } = (await post(inbox.page.request, '/api/accounts', body)) as AccountSettings;
    if (webhook.setBy === 'you') await account.tell(webhook.url, config.signingSecret ?? '');
    const scene = new Scene(inbox, account, newCustomer(account), id, name);
    await scene.customer.write('Is it open?');
    await scene.show();
    return scene;
  }

  async show(): Promise<void> {
    await this.inbox.open('all');
    await this.inbox.openRow(this.customer.name);
    await expect(this.inbox.message('Is it open?')).toBeVisible();
  }

  get page(): Page {
    return this.inbox.page;
  }

  /** The banner above the composer. */
  banner(words: RegExp) {
    return this.page.getByRole('main').getByText(words);
  }

  /** Its row on the page of accounts says how it is and offers what mends it. */
  async expectRow(state: string, act: string): Promise<void> {
    await this.page.getByRole('link', { name: 'Open account' }).click();
    await expect(this.accounts.row(`${this.name}, ${state}`)).toBeVisible();
    const item = this.page.getByRole('listitem').filter({ hasText: this.name });
    await expect(item.getByRole('button', { name: act })).toBeVisible();
  }

  /** In the dock of the account, which its banner leads to. */
  checkAgain(): Promise<void> {
    return this.page.getByRole('complementary').getByRole('button', { name: 'Check again' }).click();
  }

  async remove(): Promise<void> {
    const origin = new URL(this.page.url()).origin;
    await this.page.request.delete(`/api/accounts/${this.id}`, { headers: { origin } });
  }
}

const all = Object.keys(losses) as ProviderName[];
const sentOf = (provider: ProviderName) => (provider === 'slack' ? /Sent/ : 'Read');

test('a lost connection is told where one writes and where one mends it, and what waited goes out', async ({
  inboxOf,
}, info) => {
  const inbox = await inboxOf('admin@acme.test', { viewport: sizes[1440] });
  for (const provider of all)
    await test.step(provider, async () => {
      const scene = await Scene.open(inbox, provider);
      const { how, banner, state, act } = losses[provider];
      await scene.account.receive({ kind: 'connection', state: how });
      if (provider !== 'cloud-api') await expect(scene.banner(banner)).toBeVisible(); // Meta’s no to a send is the first word of it
      await inbox.answer('Until six.');
      await expect(inbox.message('Until six.')).toBeVisible();
      await expect(scene.banner(banner)).toBeVisible();
      await expect(inbox.composer).toHaveValue('');
      expect(await scene.customer.received()).toEqual([]);
      await picture(inbox.page, info, `trouble-lost-${provider}`);
      await scene.expectRow(state, act);
      await picture(inbox.page, info, `trouble-lost-${provider}-account`);
      await scene.account.link();
      if (provider === 'cloud-api' || provider === 'slack') await scene.checkAgain();
      await expect(scene.accounts.row(`${scene.name}, Connected`)).toBeVisible();
      await scene.show();
      await expect(scene.banner(banner)).toBeHidden();
      if (provider === 'cloud-api')
        await inbox.message('Until six.').getByRole('button', { name: 'Try again' }).click();
      await expect(inbox.message('Until six.')).toContainText(sentOf(provider));
      expect(await scene.customer.received()).toMatchObject([{ text: 'Until six.' }]);

      await scene.account.setFaults([{ kind: 'auth' }]);
      await inbox.answer('And on Sunday?');
      const refused = /refused the token of/;
      await expect(scene.banner(refused)).toBeVisible();
      await expect(inbox.message('And on Sunday?')).toContainText('Not sent.');
      await inbox.answer('Closed.');
      await expect(inbox.message('Closed.')).toBeVisible();
      await picture(inbox.page, info, `trouble-refused-${provider}`);
      await scene.expectRow('Access refused', 'New access');
      await scene.account.setFaults([]);
      await scene.checkAgain();
      await expect(scene.accounts.row(`${scene.name}, Connected`)).toBeVisible();
      await scene.show();
      await expect(scene.banner(refused)).toHaveCount(0);
      await expect(inbox.message('Closed.')).toContainText(sentOf(provider));
      await inbox.message('And on Sunday?').getByRole('button', { name: 'Try again' }).click();
      await expect(inbox.message('And on Sunday?')).toContainText(sentOf(provider));
      expect(await scene.customer.received()).toHaveLength(3);
      await scene.remove();
    });
});

/** What the API says of an account once nothing was confirmed for a minute, or nothing came for hours: the engine's tests see it say so. */
const doubts = {
  evolution: {
    kind: 'unconfirmed',
    banner: /has confirmed nothing .* It may not have arrived/,
    state: 'Sends not confirmed',
    act: 'Send a test',
  },
  slack: {
    kind: 'silent',
    banner: /Nothing has come in through .* See what is wrong/,
    state: 'Nothing comes in',
    act: 'What to do',
  },
} as const;

test('a connection that lies is doubted aloud, and one can still write', async ({ inboxOf }, info) => {
  const inbox = await inboxOf('admin@acme.test', { viewport: sizes[1440] });
  const { page } = inbox;
  for (const provider of ['evolution', 'slack'] as const)
    await test.step(provider, async () => {
      const { kind, banner, state, act } = doubts[provider];
      const scene = await Scene.open(inbox, provider);
      const doubt = { kind, since: new Date(Date.now() - 3_600_000).toISOString() };
      const doubted = <A extends Account>(account: A) => (account.id === scene.id ? { ...account, doubt } : account);
      await page.route(/\/api\/accounts(\?|\/[0-9a-f-]{36}$)/, async (route) => {
        const response = await route.fetch();
        const told = (await response.json()) as Account | { items: Account[] };
        await route.fulfill({
          response,
          json: 'items' in told ? { ...told, items: told.items.map(doubted) } : doubted(told),
        });
      });
      await scene.show();
      await expect(scene.banner(banner)).toBeVisible();
      await inbox.answer('Until six.');
      await expect(inbox.message('Until six.')).toContainText(sentOf(provider));
      await picture(page, info, `trouble-${kind}`);
      await scene.expectRow(state, act);
      await picture(page, info, `trouble-${kind}-account`);
      await page.unrouteAll();
      await scene.remove();
    });
});

import type { Account, Capabilities, ProviderName } from '@parley/contracts/accounts';
import type { Locator, Page } from '@playwright/test';
import type { Customer } from './support/customer';
import type { Inbox } from './support/inbox';
import { expect, test } from './support/journey';
import { sizes } from './support/pictures';

type Value = boolean | number | string | null;

/** What an account says that it can, what the API takes, what the composer offers: printed whole, one row a cell. */
const table: { provider: ProviderName; feature: string; declared: Value; api: Value; composer: Value }[] = [];

test.afterAll(() => {
  const rows = features.map(({ name }) => {
    const cells = table.filter(({ feature }) => feature === name);
    const words = ({ declared, api, composer }: (typeof table)[number]) => `${declared} = ${api} = ${composer}`;
    return { feature: name, ...Object.fromEntries(cells.map((cell) => [cell.provider, words(cell)])) };
  });
  console.log('Declared = taken by the API = offered by the composer');
  console.table(rows);
});

/** A provider that is not listed does not compile. */
const providers: Record<ProviderName, true> = { evolution: true, 'cloud-api': true, 'green-api': true, slack: true };

const ASKED = 'Can you do all of this?';
const LAST = 'How far does this get?';
const DAY_MS = 86_400_000;

interface Scene {
  inbox: Inbox;
  page: Page;
  api: Api;
  account: Account;
  conversationId: string;
  /** The customer's question. */
  messageId: string;
  /** Somebody who wrote more than a day ago. */
  late: Customer;
  /** Calls of the page that said that somebody types. */
  typings: () => number;
}

/** Calls as the page itself makes them, by whoever is signed in there. */
class Api {
  constructor(
    private readonly page: Page,
    private readonly origin: string,
  ) {}

  async ask<Body = unknown>(method: 'GET' | 'POST', path: string, data?: unknown) {
    const headers = { origin: this.origin };
    const answer = await this.page.request.fetch(`/api${path}`, {
      method,
      headers,
      ...(data === undefined ? {} : { data }),
    });
    const text = await answer.text();
    return { status: answer.status(), body: (text ? JSON.parse(text) : null) as Body & { code?: string } };
  }

  /** Whether the channel could: what is refused for another reason counts as taken. */
  async takes(path: string, data: unknown): Promise<boolean> {
    const { status, body } = await this.ask('POST', path, data);
    expect(status, JSON.stringify(body)).toBeLessThan(500);
    return body.code !== 'channel_cannot';
  }

  async conversationOf(name: string): Promise<{ id: string; accountId: string }> {
    const path = `/inbox/conversations?q=${encodeURIComponent(name)}`;
    const found = await this.ask<{ items: { id: string; accountId: string }[] }>('GET', path);
    const [conversation] = found.body.items;
    if (!conversation) throw new Error(`no conversation with ${name}`);
    return conversation;
  }

  async messages(conversationId: string) {
    type Shown = { id: string; direction: string; content: { text?: string }; delivery: { status: string } | null };
    const path = `/inbox/conversations/${conversationId}/messages`;
    return (await this.ask<{ items: Shown[] }>('GET', path)).body.items;
  }
}

const text = (words: string) => ({ type: 'text', text: words });
const send = ({ conversationId }: Scene, content: object, more: object = {}) => ({ conversationId, content, ...more });

/** Buttons that the channel cannot honour are absent. */
const has = async (control: Locator) => (await control.count()) > 0;

/** The bar over the customer's message. */
async function bar({ inbox, page }: Scene) {
  const shown = page.getByRole('toolbar', { name: 'What to do with this message' });
  await inbox.message(ASKED).first().hover(); // an answer of ours quotes it
  await expect(shown).toBeVisible();
  return shown;
}

async function isInMenu(scene: Scene, name: RegExp): Promise<boolean> {
  await (await bar(scene)).getByRole('button', { name: 'More', exact: true }).click();
  const items = scene.page.getByRole('menuitem');
  await expect(items.first()).toBeVisible();
  const words = await items.allInnerTexts();
  await scene.page.keyboard.press('Escape');
  await expect(items).toHaveCount(0);
  return words.some((each) => name.test(each));
}

/** In the order in which they are looked at. */
const features: readonly {
  name: string;
  declared: (can: Capabilities) => Value;
  composer: (scene: Scene) => Promise<Value>;
  api: (scene: Scene) => Promise<Value>;
}[] = [
  {
    name: 'quote',
    declared: (can) => can.quote,
    composer: async (scene) => has((await bar(scene)).getByRole('button', { name: 'Reply', exact: true })),
    api: (scene) => scene.api.takes('/inbox/send_message', send(scene, text('This one'), { replyTo: scene.messageId })),
  },
  {
    name: 'react',
    declared: (can) => can.react,
    composer: async (scene) => has((await bar(scene)).getByRole('button', { name: /^React with/ })),
    api: (scene) => {
      const reaction = { type: 'reaction', messageId: scene.messageId, emoji: '👍' };
      return scene.api.takes('/inbox/send_message', send(scene, reaction));
    },
  },
  {
    name: 'edit',
    declared: (can) => can.edit,
    composer: (scene) => isInMenu(scene, /^Edit/),
    api: async ({ api, conversationId, messageId }) => {
      const content = { type: 'edit', messageId, text: 'x' };
      return (await api.ask('POST', '/inbox/send_message', { conversationId, content })).status === 202;
    },
  },
  {
    name: 'delete',
    declared: (can) => can.delete,
    composer: (scene) => isInMenu(scene, /^Delete/),
    api: async ({ api, conversationId, messageId }) => {
      const content = { type: 'delete', messageId };
      return (await api.ask('POST', '/inbox/send_message', { conversationId, content })).status === 202;
    },
  },
  {
    name: 'templates',
    declared: (can) => can.templates,
    composer: ({ page }) => has(page.getByRole('button', { name: 'Templates', exact: true })),
    api: async (scene) => {
      const template = { type: 'template', name: 'no_such_template', language: 'en' };
      const taken = await scene.api.takes('/inbox/send_message', send(scene, template));
      const listed = (await scene.api.ask('GET', `/accounts/${scene.account.id}/templates`)).status === 200;
      expect(listed, 'the list of templates and the send say different things').toBe(taken);
      return taken;
    },
  },
  {
    name: 'longest text',
    declared: (can) => can.maxTextLength,
    async composer({ inbox, page, account }) {
      const length = account.capabilities.maxTextLength + 1;
      await inbox.composer.fill('x'.repeat(length));
      const said = await page
        .getByRole('status')
        .filter({ hasText: /^\d+ (left|over)$/ })
        .innerText();
      await inbox.composer.fill('');
      const count = parseInt(said, 10);
      return said.endsWith('over') ? length - count : length + count;
    },
    async api(scene) {
      const { maxTextLength } = scene.account.capabilities;
      const status = async (length: number) =>
        (await scene.api.ask('POST', '/inbox/send_message', send(scene, text('x'.repeat(length))))).status;
      return (await status(maxTextLength)) === 202 && (await status(maxTextLength + 1)) === 422 ? maxTextLength : null;
    },
  },
  {
    name: 'typing is shown to them',
    declared: (can) => can.typing,
    async composer({ inbox, page, typings }) {
      await inbox.composer.fill('I am typing');
      await page.evaluate(async () => void (await fetch('/api/me'))); // what began before it is told of by now
      await inbox.composer.fill('');
      return typings() > 0; // the length before it may have told it: at most once in three seconds
    },
    api: async ({ api, conversationId, account }) =>
      (await api.ask('POST', '/inbox/send_typing', { conversationId })).status === 204 && account.capabilities.typing,
  },
  {
    name: 'receipts',
    declared: (can) => can.receipts,
    async composer({ inbox }) {
      await inbox.answer(LAST);
      const line = inbox.message(LAST).getByText(/^(Read \d\d:\d\d|(Delivered|Sent)\. \w+ does not tell if .*)$/);
      await expect(line).toBeVisible();
      const words = await line.innerText();
      return words.startsWith('Read') ? 'read' : words.startsWith('Delivered') ? 'delivered' : 'none';
    },
    async api({ api, conversationId }) {
      const sent = (await api.messages(conversationId)).find(({ content }) => content.text === LAST);
      const reached: Record<string, Capabilities['receipts']> = { sent: 'none', delivered: 'delivered', read: 'read' };
      return reached[sent?.delivery?.status ?? ''] ?? null;
    },
  },
  {
    name: 'write first',
    declared: (can) => can.writeFirst,
    async composer({ page, account }) {
      await page.getByRole('button', { name: 'New conversation' }).first().click();
      const from = page.getByLabel('From');
      await expect(from).toBeVisible();
      const names = await from.locator('option').allInnerTexts();
      await page.keyboard.press('Escape');
      await expect(from).toHaveCount(0);
      return names.some((name) => name === account.name || name.startsWith(`${account.name} · `));
    },
    api: ({ api, account }) => {
      const to = `+1555${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`;
      return api.takes('/inbox/conversations', { accountId: account.id, to, content: text('Good morning') });
    },
  },
  {
    name: 'free replies end',
    declared: (can) => can.windowHours !== null,
    async composer({ inbox, page, late }) {
      await inbox.openRow(late.name);
      const picker = page.getByRole('region', { name: 'Templates' });
      await expect(inbox.composer.or(picker)).toBeVisible();
      return picker.isVisible();
    },
    async api({ api, late }) {
      const { id: conversationId } = await api.conversationOf(late.name);
      const { status, body } = await api.ask('POST', '/inbox/send_message', { conversationId, content: text('Late') });
      return status === 202 ? false : body.code === 'window_closed' || (body.code ?? status);
    },
  },
];

for (const provider of Object.keys(providers) as ProviderName[]) {
  test(`${provider}: what it says it can, what the API takes and what the composer offers are the same`, async ({
    inboxOf,
    customerOf,
    baseURL = '',
  }) => {
    const [customer, late] = [customerOf('acme', provider), customerOf('acme', provider)];
    await late.write('From another day', { at: Date.now() - 1.5 * DAY_MS });
    await customer.write(ASKED);
    const inbox = await (await inboxOf('admin@acme.test', { viewport: sizes[1440] })).open('all');
    const { page } = inbox;
    let typings = 0;
    page.on('request', (request) => (typings += Number(request.url().endsWith('/api/inbox/send_typing'))));
    await inbox.openRow(customer.name);
    await expect(inbox.message(ASKED)).toBeVisible();

    const api = new Api(page, new URL(baseURL).origin);
    const { id: conversationId, accountId } = await api.conversationOf(customer.name);
    const accounts = await api.ask<{ items: Account[] }>('GET', '/accounts?limit=100');
    const account = accounts.body.items.find(({ id }) => id === accountId);
    const asked = (await api.messages(conversationId)).find(({ content }) => content.text === ASKED);
    if (!account || !asked) throw new Error('the account, or what was asked, is not there');
    expect(account.provider).toBe(provider);
    const scene = { inbox, page, api, account, conversationId, messageId: asked.id, late, typings: () => typings };

    const cells: typeof table = [];
    for (const { name: feature, declared, composer, api: taken } of features)
      cells.push({
        provider,
        feature,
        declared: declared(account.capabilities),
        composer: await composer(scene),
        api: await taken(scene),
      });
    table.push(...cells);
    const differing = cells.filter(({ declared, api: takes, composer }) => declared !== takes || takes !== composer);
    expect(differing).toEqual([]);
  });
}

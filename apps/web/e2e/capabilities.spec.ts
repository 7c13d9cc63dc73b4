import type { Account, Capabilities, ProviderName } from '@parley/contracts/accounts';
import type { Locator, Page } from '@playwright/test';
import type { Customer } from './support/customer';
import type { Inbox } from './support/inbox';
import { expect, test } from './support/journey';
import { sizes } from './support/pictures';
import { callsIn } from './support/simulator';

type Value = boolean | number | string | null;

/** What an account says of each. */
const features = {
  quote: (can) => can.quote,
  react: (can) => can.react,
  edit: (can) => can.edit,
  delete: (can) => can.delete,
  templates: (can) => can.templates,
  files: (can) => can.files.length > 0,
  'typing is shown to them': (can) => can.typing,
  'longest text': (can) => can.maxTextLength,
  receipts: (can) => can.receipts,
  'write first': (can) => can.writeFirst,
  'free replies end': (can) => can.windowHours !== null,
} satisfies Record<string, (can: Capabilities) => Value>;
type Feature = keyof typeof features;
type Read = Record<Feature, Value>;

/** A provider that is not listed does not compile. */
const providers: Record<ProviderName, true> = { evolution: true, 'cloud-api': true, 'green-api': true, slack: true };

const ASKED = 'Can you do all of this?';
const LAST = 'How far does this get?';
const DAY_MS = 86_400_000;

/** One account, in the only page that all of them are looked at in. */
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
  /** How far the simulator's journal was before anything was done here. */
  before: number;
  /** Accounts that a new conversation may begin on, as it names them. */
  first: string[];
}

/** Calls as the page itself makes them, by whoever is signed in there. */
class Api {
  constructor(private readonly page: Page) {}

  async ask<Body = unknown>(method: 'GET' | 'POST', path: string, data?: unknown) {
    const headers = { origin: new URL(this.page.url()).origin };
    const answer = await this.page.request.fetch(`/api${path}`, { method, headers, ...(data ? { data } : {}) });
    const words = await answer.text();
    return { status: answer.status(), body: (words ? JSON.parse(words) : null) as Body & { code?: string } };
  }

  /** Whether the channel could: what is refused for another reason counts as taken. */
  async takes(path: string, data: unknown): Promise<boolean> {
    const { status, body } = await this.ask('POST', path, data);
    expect(status, JSON.stringify(body)).toBeLessThan(500);
    return body.code !== 'channel_cannot';
  }

  /** A page of these words, ready to be sent. */
  async upload(words: string): Promise<string> {
    const file = { fileName: 'page.txt', mimeType: 'text/plain', sizeBytes: words.length };
    const { body } = await this.ask<{ id: string }>('POST', '/inbox/uploads', file);
    const answer = await this.page.request.patch(`/api/inbox/uploads/${body.id}`, {
      headers: {
        origin: new URL(this.page.url()).origin,
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
      },
      data: Buffer.from(words),
    });
    expect(answer.ok(), await answer.text()).toBe(true);
    return body.id;
  }

  async conversationOf(name: string): Promise<{ id: string; accountId: string }> {
    const path = `/inbox/conversations?q=${encodeURIComponent(name)}`;
    const found = await this.ask<{ items: { id: string; accountId: string }[] }>('GET', path);
    const [conversation] = found.body.items;
    if (!conversation) throw new Error(`no conversation with ${name}`);
    return conversation;
  }

  async message(conversationId: string, words: string) {
    type Shown = { id: string; content: { text?: string }; delivery: { status: string } | null };
    const path = `/inbox/conversations/${conversationId}/messages`;
    const { items } = (await this.ask<{ items: Shown[] }>('GET', path)).body;
    const message = items.find(({ content }) => content.text === words);
    if (!message) throw new Error(`nobody said "${words}"`);
    return message;
  }
}

/** Buttons that the channel cannot honour are absent. */
const has = async (control: Locator) => (await control.count()) > 0;

/** What the page offers, in the order in which one comes by it. */
async function offered(scene: Scene): Promise<Read> {
  const { inbox, page, account, late } = scene;
  const ofMessage = await inBar(scene);
  const templates = await has(page.getByRole('button', { name: 'Templates', exact: true }));
  const files = await has(page.getByRole('button', { name: 'Attach files' }));
  const typing = await showsTyping(scene);
  const longest = await longestText(scene);
  const receipts = await receiptsOf(inbox);
  await inbox.openRow(late.name);
  const picker = page.getByRole('region', { name: 'Templates' });
  await expect(inbox.composer.or(picker)).toBeVisible();
  return {
    ...ofMessage,
    templates,
    files,
    'typing is shown to them': typing,
    'longest text': longest,
    receipts,
    'write first': scene.first.some((name) => name === account.name || name.startsWith(`${account.name} · `)),
    'free replies end': await picker.isVisible(),
  };
}

/** What one can do with the customer's message. */
async function inBar({ inbox, page }: Scene): Promise<Pick<Read, 'quote' | 'react' | 'edit' | 'delete'>> {
  const bar = page.getByRole('toolbar', { name: 'What to do with this message' });
  await inbox.message(ASKED).hover();
  await expect(bar).toBeVisible();
  const quote = await has(bar.getByRole('button', { name: 'Reply', exact: true }));
  const react = await has(bar.getByRole('button', { name: /^React with/ }));
  await bar.getByRole('button', { name: 'More', exact: true }).click();
  const items = page.getByRole('menuitem');
  await expect(items.first()).toBeVisible();
  const words = await items.allInnerTexts();
  await page.keyboard.press('Escape');
  await expect(items).toHaveCount(0);
  const inMenu = (name: RegExp) => words.some((each) => name.test(each));
  return { quote, react, edit: inMenu(/^Edit/), delete: inMenu(/^Delete/) };
}

async function showsTyping({ inbox, page }: Scene): Promise<boolean> {
  let told = false;
  const listen = (request: { url(): string }) => (told ||= request.url().endsWith('/api/inbox/send_typing'));
  page.on('request', listen);
  await inbox.composer.fill('I am typing');
  await page.evaluate(async () => void (await fetch('/api/me'))); // what began before it is told of by now
  page.off('request', listen);
  return told;
}

async function longestText({ inbox, page, account }: Scene): Promise<number> {
  const length = account.capabilities.maxTextLength + 1;
  await inbox.composer.fill('x'.repeat(length));
  const counter = page.getByRole('status').filter({ hasText: /^\d+ (left|over)$/ });
  const words = await counter.innerText();
  await inbox.composer.fill('');
  return words.endsWith('over') ? length - parseInt(words, 10) : length + parseInt(words, 10);
}

async function receiptsOf(inbox: Inbox): Promise<string> {
  await inbox.answer(LAST);
  const line = inbox.message(LAST).getByText(/^(Read \d\d:\d\d|(Delivered|Sent)\. \w+ does not tell if .*)$/);
  await expect(line).toBeVisible();
  const words = await line.innerText();
  return words.startsWith('Read') ? 'read' : words.startsWith('Delivered') ? 'delivered' : 'none';
}

/** What the API takes. */
async function taken({ api, account, conversationId, messageId, late, before }: Scene): Promise<Read> {
  const { maxTextLength } = account.capabilities;
  const send = (content: object, more: object = {}) =>
    api.ask('POST', '/inbox/send_message', { conversationId, content, ...more });
  const takes = (content: object, more: object = {}) =>
    api.takes('/inbox/send_message', { conversationId, content, ...more });
  const text = (words: string) => ({ type: 'text', text: words });
  const templates = await takes({ type: 'template', name: 'no_such_template', language: 'en' });
  const listed = (await api.ask('GET', `/accounts/${account.id}/templates`)).status === 200;
  expect(listed, 'the list of templates and the send say different things').toBe(templates);
  const fits = (await send(text('x'.repeat(maxTextLength)))).status === 202;
  const isLongest = fits && (await send(text('x'.repeat(maxTextLength + 1)))).status === 422;
  const reached: Record<string, Capabilities['receipts']> = { sent: 'none', delivered: 'delivered', read: 'read' };
  const { delivery } = await api.message(conversationId, LAST);
  const to = `+1555${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`;
  const after = { conversationId: (await api.conversationOf(late.name)).id, content: text('Late') };
  const { status, body } = await api.ask('POST', '/inbox/send_message', after);
  return {
    quote: await takes(text('This one'), { replyTo: messageId }),
    react: await takes({ type: 'reaction', messageId, emoji: '👍' }),
    edit: (await send({ type: 'edit', messageId, text: 'x' })).status === 202,
    delete: (await send({ type: 'delete', messageId })).status === 202,
    templates,
    files: await takes({ type: 'media', fileId: await api.upload('Hello') }),
    'typing is shown to them': await isToldOfTyping(account.provider, before),
    'longest text': isLongest ? maxTextLength : null,
    receipts: reached[delivery?.status ?? ''] ?? null,
    'write first': await api.takes('/inbox/conversations', { accountId: account.id, to, content: text('Hello') }),
    'free replies end': status === 202 ? false : body.code === 'window_closed' || (body.code ?? status),
  };
}

/** Colleagues see on every channel who types, so none refuses it: what counts is whether the provider was told. */
async function isToldOfTyping(provider: ProviderName, after: number): Promise<boolean> {
  const { calls } = await callsIn(`after=${after}`);
  const own = calls.filter(({ path }) => path.startsWith(`/${provider}/`));
  expect(own).not.toEqual([]); // what was sent since then is there
  return own.some(({ path, body }) => /sendPresence|sendTyping|typing_indicator/.test(path + JSON.stringify(body)));
}

/** The accounts that one can write first on. */
async function accountsToBeginOn(page: Page): Promise<string[]> {
  await page.getByRole('button', { name: 'New conversation' }).first().click();
  await expect(page.getByLabel(/^Phone number/)).toBeFocused();
  const names = await page.getByLabel('From').locator('option').allInnerTexts();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  return names;
}

test('what each provider says it can, what the API takes and what the composer offers are the same', async ({
  inboxOf,
  customerOf,
}) => {
  const people = (Object.keys(providers) as ProviderName[]).map((provider) => ({
    provider,
    customer: customerOf('acme', provider),
    late: customerOf('acme', provider),
  }));
  for (const { customer, late } of people) {
    await late.write('From another day', { at: Date.now() - 1.5 * DAY_MS });
    await customer.write(ASKED);
  }
  const inbox = await (await inboxOf('admin@acme.test', { viewport: sizes[1440] })).open('all');
  const { page } = inbox;
  const api = new Api(page);
  const first = await accountsToBeginOn(page);
  const { items } = (await api.ask<{ items: Account[] }>('GET', '/accounts?limit=100')).body;

  const cells: { provider: ProviderName; feature: string; declared: Value; takes: Value; offers: Value }[] = [];
  for (const { provider, customer, late } of people)
    await test.step(provider, async () => {
      await inbox.openRow(customer.name);
      await expect(inbox.message(ASKED)).toBeVisible();
      const { id: conversationId, accountId } = await api.conversationOf(customer.name);
      const account = items.find(({ id }) => id === accountId);
      if (account?.provider !== provider) throw new Error(`${customer.name} wrote to no account of ${provider}`);
      const { id: messageId } = await api.message(conversationId, ASKED);
      const { upTo: before } = await callsIn('tail=1');
      const scene = { inbox, page, api, account, conversationId, messageId, late, before, first };
      const offers = await offered(scene);
      const takes = await taken(scene);
      for (const [feature, declared] of Object.entries(features) as [Feature, (can: Capabilities) => Value][]) {
        const says = declared(account.capabilities);
        cells.push({ provider, feature, declared: says, takes: takes[feature], offers: offers[feature] });
      }
    });

  const row = (feature: string) =>
    cells
      .filter((cell) => cell.feature === feature)
      .map(({ provider, declared, takes, offers }) => [provider, `${declared} = ${takes} = ${offers}`]);
  console.log('Declared = taken by the API = offered by the composer');
  console.table(Object.fromEntries(Object.keys(features).map((name) => [name, Object.fromEntries(row(name))])));
  expect(cells.filter(({ declared, takes, offers }) => declared !== takes || takes !== offers)).toEqual([]);
});

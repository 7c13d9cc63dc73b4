import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, openStage, until, type Stage } from '../testing/harness';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ SIMULATOR_TIME_SCALE: '50' });
});
afterAll(() => stage.close());

/** An account of each provider, told to call the receiver, and one way to send a text through either. */
const providers = {
  evolution: {
    send: (config: Record<string, string>, to: string, text: string, signal?: AbortSignal) =>
      post(
        `${config.baseUrl}/message/sendText/${config.instance}`,
        { number: to.replace('+', ''), text },
        { apikey: config.apiKey ?? '' },
        signal,
      ),
  },
  'cloud-api': {
    send: (config: Record<string, string>, to: string, text: string, signal?: AbortSignal) =>
      post(
        `${config.baseUrl}/v25.0/${config.phoneNumberId}/messages`,
        { messaging_product: 'whatsapp', to, type: 'text', text: { body: text } },
        { authorization: `Bearer ${config.accessToken}` },
        signal,
      ),
  },
};
type Name = keyof typeof providers;
const both = ['evolution', 'cloud-api'] as const;

async function post(url: string, body: unknown, headers: Record<string, string>, signal?: AbortSignal) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: signal ?? AbortSignal.timeout(30_000),
  });
  return { status: response.status, retryAfter: response.headers.get('retry-after'), text: await response.text() };
}

async function newAccount(provider: Name, options: Record<string, unknown> = {}) {
  const { ref, config } = await stage.control('POST', `/${provider}/accounts`, options);
  await stage.control('PUT', `/${provider}/accounts/${ref}`, { webhook: { url: `${stage.receiver.url}/${ref}` } });
  const at = `/${provider}/accounts/${ref}`;
  const journal = (type: string) => async () =>
    ((await stage.control('GET', `${at}/journal`)) as Entry[]).filter((entry) => entry.type === type);
  const calls = journal('call');
  return {
    ref,
    at,
    config,
    send: (to: string, text = 'x') => providers[provider].send(config, to, text),
    /** Has not the patience to wait for the answer once the call is there. */
    async sendAndHangUp(to: string, text: string) {
      const patience = new AbortController();
      const before = (await calls()).length;
      const unanswered = expect(providers[provider].send(config, to, text, patience.signal)).rejects.toThrow();
      await until(async () => (await calls()).length > before);
      patience.abort();
      await unanswered;
    },
    receive: (event: Record<string, unknown>) => stage.control('POST', `${at}/receive`, event),
    faults: (faults: unknown[]) => stage.control('PUT', `${at}/faults`, faults),
    sent: () => stage.control('GET', `${at}/sent`),
    webhooks: journal('webhook'),
  };
}

interface Entry {
  seq: number;
  type: string;
  event: string;
  outcome: string;
  attempts: { status: number | null }[];
  about: { what: string; externalId: string; status?: string }[];
  path?: string;
  status?: number | null;
  externalId?: string;
}

describe('accounts', () => {
  it('are there from the first boot, two for each provider, connected', async () => {
    for (const provider of both) {
      const accounts = await stage.control('GET', `/${provider}/accounts`);
      expect(accounts.filter(({ ref }: { ref: string }) => /^(acme|globex)-/.test(ref))).toMatchObject([
        { ref: `acme-${provider}`, state: 'open', config: { baseUrl: `${stage.origin}/${provider}` } },
        { ref: `globex-${provider}`, state: 'open' },
      ]);
    }
  });

  it('of Cloud API belong to the platform app, or to one of their own with its secrets', async () => {
    const [demo] = await stage.control('GET', '/cloud-api/accounts');
    expect(Object.keys(demo.config).sort()).toEqual(['accessToken', 'baseUrl', 'phoneNumberId', 'wabaId']);
    expect(demo.webhook).toEqual({
      url: `${stage.receiver.url}/api/webhooks/whatsapp/cloud-api`,
      headers: {},
      secret: 'simulated-app-secret',
    });
    const own = await stage.control('POST', '/cloud-api/accounts', { app: 'own' });
    expect(own.config).toMatchObject({ appSecret: expect.any(String), verifyToken: expect.any(String) });
    expect(own.webhook).toEqual({ url: null, headers: {}, secret: own.config.appSecret });
  });

  it('share a business when asked to', async () => {
    const one = await stage.control('POST', '/cloud-api/accounts', {});
    const two = await stage.control('POST', '/cloud-api/accounts', { sameBusinessAs: one.ref });
    expect(two.config.wabaId).toBe(one.config.wabaId);
    expect(two.config.phoneNumberId).not.toBe(one.config.phoneNumberId);
  });

  it('show what a person needs to call Parley in their place', async () => {
    const { ref } = await stage.control('POST', '/evolution/accounts', {});
    const shown = await stage.control('PUT', `/evolution/accounts/${ref}`, {
      webhook: { url: 'http://127.0.0.1:1/x', headers: { 'X-Parley-Secret': 's' } },
    });
    expect(shown.webhook).toEqual({ url: 'http://127.0.0.1:1/x', headers: { 'X-Parley-Secret': 's' }, secret: 's' });
  });

  it('refuse what is not there, twice there, or of the wrong shape', async () => {
    const status = async (method: string, path: string, body?: unknown) =>
      (await call(method, `${stage.origin}/control${path}`, body)).status;
    expect(await status('GET', '/pigeon/accounts')).toBe(404);
    expect(await status('POST', '/evolution/accounts/nobody/receive', {})).toBe(404);
    expect(await status('POST', '/evolution/accounts', { ref: 'acme-evolution' })).toBe(409);
    expect(await status('POST', '/evolution/accounts/acme-evolution/receive', { kind: 'pigeon' })).toBe(422);
    expect(await status('POST', '/cloud-api/accounts/acme-cloud-api/receive', { kind: 'typing', from: '+1' })).toBe(
      422,
    );
    expect(await status('PUT', '/evolution/accounts/acme-evolution/faults', [{ kind: 'pigeon' }])).toBe(422);
  });
});

describe.each(both)('%s', (provider) => {
  const to = '+15550501001';
  const open = async (options: Record<string, unknown> = {}) => {
    const account = await newAccount(provider, options);
    await account.receive({ from: to, text: 'hi' });
    return account;
  };

  it('writes down what it sent, what was answered, and what it was asked', async () => {
    const account = await open();
    const { externalId } = await account.receive({ from: to, text: 'second' });
    await account.send(to);
    const entry = await until(async () =>
      (await account.webhooks()).find(
        ({ about }) => about[0]?.externalId === externalId && about[0]?.what === 'message',
      ),
    );
    await until(async () => (await account.webhooks()).every(({ outcome }) => outcome === 'acked'));
    expect(entry.about).toMatchObject([{ what: 'message', externalId }]);
    const journal: Entry[] = await stage.control('GET', `${account.at}/journal?after=${entry.seq}`);
    expect(journal.every(({ seq }) => seq > entry.seq)).toBe(true);
    expect(journal.find(({ type }) => type === 'call')).toMatchObject({
      status: provider === 'evolution' ? 201 : 200,
      externalId: expect.any(String),
    });
  });

  it('fails calls as it is told, as often as it is told', async () => {
    const account = await open();
    await account.faults([
      { kind: '5xx', times: 1 },
      { kind: '429', times: 1, ms: 7000 },
      { kind: 'auth', times: 1 },
    ]);
    expect((await account.send(to)).status).toBe(500);
    expect(await account.send(to)).toMatchObject({ status: 429, retryAfter: '7' });
    expect((await account.send(to)).status).toBe(401);
    expect((await account.send(to)).status).toBeLessThan(300);
    expect(await account.sent()).toHaveLength(1);
  });

  it('fails only the customer that is named', async () => {
    const account = await open();
    await account.faults([{ kind: '5xx', to: '+15550501099' }]);
    expect((await account.send(to)).status).toBeLessThan(300);
    expect((await account.send('+15550501099')).status).toBe(500);
  });

  it('times out without sending, and answers late after sending', async () => {
    const account = await open();
    await account.faults([
      { kind: 'timeout', times: 1, ms: 6_000_000 },
      { kind: 'late', times: 1, ms: 6_000_000 },
    ]);
    await account.sendAndHangUp(to, 'lost');
    expect(await account.sent()).toEqual([]);
    await account.sendAndHangUp(to, 'arrived');
    await until(async () => (await account.sent()).length > 0);
    expect(await account.sent()).toMatchObject([{ text: 'arrived' }]);
  });

  it('loses, doubles and shuffles webhooks', async () => {
    const account = await open();
    await account.faults([{ kind: 'drop', times: 1 }, { kind: 'duplicate', times: 1 }, { kind: 'reorder' }]);
    const lost = await account.receive({ from: to, text: 'lost' });
    const doubled = await account.receive({ from: to, text: 'doubled' });
    const about = (id: string) => async () => {
      const found = (await account.webhooks()).filter((entry) => entry.about[0]?.externalId === id);
      return (
        found.length > 0 && found.every(({ outcome }) => outcome !== 'pending') && found.map(({ outcome }) => outcome)
      );
    };
    expect(await until(about(lost.externalId))).toEqual(['lost']);
    expect(await until(about(doubled.externalId))).toEqual(['acked', 'acked']);
  });

  it('keeps silent about what it sent, or lies about sending', async () => {
    const account = await open();
    await account.faults([
      { kind: 'never-ack', times: 1 },
      { kind: 'lying-state', times: 1 },
    ]);
    await account.send(to, 'silent');
    await account.send(to, 'a lie');
    await account.send(to, 'true');
    expect(await account.sent()).toMatchObject([{ text: 'silent' }, { text: 'true' }]);
    const [silent, said] = await account.sent();
    await until(async () =>
      (await account.webhooks()).some(
        ({ about }) => about[0]?.externalId === said.externalId && about[0]?.status === 'read',
      ),
    );
    expect(
      (await account.webhooks()).filter(
        ({ about }) => about[0]?.what === 'status' && about[0]?.externalId === silent.externalId,
      ),
    ).toEqual([]);
  });

  it('records the past without a word, and answers from it', async () => {
    const account = await newAccount(provider);
    const at = new Date(Date.now() - 60_000).toISOString();
    const recorded = await stage.control('POST', `${account.at}/history`, [
      { from: to, name: 'Rita', text: 'Open today?', at, direction: 'inbound', answers: ['Great, thanks!'] },
      { from: to, text: 'Until six.', at, direction: 'outbound', externalId: 'known-1' },
    ]);
    expect(recorded[1]).toEqual({ externalId: 'known-1' });
    expect(await account.webhooks()).toEqual([]);
    expect(await account.sent()).toEqual([]);
    expect((await account.send(to, 'Anything else?')).status).toBeLessThan(300);
    const answer = await until(async () =>
      (await account.webhooks()).find(({ about }) => about[0]?.what === 'message'),
    );
    expect(answer.about[0]?.externalId).toBeTruthy();
    const chat = await call('GET', `${stage.origin}/phone/${provider}/${account.ref}/messages?chat=${to.slice(1)}`);
    expect(chat.json.map((message: { content: { text: string } }) => message.content.text)).toEqual([
      'Open today?',
      'Until six.',
      'Anything else?',
      'Great, thanks!',
    ]);
  });

  it('knows after a restart what it knew before, and goes on', async () => {
    const account = await open({ settings: { statusDelaysMs: [100, 200, 60_000] } });
    await account.send(to, 'before');
    await until(async () => (await account.webhooks()).some(({ about }) => about[0]?.status === 'delivered'));
    await stage.restart();
    expect(await stage.control('GET', `${account.at}`)).toMatchObject({ ref: account.ref, state: 'open' });
    expect(await account.sent()).toMatchObject([{ text: 'before', to }]);
    await stage.control('PUT', '/clock', { offsetMs: 3_600_000 });
    await until(async () => (await account.sent())[0].status === 'read');
    await stage.control('PUT', '/clock', { offsetMs: 0 });
  });
});

it('knows where the business types', async () => {
  const account = await newAccount('evolution');
  const presence = { number: '15550503001', presence: 'composing', delay: 1_000_000 };
  const typed = post(`${account.config.baseUrl}/chat/sendPresence/${account.ref}`, presence, {
    apikey: account.config.apiKey ?? '',
  });
  await until(async () => (await stage.control('GET', `${account.at}/typing`))[0]?.to === '+15550503001');
  await stage.control('PUT', '/clock', { offsetMs: 1_000_000 });
  await typed;
  await stage.control('PUT', '/clock', { offsetMs: 0 });
  expect(await stage.control('GET', `${account.at}/typing`)).toEqual([]);
});

it('forgets everything but the demo accounts and their webhooks', async () => {
  const url = `${stage.receiver.url}/demo`;
  await stage.control('PUT', '/evolution/accounts/acme-evolution', {
    webhook: { url, headers: { 'X-Parley-Secret': 's' } },
  });
  const before = await Promise.all(
    both.map((provider) => stage.control('GET', `/${provider}/accounts/acme-${provider}`)),
  );
  await stage.control('POST', '/evolution/accounts/acme-evolution/receive', { from: '+15550502001' });
  await stage.control('POST', '/reset');
  expect(
    await Promise.all(both.map((provider) => stage.control('GET', `/${provider}/accounts/acme-${provider}`))),
  ).toEqual(before);
  expect(await stage.control('GET', '/evolution/accounts')).toHaveLength(2);
  expect(await stage.control('GET', '/journal')).toEqual([]);
  expect((await call('GET', `${stage.origin}/phone/evolution/acme-evolution/chats`)).json).toEqual([]);
});

describe('for checkers', () => {
  const ids = (entries: Entry[], type: string) =>
    entries.filter((entry) => entry.type === type && entry.about?.[0]?.what === 'message').map((e) => e.about?.[0]);

  it('lets many write at once, and says of each what came of it', async () => {
    const [evolution, cloud] = [await newAccount('evolution'), await newAccount('cloud-api')];
    const answers = await stage.control('POST', '/receive', [
      { provider: 'evolution', ref: evolution.ref, from: '+12025550101', text: 'one' },
      { provider: 'cloud-api', ref: cloud.ref, from: '+12025550101', text: 'two' },
      { provider: 'evolution', ref: 'nobody', from: '+12025550101', text: 'three' },
      { provider: 'evolution', ref: evolution.ref, text: 'four' },
    ]);
    expect(answers).toEqual([
      { externalId: expect.any(String) },
      { externalId: expect.any(String) },
      { error: 'No account "nobody" of evolution' },
      { error: 'Say who it is from' },
    ]);
    await until(async () => (await evolution.webhooks()).some(({ event }) => event === 'messages.upsert'));
  });

  it('asks again when it did not hear the answer', async () => {
    for (const provider of both) {
      const account = await newAccount(provider);
      await account.receive({ from: '+12025550102', text: 'hello', unheard: true });
      const entry = await until(async () =>
        (await account.webhooks()).find(({ about, outcome }) => about?.[0]?.what === 'message' && outcome === 'acked'),
      );
      expect(entry.attempts.map(({ status }) => status)).toEqual([null, 200]);
    }
  });

  it('tells what changed since, each entry once and as it is now', async () => {
    const account = await newAccount('cloud-api');
    const { upTo: before } = await stage.control('GET', '/changes?after=1e15');
    const [first, second] = [
      await account.receive({ from: '+12025550103', text: 'one', unheard: true }),
      await account.receive({ from: '+12025550103', text: 'two' }),
    ];
    await until(async () => (await account.webhooks()).every(({ outcome }) => outcome === 'acked'));
    const all = await stage.control('GET', `/changes?after=${before}`);
    const mine = ids(all.entries, 'webhook').map((about) => about?.externalId);
    expect(mine.toSorted()).toEqual([first.externalId, second.externalId].toSorted());
    expect(all.entries.some((entry: Entry) => 'body' in entry && entry.type === 'webhook')).toBe(false);
    expect(await stage.control('GET', `/changes?after=${all.upTo}`)).toEqual({ entries: [], upTo: all.upTo });
  });
});

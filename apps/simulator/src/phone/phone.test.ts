import { afterAll, beforeAll, expect, it } from 'vitest';
import { call, openStage, until, type Stage } from '../testing/harness';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ SIMULATOR_TIME_SCALE: '20' });
});
afterAll(() => stage.close());

/** Follows the stream of the page, and keeps what it says. */
async function follow() {
  const stop = new AbortController();
  const response = await fetch(`${stage.origin}/phone/events`, { signal: stop.signal });
  const frames: { type: string; client?: string; message?: { content: { text: string }; status: string } }[] = [];
  void read(response, (frame) => frames.push(frame)).catch(() => undefined); // ends when the test aborts it
  const { client } = await until(() => frames.find(({ type }) => type === 'hello'));
  return { frames, client, stop: () => stop.abort() };
}

async function read(response: Response, keep: (frame: { type: string }) => void): Promise<void> {
  let rest = '';
  for await (const chunk of response.body ?? []) {
    const lines = (rest + Buffer.from(chunk).toString()).split('\n\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ')) keep(JSON.parse(line.slice(6)));
  }
}

it('comes with everything it needs, and lets no other site in', async () => {
  const page = await call('GET', stage.origin);
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
  const files = [...page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path);
  for (const path of files) expect([path, (await call('GET', `${stage.origin}${path}`)).status]).toEqual([path, 200]);
  const foreign = await call('POST', `${stage.origin}/control/reset`, undefined, {
    origin: 'https://elsewhere.example',
  });
  expect(foreign.status).toBe(403);
});

it('is told what happens while it happens', async () => {
  const stream = await follow();
  const { ref } = await stage.control('POST', '/evolution/accounts', {});
  await stage.control('POST', `/evolution/accounts/${ref}/receive`, { from: '+15550601001', text: 'live' });
  await until(() => stream.frames.find(({ message }) => message?.content.text === 'live'));
  const chats = await call('GET', `${stage.origin}/phone/evolution/${ref}/chats`);
  expect(chats.json).toMatchObject([{ key: '15550601001', last: { content: { text: 'live' } } }]);
  stream.stop();
});

it('reads at once what arrives in the chat that it shows', async () => {
  const stream = await follow();
  const statusDelaysMs = [20, 40, 3_600_000];
  const { ref, config } = await stage.control('POST', '/evolution/accounts', { settings: { statusDelaysMs } });
  const view = { client: stream.client, account: `evolution/${ref}`, chat: '15550601002' };
  const send = () =>
    call(
      'POST',
      `${config.baseUrl}/message/sendText/${ref}`,
      { number: '15550601002', text: 'x' },
      { apikey: config.apiKey },
    );
  await send();
  await call('PUT', `${stage.origin}/phone/view`, view);
  await send();
  const sent = async () => (await stage.control('GET', `/evolution/accounts/${ref}/sent`)) as { status: string }[];
  await until(async () => (await sent()).every(({ status }) => status === 'read'));
  stream.stop();
});

it('shows files as they are', async () => {
  const file = await fetch(`${stage.origin}/phone/media/cup`);
  expect([file.status, file.headers.get('content-type'), file.headers.get('content-security-policy')]).toEqual([
    200,
    'image/jpeg',
    'sandbox',
  ]);
  expect((await fetch(`${stage.origin}/phone/media/nope`)).status).toBe(404);
});

it('lets recorded customers answer no more once a person plays them', async () => {
  const { ref, config } = await stage.control('POST', '/evolution/accounts', {});
  const at = `/evolution/accounts/${ref}`;
  await stage.control('POST', `${at}/history`, [
    { from: '+15550601003', text: 'hi', at: new Date(0).toISOString(), answers: ['auto'] },
  ]);
  await stage.control('POST', `${at}/receive`, { from: '+15550601003', text: 'a person', person: true });
  await call(
    'POST',
    `${config.baseUrl}/message/sendText/${ref}`,
    { number: '15550601003', text: 'yes?' },
    { apikey: config.apiKey },
  );
  const [chat] = (await call('GET', `${stage.origin}/phone/evolution/${ref}/chats`)).json;
  expect(chat.answers).toBe(0);
});

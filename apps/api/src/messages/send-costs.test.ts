import { sendMessage } from '@parley/contracts/messages';
import { startApp, type TestApp } from '@parley/testing/app';
import { tapPostgres, tapRedis, type StatementTap } from '@parley/testing/statement-tap';
import { waitFor } from '@parley/testing/wait-for';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from '../create-app';

// What an answer costs the api does not depend on the machine: it is counted, and may not grow unseen.

let app: TestApp;
let postgres: StatementTap;
let redis: StatementTap;
let url: string;
beforeAll(async () => {
  app = await startApp({});
  [postgres, redis] = [await tapPostgres(app.env.DATABASE_URL), await tapRedis(app.env.REDIS_URL)];
  ({ url } = await app.start(serveApi, { DATABASE_URL: postgres.url, REDIS_URL: redis.url }));
});
afterAll(async () => {
  await app?.close();
  await Promise.all([postgres?.close(), redis?.close()]);
});

it('takes an answer in 10 statements and 5 commands of Redis', async () => {
  const { tenant, owner } = await app.newTenant();
  const conversation = await tenant.newConversation({ assigneeId: owner.id });
  await tenant.newMessage(conversation);
  const send = async () => {
    const body = JSON.stringify({ conversationId: conversation.id, content: { type: 'text', text: 'Until six.' } });
    const headers = { cookie: owner.cookie, 'content-type': 'application/json' };
    const { status } = await fetch(`${url}/api${sendMessage.path}`, { method: 'POST', headers, body });
    expect(status).toBe(202);
  };
  await send();
  const heard: string[] = [];
  const listen = () => {
    heard.push(...redis.take().map(({ text }) => text));
    return ['publish', 'zadd'].every((word) => heard.some((text) => text.startsWith(word)));
  };
  await waitFor('the first to be told', listen);
  heard.splice(0);
  postgres.take();
  await send();
  const said = postgres.take().filter(({ by, text }) => by === 'parley_app' && text !== 'discard plans');
  const words = said.map(({ text }) => text.replaceAll(/\s+/g, ' ').slice(0, 80));
  expect(words, words.join('\n')).toHaveLength(10);
  await waitFor('the second to be told', listen);
  const own = heard.filter((text) => text !== 'ping' && !text.includes(':intake:')); // those go by the clock
  const commands = own.map((text) => text.split(' ')[0]);
  expect(commands.sort(), heard.join('\n')).toEqual(['eval', 'eval', 'eval', 'publish', 'zadd']);
});

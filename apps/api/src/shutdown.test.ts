import { createAccount } from '@parley/contracts/accounts';
import { startApp, type TestApp } from '@parley/testing/app';
import { startHttpStub, type HttpStub } from '@parley/testing/http-stub';
import { waitFor } from '@parley/testing/wait-for';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from './create-app';

let app: TestApp;
let stub: HttpStub;
beforeAll(async () => {
  stub = await startHttpStub();
  app = await startApp({ api: serveApi, env: { EGRESS_ALLOW: stub.host } });
});
afterAll(async () => {
  await app?.close();
  await stub.close();
});

it('answers what is in flight, takes nothing new, and ends', async () => {
  const { owner } = await app.newTenant();
  const second = await app.start(serveApi);
  const release = Promise.withResolvers<void>();
  stub.answer(async () => (await release.promise, { body: { instance: { state: 'open' } } }));
  const body = {
    provider: 'evolution',
    name: 'Sales',
    config: { baseUrl: stub.url, instance: 'one', apiKey: 'key-0123456789' },
  };
  const inFlight = fetch(`${second.url}${'/api' + createAccount.path}`, {
    method: 'POST',
    headers: { cookie: owner.cookie, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await waitFor('the call to be at the provider', () => stub.calls.length > 0);
  const closed = second.close();
  await waitFor('the door to be shut', () =>
    fetch(`${second.url}/health/live`).then(
      () => false,
      () => true,
    ),
  );
  release.resolve();
  expect((await inFlight).status).toBe(201);
  const began = performance.now();
  await closed;
  expect(performance.now() - began).toBeLessThan(3_000);
});

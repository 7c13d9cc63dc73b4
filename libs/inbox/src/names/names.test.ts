import 'reflect-metadata';
import { PlatformModule } from '@parley/platform/platform.module';
import { startApp, type TestApp } from '@parley/testing/app';
import { startHttpStub, type HttpStub } from '@parley/testing/http-stub';
import { NestFactory } from '@nestjs/core';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NamesModule } from './names.module';
import { NamesService } from './names.service';

@Module({ imports: [NamesModule] })
class Parts {}

let app: TestApp;
let slack: HttpStub;
let parts: INestApplicationContext;

beforeAll(async () => {
  slack = await startHttpStub();
  app = await startApp({ env: { EGRESS_ALLOW: slack.host } });
  const root = { module: Parts, imports: [PlatformModule.forRoot(app.env, { clock: app.clock })] };
  parts = await NestFactory.createApplicationContext(root, { logger: false });
});
afterAll(async () => {
  await parts?.close();
  await app?.close();
  await slack?.close();
});

// The app was put out of the channel, or more are in it than are told: such a group would be asked for at every message.
it('asks for a group once in six hours also where nothing is told of it, and soon again where no answer came', async () => {
  const { tenant } = await app.newTenant();
  const { id: accountId, tenantId } = await tenant.newAccount('slack', { apiUrl: slack.url });
  let well = false;
  slack.answer(() => (well ? { body: { ok: false, error: 'not_in_channel' } } : { status: 503 }));
  const names = parts.get(NamesService);
  const asked = async (minutes: number) => {
    app.clock.advance(minutes * 60_000);
    slack.calls.length = 0;
    names.ask([{ tenantId, accountId, group: 'C0PARLEY01' }]);
    await names.settled();
    return slack.calls.some(({ path }) => path.endsWith('conversations.info'));
  };
  expect(await asked(0)).toBe(true);
  expect(await asked(9)).toBe(false);
  well = true;
  expect(await asked(2)).toBe(true);
  expect(await asked(11)).toBe(false);
  expect(await asked(340)).toBe(false);
  expect(await asked(10)).toBe(true);
});

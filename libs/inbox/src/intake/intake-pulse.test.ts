import 'reflect-metadata';
import { evolution } from '@parley/channels/evolution/evolution';
import { PlatformModule } from '@parley/platform/platform.module';
import { startApp, type TestApp } from '@parley/testing/app';
import { startDoor, type Door } from '@parley/testing/rig/door';
import { TestClock } from '@parley/testing/test-clock';
import { waitFor } from '@parley/testing/wait-for';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { IntakePulse } from './intake-pulse';
import { IntakeModule } from './intake.module';
import { IntakeService } from './intake.service';

@Module({ imports: [IntakeModule] })
class Parts {}

const MINUTE_MS = 60_000;
const clock = new TestClock();
let app: TestApp;
let door: Door;
let parts: INestApplicationContext;
let pulse: IntakePulse;

beforeAll(async () => {
  app = await startApp({});
  const database = new URL(app.env.DATABASE_URL);
  door = await startDoor({ host: database.hostname, port: Number(database.port || 5432) });
  database.port = String(door.port);
  const env = { ...app.env, DATABASE_URL: database.href };
  const root = { module: Parts, imports: [PlatformModule.forRoot(env, { clock })] };
  parts = await NestFactory.createApplicationContext(root, { logger: false });
  pulse = parts.get(IntakePulse);
  await waitFor('Redis', () =>
    pulse.beat().then(
      () => true,
      () => false,
    ),
  );
});
afterAll(async () => {
  await parts?.close();
  await door?.close();
  await app?.close();
});
/** Whatever was before, it was long ago, and calls are taken now. */
beforeEach(async () => {
  await alive(11);
});

/** Calls are taken for so many minutes. */
async function alive(minutes: number): Promise<void> {
  for (let beats = 0; beats <= 2 * minutes; beats++) {
    if (beats > 0) clock.advance(MINUTE_MS / 2);
    await pulse.beat();
  }
}

/** No process takes calls. */
async function away(minutes: number): Promise<void> {
  clock.advance(minutes * MINUTE_MS);
  await pulse.beat();
}

/** How long the last gap was, in minutes, and how long ago it ended. */
async function lastGap() {
  const gap = await pulse.lastGap();
  if (!gap) return null;
  const minutes = (ms: number) => Math.round(ms / MINUTE_MS);
  return { lasted: minutes(gap.toMs - gap.fromMs), ago: minutes(clock.now() - gap.toMs) };
}

it('tells how long nobody took calls, and of nothing that every provider bridges', async () => {
  expect(await lastGap()).toBeNull();
  await away(0.9);
  expect(await lastGap()).toBeNull();
  await away(30);
  expect(await lastGap()).toEqual({ lasted: 30, ago: 0 });
  await alive(3);
  expect(await lastGap()).toEqual({ lasted: 30, ago: 3 });
});

// Not everybody was asked for the first when the second came.
it('takes two with little between them for one, and forgets the former once there was time to ask for it', async () => {
  await away(20);
  await alive(2);
  await away(5);
  expect(await lastGap()).toEqual({ lasted: 27, ago: 0 });
  await alive(11);
  await away(5);
  expect(await lastGap()).toEqual({ lasted: 5, ago: 0 });
});

// Of a provider that gives up after one call, at night, the next comes in the morning.
it('knows that calls which are refused were not taken, until Postgres answers again, though nobody calls', async () => {
  const account = await (await app.newTenant()).tenant.newAccount('evolution');
  const body = Buffer.from(JSON.stringify({ event: 'labels.edit', instance: account.config.instance, data: {} }));
  const call = { headers: { 'x-parley-secret': String(account.config.webhookSecret) }, body };
  const token = account.webhookPath.split('/').at(-1) ?? '';
  const post = () => parts.get(IntakeService).take(evolution, token, call, 'test');
  expect(await post()).toMatchObject({ outcome: 'kept' });
  await alive(1);
  door.shut();
  await expect(post()).rejects.toThrow();
  await away(0.5);
  await away(29.5);
  expect(await lastGap()).not.toMatchObject({ ago: 0 });
  door.open();
  await waitFor('the end of it', async () => {
    await pulse.beat();
    return (await lastGap())?.ago === 0;
  });
  await alive(3);
  expect(await lastGap()).toEqual({ lasted: 30, ago: 3 });
});

import { randomUUID } from 'node:crypto';
import { createRedis } from '@parley/platform/platform.module';
import { RateLimits } from '@parley/platform/rate-limits';
import { startDoor, type Door } from '@parley/testing/rig/door';
import { redisUrl } from '@parley/testing/services';
import { waitFor } from '@parley/testing/wait-for';
import { afterAll, beforeAll, expect, it } from 'vitest';

let door: Door;
let redis: ReturnType<typeof createRedis>;
let limits: RateLimits;
beforeAll(async () => {
  const { hostname: host, port } = new URL(redisUrl());
  door = await startDoor({ host, port: Number(port) });
  redis = createRedis(`redis://127.0.0.1:${door.port}`);
  limits = new RateLimits(redis, `test-${randomUUID().slice(0, 8)}`);
  await waitFor('Redis', () => Promise.resolve(redis.status === 'ready'));
});
afterAll(async () => {
  redis?.disconnect();
  await door?.close();
});

it('knows what it has counted itself when Redis is late', async () => {
  const patience = { free: 2, atOnce: 5, firstMs: 60_000, longestMs: 60_000, forgetMs: 60_000 };
  for (let i = 0; i < 3; i++) {
    expect(await limits.attempt('sign-in', 'a', patience)).toMatchObject({ allowed: true });
    await limits.fail('sign-in', 'a', patience);
  }
  const quota = { limit: 2, windowMs: 60_000 };
  for (let i = 0; i < 2; i++) expect(await limits.take('member', 'a', quota)).toMatchObject({ allowed: true });
  door.delay(1_000);
  expect(await limits.attempt('sign-in', 'a', patience)).toMatchObject({ allowed: false });
  expect(await limits.take('member', 'a', quota)).toMatchObject({ allowed: false });
});

import { expect, it } from 'vitest';
import { createRedis } from './platform.module';
import { RateLimits } from './rate-limits';

// Nobody listens there: what counts is this process alone. The other side is tested through the api.
let now = 0;
function withoutRedis(): RateLimits {
  const redis = createRedis('redis://127.0.0.1:9');
  redis.disconnect();
  return new RateLimits(redis, 'test', () => now);
}

it('holds a quota in each process while Redis is away', async () => {
  const limits = withoutRedis();
  const quota = { limit: 3, windowMs: 60_000 };
  const taken = [];
  for (let i = 0; i < 5; i++) taken.push((await limits.take('member', 'a', quota)).allowed);
  expect(taken).toEqual([true, true, true, false, false]);
  expect(await limits.take('member', 'b', quota)).toMatchObject({ allowed: true, remaining: 2, resetMs: 60_000 });
  now += 60_001;
  expect(await limits.take('member', 'a', quota)).toMatchObject({ allowed: true, remaining: 2 });
});

it('doubles the wait with each failure past the free ones, up to the longest, until one succeeds', async () => {
  const limits = withoutRedis();
  const patience = { free: 2, atOnce: 5, firstMs: 1_000, longestMs: 5_000, forgetMs: 60_000 };
  const attempt = () => limits.attempt('sign-in', 'a', patience);
  const failed = async () => {
    expect(await attempt()).toMatchObject({ allowed: true });
    await limits.fail('sign-in', 'a', patience);
  };
  for (let i = 0; i < 2; i++) await failed();
  for (const waitMs of [1_000, 2_000, 4_000, 5_000, 5_000]) {
    await failed();
    expect(await attempt()).toMatchObject({ allowed: false, resetMs: waitMs });
    now += waitMs;
  }
  expect(await attempt()).toMatchObject({ allowed: true });
  await limits.succeed('sign-in', 'a');
  for (let i = 0; i < 3; i++) expect(await attempt()).toMatchObject({ allowed: true });
});

it('lets some tries be under way at once, and only one past the free failures', async () => {
  const limits = withoutRedis();
  const patience = { free: 2, atOnce: 3, firstMs: 1_000, longestMs: 5_000, forgetMs: 60_000 };
  const attempts = async (count: number) => {
    const taken = [];
    for (let i = 0; i < count; i++) taken.push((await limits.attempt('sign-in-address', 'a', patience)).allowed);
    return taken;
  };
  expect(await attempts(4)).toEqual([true, true, true, false]);
  await limits.takeBack('sign-in-address', 'a');
  expect(await attempts(2)).toEqual([true, false]);
  for (let i = 0; i < 2; i++) await limits.fail('sign-in-address', 'a', patience);
  await limits.takeBack('sign-in-address', 'a');
  expect(await attempts(2)).toEqual([true, false]);
});

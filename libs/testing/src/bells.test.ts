import { randomUUID } from 'node:crypto';
import { Bells } from '@parley/platform/bells';
import { BellListener, laneBellsKey } from '@parley/platform/bell-listener';
import { Redis } from 'ioredis';
import { afterEach, expect, it } from 'vitest';
import { redisUrl } from './services';
import { startDoor } from './rig/door';
import { waitFor } from './wait-for';

const closing: (() => unknown)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

const listenTo = (url: string, prefix: string) => new BellListener(url, laneBellsKey(prefix), 64);

/** The api's side and a worker's, on keys of their own. */
function newBells(url = redisUrl(), prefix = `test-${randomUUID().slice(0, 8)}`) {
  const [bells, listener, redis] = [new Bells(redisUrl(), prefix), listenTo(url, prefix), new Redis(redisUrl())];
  const key = laneBellsKey(prefix);
  closing.push(
    () => bells.close(),
    () => listener.close(),
    () => redis.unlink(key).finally(() => redis.disconnect()),
  );
  const standing = () => redis.zrange(key, 0, -1);
  const ring = (...lanes: number[]) =>
    waitFor('the bell', async () => {
      bells.ringLanes(lanes); // says nothing before it is connected
      const there = await standing();
      return lanes.every((lane) => there.includes(String(lane)));
    });
  return { prefix, ring, bells, listener, redis, standing };
}

it('hands out each lane once, however often it rang, and again when it rings afterwards', async () => {
  const { prefix, ring, listener, standing } = newBells();
  const other = listenTo(redisUrl(), prefix);
  closing.push(() => other.close());
  await ring(7);
  await ring(3, 7, 63);
  await ring(7);
  const taken = await Promise.all([listener.take(), other.take()]);
  expect(
    taken
      .flat()
      .map(Number)
      .sort((a, b) => a - b),
  ).toEqual([3, 7, 63]);
  expect(await standing()).toEqual([]);
  await ring(7);
  expect(await listener.take()).toEqual(['7']);
});

it('gives the lane that rang first first, and wakes who waits', async () => {
  const { ring, listener, bells } = newBells();
  await ring(40);
  const rungAt = Date.now();
  await waitFor('another millisecond', () => Promise.resolve(Date.now() > rungAt)); // in one and the same none is first
  await ring(2);
  expect(await listener.take()).toEqual(['40', '2']);
  const waiting = listener.take();
  bells.ringLanes([5]);
  expect(await waiting).toEqual(['5']);
});

it('answers none after a while, and hears again after Redis was emptied or its road cut', async () => {
  const shared = new URL(redisUrl());
  const road = await startDoor({ host: shared.hostname, port: Number(shared.port) });
  closing.push(() => road.close());
  const { ring, listener, redis, prefix } = newBells(`redis://127.0.0.1:${road.port}`);
  await ring(1);
  await redis.unlink(laneBellsKey(prefix));
  expect(await listener.take()).toEqual([]);
  const waiting = listener.take();
  road.shut();
  await expect(waiting).rejects.toThrow();
  road.open();
  await ring(9);
  expect(await waitFor('the lane', () => listener.take().catch(() => undefined))).toEqual(['9']);
});

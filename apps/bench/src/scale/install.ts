import { statfs } from 'node:fs/promises';
import type { TestApp } from '@parley/testing/app';
import { growInstall, sizeOf, type InstallSize } from '@parley/testing/grown/grow';
import type { Bench } from '../case';
import { newInstall } from '../product';

/** Tables, indexes, and the log of writing them. */
const BYTES_A_MESSAGE = 2500;
const LARGE = 10_000_000;
const QUICK: InstallSize = {
  messages: 200_000,
  conversations: 12_000,
  tenants: 60,
  large: 1,
  largeConversations: 8000,
  longest: 10_000,
};

const grown = new Map<string, Promise<TestApp>>();

/** 10 M messages, 200 k conversations, 1,000 tenants; filled when first asked for, gone with the server at the end. */
export function largeInstall(bench: Bench): Promise<TestApp> {
  return install(bench, bench.quick ? QUICK : sizeOf(LARGE));
}

/** 10 k messages: its first tenant is the same as the first of the large one. */
export function smallInstall(bench: Bench): Promise<TestApp> {
  return install(bench, sizeOf(10_000));
}

function install(bench: Bench, size: InstallSize): Promise<TestApp> {
  const key = JSON.stringify(size);
  const known = grown.get(key) ?? grow(bench, size);
  grown.set(key, known);
  return known;
}

async function grow(bench: Bench, size: InstallSize): Promise<TestApp> {
  await assertRoom(bench, size.messages * BYTES_A_MESSAGE);
  const app = await newInstall(bench);
  const began = performance.now();
  await growInstall(app.sql, size, (step, ms) => bench.say(`filled: ${step}, ${(ms / 1000).toFixed(1)} s`));
  const seconds = Math.round((performance.now() - began) / 1000);
  bench.say(`${size.messages.toLocaleString('en')} messages in ${seconds} s`);
  return app;
}

async function assertRoom(bench: Bench, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs((await bench.services()).postgres.dataDir);
  const gib = (n: number) => `${(n / 2 ** 30).toFixed(1)} GiB`;
  if (bavail * bsize < bytes) throw new Error(`needs ${gib(bytes)} of disk, ${gib(bavail * bsize)} are free`);
}

import { afterEach, expect, it, vi } from 'vitest';
import { InstallClock } from './install-clock';

const HOUR_MS = 3_600_000;

afterEach(() => void vi.useRealTimers());

it('tells the time of Postgres, however wrong the machine’s clock is and however it jumps', async () => {
  const trueTime = performance.timeOrigin;
  const clock = new InstallClock(async () => trueTime + performance.now());
  vi.useFakeTimers({ toFake: ['Date'] });
  for (const hours of [1, -2, 30]) {
    vi.setSystemTime(Date.now() + hours * HOUR_MS);
    await clock.start();
    clock.stop();
    expect(Math.abs(clock.now() - trueTime - performance.now())).toBeLessThan(HOUR_MS / 60);
  }
  const before = clock.now();
  vi.setSystemTime(0);
  expect(clock.now()).toBeGreaterThanOrEqual(before);
});

it('starts from the machine’s clock while Postgres is away', async () => {
  const clock = new InstallClock(() => Promise.reject(new Error('away')));
  await clock.start();
  clock.stop();
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(HOUR_MS / 60);
});

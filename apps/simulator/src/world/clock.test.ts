import { expect, it } from 'vitest';
import { Clock } from './clock';

it('lets delays pass faster without moving the time', async () => {
  const clock = new Clock({ offsetMs: 0, scale: 1000 });
  const before = Date.now();
  await clock.sleep(20_000);
  expect(Date.now() - before).toBeLessThan(1000);
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(50);
});

it('brings nearer what waits when it is moved forward', async () => {
  const clock = new Clock({ offsetMs: 0, scale: 1 });
  const slept = clock.sleep(3_600_000);
  clock.set({ offsetMs: 3_600_000 });
  await slept;
  expect(clock.now() - Date.now()).toBeGreaterThan(3_599_000);
  clock.stop();
});

it('does not run what was called off', async () => {
  const clock = new Clock({ offsetMs: 0, scale: 1 });
  let ran = false;
  clock.after(1, () => (ran = true)).cancel();
  await clock.sleep(10);
  expect(ran).toBe(false);
});

import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { atPace } from './at-pace';

const PACE = 1_000_000;

/** Time that passes only where somebody waits. */
function stillTime() {
  const time = { ms: 0, now: () => time.ms, sleep: async (ms: number) => void (time.ms += ms) };
  return time;
}
async function* pieces(count: number, rest = async () => {}) {
  for (let i = 0; i < count; i++) {
    if (i === count / 2) await rest();
    yield Buffer.alloc(10_000, i);
  }
}

it('lets bytes through as they are, no faster than they may come', async () => {
  const time = stillTime();
  const passed = await buffer(atPace(pieces(1_000), PACE, time));
  expect(passed.equals(await buffer(pieces(1_000)))).toBe(true);
  expect(time.ms).toBeCloseTo(10_000);
});

it('does not hold up what is small', async () => {
  const time = stillTime();
  await buffer(atPace(pieces(9), PACE, time));
  expect(time.ms).toBe(0);
});

it('gives nobody back the time in which nothing came', async () => {
  const time = stillTime();
  await buffer(
    atPace(
      pieces(1_000, () => time.sleep(60_000)),
      PACE,
      time,
    ),
  );
  expect(time.ms).toBeCloseTo(70_000);
});

import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { Pace } from './pace';

const PER_SECOND = 1_000_000;

/** Time that passes only where somebody waits: to the earliest moment that one of them waits for. */
function stillTime() {
  const waiting: { ms: number; wake: () => void }[] = [];
  const time = {
    ms: 0,
    now: () => time.ms,
    sleep: (ms: number) =>
      new Promise<void>((wake) => {
        waiting.push({ ms: time.ms + ms, wake });
        setImmediate(() => {
          const next = waiting.sort((a, b) => a.ms - b.ms).shift();
          if (!next) return;
          time.ms = Math.max(time.ms, next.ms);
          next.wake();
        });
      }),
  };
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
  const passed = await buffer(new Pace(PER_SECOND, time).of(pieces(1_000)));
  expect(passed.equals(await buffer(pieces(1_000)))).toBe(true);
  expect(time.ms).toBeCloseTo(10_000);
});

it('is shared alike by all that come at once, and all of it is left to who still comes', async () => {
  const time = stillTime();
  const pace = new Pace(PER_SECOND, time);
  const ends = [500, 1_000, 20].map(async (count) => {
    await buffer(pace.of(pieces(count)));
    return time.ms;
  });
  const [middle = NaN, large = NaN, small = NaN] = await Promise.all(ends);
  const isAbout = (ms: number, wanted: number) => expect(Math.abs(ms - wanted)).toBeLessThanOrEqual(100); // what passes at once
  isAbout(small, 600);
  isAbout(middle, 10_200);
  isAbout(large, 15_200);
});

it('is not kept from others by a body that broke off', async () => {
  const time = stillTime();
  const pace = new Pace(PER_SECOND, time);
  const broken = pieces(2, () => Promise.reject(new Error('the line broke')));
  await expect(buffer(pace.of(broken))).rejects.toThrow('the line broke');
  await buffer(pace.of(pieces(1_000)));
  expect(time.ms).toBeCloseTo(10_000);
});

it('does not hold up what is small', async () => {
  const time = stillTime();
  await buffer(new Pace(PER_SECOND, time).of(pieces(9)));
  expect(time.ms).toBe(0);
});

it('gives nobody back the time in which nothing came', async () => {
  const time = stillTime();
  await buffer(new Pace(PER_SECOND, time).of(pieces(1_000, () => time.sleep(60_000))));
  expect(time.ms).toBeCloseTo(70_000);
});

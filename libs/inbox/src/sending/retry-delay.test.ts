import { expect, it } from 'vitest';
import { retryDelayMs } from './retry-delay';

it('waits 2, 4, 8 s, then longer with jitter, never over 5 min', () => {
  expect([1, 2, 3].map((n) => retryDelayMs(n))).toEqual([2000, 4000, 8000]);
  expect(retryDelayMs(4, () => 0)).toBe(8000);
  expect(retryDelayMs(4, () => 1)).toBe(16_000);
  expect(retryDelayMs(200, () => 1)).toBe(300_000);
});

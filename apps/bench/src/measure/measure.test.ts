import { expect, it } from 'vitest';
import { slopeOf } from './slope';
import { quantile, spreadOf } from './spread';

it('takes the middle of three rounds, and of two the mean', () => {
  expect(spreadOf([5, 1, 3])).toEqual({ min: 1, median: 3, max: 5 });
  expect(spreadOf([4, 1])).toEqual({ min: 1, median: 2.5, max: 4 });
});

it('takes a quantile of unsorted values', () => {
  const values = Array.from({ length: 100 }, (_, i) => 99 - i);
  expect([quantile(values, 0.5), quantile(values, 0.99), quantile(values, 1), quantile([], 0.5)]).toEqual([
    50, 99, 99, 0,
  ]);
});

it('sees growth below the garbage that comes and goes', () => {
  const points = Array.from({ length: 600 }, (_, i) => ({ at: i * 1000, value: 100 + i * 0.01 + (i % 7) * 20 }));
  expect(slopeOf(points, 60_000) * 60_000).toBeCloseTo(0.6, 1);
  expect(slopeOf([{ at: 0, value: 1 }], 60_000)).toBe(0);
});

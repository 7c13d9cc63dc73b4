import { expect, it } from 'vitest';
import { drawSchedule } from './random-run';
import { seeded } from './seeded';

const names = ['F3', 'F9', 'F13'];

it('draws a fault every ten seconds, from among those given, and none at the end', () => {
  const draws = drawSchedule(names, 10, seeded(7));
  expect(draws.map(({ at }) => at)).toEqual(Array.from({ length: 58 }, (_, i) => 10 * (i + 1)));
  expect(new Set(draws.map(({ name }) => name))).toEqual(new Set(names));
  expect(draws.every(({ holds }) => holds >= 2 && holds <= 6)).toBe(true);
});

it('draws the same again from the same seed, and something else from another', () => {
  expect(drawSchedule(names, 10, seeded(7))).toEqual(drawSchedule(names, 10, seeded(7)));
  expect(drawSchedule(names, 10, seeded(7))).not.toEqual(drawSchedule(names, 10, seeded(8)));
});

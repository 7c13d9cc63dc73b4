import { expect, it } from 'vitest';
import { cases } from './cases';

it('has every row of the matrix once', () => {
  const rows = cases.map(({ name }) => name).sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  expect(rows).toEqual(Array.from({ length: 40 }, (_, i) => `F${i + 1}`));
});

it('has some for the short run, and some to draw from', () => {
  expect(cases.filter(({ quick }) => quick).length).toBeGreaterThan(1);
  expect(cases.filter(({ random }) => random).length).toBeGreaterThan(5);
});

it('draws none that leaves the fleet in disorder', () => {
  expect(cases.filter(({ random, spoils }) => random && spoils)).toEqual([]);
});

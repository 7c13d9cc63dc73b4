import { expect, it } from 'vitest';
import { parseOptions } from './options';

it('takes names, the short run and the random one', () => {
  expect(parseOptions(['f9', 'F13'])).toMatchObject({ cases: ['F9', 'F13'], quick: false, minutes: 0 });
  expect(parseOptions(['--quick'])).toMatchObject({ cases: [], quick: true });
  expect(parseOptions(['--minutes', '10', '--seed', '7', '--rate', '300'])).toMatchObject({
    minutes: 10,
    seed: 7,
    rate: 300,
  });
});

it.each([['--minutes'], ['--minutes', 'ten'], ['--fast'], ['nine']])('refuses %s %s', (...args) => {
  expect(() => parseOptions(args)).toThrow(/Usage/);
});

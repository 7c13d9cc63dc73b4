import { expect, it } from 'vitest';
import { languageAsked } from './languages';

it.each([
  ['ro', 'ro'],
  ['ro-MD,ru;q=0.9', 'ro'],
  ['pt-PT, pt;q=0.9, en;q=0.8', 'pt-BR'],
  ['PT-br', 'pt-BR'],
  ['de, fr;q=0.9, en-GB;q=0.2', 'en'],
  ['en;q=0.3, ro;q=0.7', 'ro'],
  ['en;q=0, ro;q=0.1', 'ro'],
  ['en;q=nonsense, ro;q=0.1', 'ro'],
  ['de, *;q=0.5', null],
  ['', null],
  [undefined, null],
])('hears of %j %j', (header, language) => {
  expect(languageAsked(header)).toBe(language);
});

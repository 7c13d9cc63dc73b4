import { expect, test } from 'vitest';
import { plainText } from './plain-text';

test.each([
  ['at *nine*', 'at nine'],
  ['*_both_*, ~gone~ and `code`', 'both, gone and code'],
  ['```a *b*```', 'a *b*'],
  ['> is it open?\n> today\nyes', 'is it open?\ntoday\nyes'],
  ['see *https://acme.test/_x_*', 'see https://acme.test/_x_'],
  ['2*3*4 snake_case *open', '2*3*4 snake_case *open'],
])('%j says %j', (text, words) => {
  expect(plainText(text)).toBe(words);
});

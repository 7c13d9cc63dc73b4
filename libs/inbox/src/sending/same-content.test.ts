import type { Content } from '@parley/contracts/content';
import { expect, it } from 'vitest';
import { sameContent } from './same-content';

const text = (words: string): Content => ({ type: 'text', text: words });

it.each([
  ['Six is fine', ' Six  is fine\r\n'],
  ['caf\u00e9', 'cafe\u0301'],
  ['\u200fشكرا', 'شكرا'],
])('takes %j and %j for the same', (a, b) => {
  expect(sameContent(text(a), text(b))).toBe(true);
});

it.each([
  ['ok', 'OK'],
  ['yes', 'yes!'],
  ['', 'x'],
])('tells %j from %j', (a, b) => {
  expect(sameContent(text(a), text(b))).toBe(false);
});

it('compares kind with kind', () => {
  const template: Content = { type: 'template', name: 'hi', language: 'en', parameters: [], text: 'Hello' };
  expect(sameContent(text('Hello'), template)).toBe(false);
  expect(sameContent(template, { ...template, name: 'other' })).toBe(true);
});

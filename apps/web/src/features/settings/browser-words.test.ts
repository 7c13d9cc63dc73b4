import { expect, it } from 'vitest';
import { browserOf } from './browser-words';

const like = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0';

it.each([
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${like} Safari/537.36 Edg/141.0.0.0`, 'Edge', 'Windows', false],
  [`Mozilla/5.0 (X11; Linux x86_64) ${like} Safari/537.36`, 'Chrome', 'Linux', false],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15',
    'Safari',
    'macOS',
    false,
  ],
  ['Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0', 'Firefox', 'Android', true],
  ['curl/8.5.0', 'curl', null, false],
  ['something', null, null, false],
  [null, null, null, false],
])('%s is %s on %s', (userAgent, name, system, phone) => {
  expect(browserOf(userAgent)).toEqual({ name, system, phone });
});

import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { expect, it, test } from 'vitest';
import { base64Field } from './base64-field';

async function* pieces(text: string, size: number) {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size));
}
const read = (text: string, size = 7) => buffer(base64Field(pieces(text, size)));

test.each([0, 1, 2, 3, 4, 1000, 1001, 1002])('reads %i bytes, however they are cut', async (length) => {
  const file = randomBytes(length);
  const text = JSON.stringify({
    mediaType: 'x',
    caption: 'a "base64":"bad" one',
    base64: file.toString('base64'),
    buffer: null,
  });
  for (const size of [1, 2, 3, 5, 64, 10_000]) expect((await read(text, size)).equals(file)).toBe(true);
});

it('takes what other writers of JSON do', async () => {
  const file = Buffer.from([255, 255, 255, 254]);
  expect(file.toString('base64')).toContain('/');
  expect((await read('{ "base64" : "\\/\\/\\/\\/\\/g==" }')).equals(file)).toBe(true);
});

test.each(['{}', '', '{"base64":null}', '{"base64":"AAAA', '{"base64":"AA<script>"}', '{"other":"base64"}'])(
  '%s brings no file',
  async (text) => {
    await expect(read(text)).rejects.toThrow(/brings no file|ends inside|not base64/);
  },
);

import { buffer } from 'node:stream/consumers';
import { expect, it, test } from 'vitest';
import { FileTooLarge, Inspection, isSuspicious, typeToSend } from './inspect';

async function* pieces(...list: Uint8Array[]) {
  yield* list;
}
const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');

it('knows a type by the first bytes, however they are cut', async () => {
  const inspection = new Inspection('image');
  const passed = await buffer(inspection.watch(pieces(...[...png].map((byte) => Buffer.of(byte)))));
  expect(passed.equals(png)).toBe(true);
  expect(await inspection.type()).toBe('image/png');
});

it('knows no type of words', async () => {
  const inspection = new Inspection('document');
  await buffer(inspection.watch(pieces(Buffer.from('<html><script>alert(1)</script>'))));
  expect(await inspection.type()).toBeNull();
});

it('stops at the limit of its kind, and takes nothing for no file', async () => {
  const endless = async function* () {
    for (;;) yield Buffer.alloc(2 ** 20);
  };
  await expect(buffer(new Inspection('sticker').watch(endless()))).rejects.toBeInstanceOf(FileTooLarge);
  await expect(buffer(new Inspection('image').watch(pieces()))).rejects.toThrow('empty');
});

test.each([
  ['image/png', 'image/png', false],
  ['image/jpg', 'image/jpeg', false],
  ['Audio/OGG; codecs=opus', 'audio/ogg', false],
  ['audio/mp4', 'video/mp4', false],
  ['application/octet-stream', 'image/png', false],
  [null, 'image/png', false],
  ['text/plain', null, false],
  ['image/png', null, true],
  ['image/png', 'image/gif', true],
  ['image/jpeg', 'application/x-msdownload', true],
  ['application/pdf', 'application/zip', true],
  ['text/plain', 'application/pdf', true],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'application/zip', false],
  ['application/msword', 'application/x-cfb', false],
  ['application/msword', 'application/zip', true],
])('declared %s, found %s: suspicious is %s', (declared, found, expected) => {
  expect(isSuspicious(declared, found)).toBe(expected);
});

test.each([
  ['image/png', 'image/png', 'image/png'],
  ['image/jpg', 'image/jpeg', 'image/jpeg'],
  ['audio/x-m4a; codecs=mp4a', 'video/mp4', 'audio/mp4'],
  ['application/octet-stream', 'application/pdf', 'application/pdf'],
  ['application/octet-stream', 'audio/x-m4a', 'audio/mp4'],
  ['application/octet-stream', null, 'application/octet-stream'],
  ['text/csv', null, 'text/csv'],
  ['image/png', null, 'application/octet-stream'],
  ['image/png', 'application/x-msdownload', 'application/x-msdownload'],
])('declared %s, found %s: sent as %s', (declared, found, expected) => {
  expect(typeToSend(declared, found)).toBe(expected);
});

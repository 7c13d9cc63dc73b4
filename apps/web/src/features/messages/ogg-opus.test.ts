import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, test } from 'vitest';
import { isOggOpus, toWav } from './ogg-opus';

const note = new Uint8Array(readFileSync(path.resolve(import.meta.dirname, '../../../../simulator/media/voice.ogg')));
const soundPages = [97, 2_278, 4_403, 6_533, 8_696, 10_869, 13_026];
const { signal } = new AbortController();
const changed = (change: (bytes: Uint8Array, view: DataView) => void) => {
  const bytes = note.slice();
  change(bytes, new DataView(bytes.buffer));
  return bytes;
};

it('makes a WAV of a voice note, as long as it is and not silent', async () => {
  const view = new DataView(await (await toWav(note, signal)).arrayBuffer());
  const samples = new Int16Array(view.buffer, 44);
  expect(samples.length / 24_000).toBeCloseTo((288_960 - 312) / 48_000, 3); // its last page, and what its head skips
  expect(samples.reduce((loudest, each) => Math.max(loudest, Math.abs(each)), 0)).toBeGreaterThan(1_000);
});

it('knows Opus in Ogg by its first bytes', () => {
  expect(isOggOpus(note)).toBe(true);
  expect(isOggOpus(note.subarray(0, 30))).toBe(false);
  expect(isOggOpus(changed((bytes) => bytes.set([1], 28)))).toBe(false);
});

/** A page of 255 packets without a byte, as often. */
const empty = (pages: number) => {
  const page = changed(() => undefined).subarray(97, 97 + 27 + 255);
  page.fill(0, 27).set([255], 26);
  return Uint8Array.from([...note.subarray(0, 97), ...Array.from({ length: pages }, () => [...page]).flat()]);
};

test.each([
  ['of more packets than can be heard', empty(500), 'Too many packets'],
  ['cut off', note.subarray(0, 9_000), 'cut off'],
  ['no Ogg after its head', changed((bytes) => bytes.fill(7, 97)), 'No page of Ogg at 97'],
  ['of many channels', changed((bytes) => bytes.set([1], 28 + 18)), 'Neither mono nor stereo'],
  [
    'of 21 minutes by its last page',
    changed((_bytes, view) => view.setBigInt64(13_026 + 6, 21n * 60n * 48_000n, true)),
    'Too long',
  ],
  [
    'at its end before it begins',
    changed((_, view) => soundPages.forEach((at) => view.setBigInt64(at + 6, 0n))),
    'Nothing',
  ],
])('refuses a file that is %s', async (_name, bytes, words) => {
  await expect(toWav(bytes, signal)).rejects.toThrow(words);
});

it('stops when nobody waits for it any more', async () => {
  await expect(toWav(note, AbortSignal.abort())).rejects.toThrow(/abort/i);
});

import { expect, it } from 'vitest';
import { WavWriter } from './wav';

const read = async (wav: Blob) => new DataView(await wav.arrayBuffer());
const words = (view: DataView, at: number) => String.fromCharCode(...new Uint8Array(view.buffer, at, 4));
const samplesOf = (view: DataView) =>
  Array.from({ length: (view.byteLength - 44) / 2 }, (_, i) => view.getInt16(44 + 2 * i, true));

it('writes a head that says what follows', async () => {
  const wav = new WavWriter({ rate: 24_000, skip: 0, samples: 10, gain: 1 });
  wav.add(Float32Array.of(0, 0.5, -1));
  const view = await read(wav.finish());
  expect([0, 8, 12, 36].map((at) => words(view, at))).toEqual(['RIFF', 'WAVE', 'fmt ', 'data']);
  expect([4, 16, 24, 28, 40].map((at) => view.getUint32(at, true))).toEqual([42, 16, 24_000, 48_000, 6]);
  expect([20, 22, 32, 34].map((at) => view.getUint16(at, true))).toEqual([1, 1, 2, 16]);
  expect(samplesOf(view)).toEqual([0, 16_384, -32_767]);
});

it('skips the first, over several parts, ends where it shall, and clips what is too loud', async () => {
  const wav = new WavWriter({ rate: 24_000, skip: 3, samples: 3, gain: 2 });
  wav.add(Float32Array.of(0.1, 0.1));
  wav.add(Float32Array.of(0.1, 1, -1));
  expect(wav.full).toBe(false);
  wav.add(Float32Array.of(0, 0.1));
  expect(wav.full).toBe(true);
  expect(samplesOf(await read(wav.finish()))).toEqual([32_767, -32_768, 0]);
});

it('makes no file of nothing', () => {
  const wav = new WavWriter({ rate: 24_000, skip: 3, samples: 3, gain: 1 });
  wav.add(Float32Array.of(0.1));
  expect(() => wav.finish()).toThrow('Nothing to hear');
});

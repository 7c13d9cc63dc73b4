import { OpusDecoder } from 'opus-decoder';
import { WavWriter } from './wav';

/** Mono at 24 kHz says all that a voice note holds, and is 2.9 MB a minute rather than 11.5. */
const RATE = 24_000;
/** In which Ogg counts, whatever the rate of what was recorded (RFC 7845, 4). */
const CLOCK = 48_000;
const MOST_SECONDS = 20 * 60;
/** 10 ms each; a small file of empty ones would fill the memory. */
const MOST_PACKETS = MOST_SECONDS * 100;
/** The page breathes between two of them: 5 seconds of a voice note. */
const AT_A_TIME = 250;

/** True: it begins as Opus in Ogg does (RFC 7845, 3). */
export function isOggOpus(bytes: Uint8Array): boolean {
  return words(bytes, 0, 4) === 'OggS' && words(bytes, 28, 8) === 'OpusHead';
}

/**
 * The same sound as a WAV, which every browser plays; one voice, whatever it was. Throws where it is broken, has more than
 * two channels, or is longer than 20 minutes (58 MB).
 */
export async function toWav(bytes: Uint8Array, signal: AbortSignal): Promise<Blob> {
  const { packets, endsAt } = readOgg(bytes);
  const [head, , ...sounds] = packets; // the second: who made it
  if (!head) throw new Error('No head.');
  const { preSkip, gain } = readHead(head);
  const samples = Math.floor(((endsAt - preSkip) * RATE) / CLOCK);
  if (samples > MOST_SECONDS * RATE) throw new Error('Too long to be kept in memory.');

  const decoder = new OpusDecoder({ channels: 1, sampleRate: RATE });
  await decoder.ready;
  try {
    const wav = new WavWriter({ rate: RATE, skip: Math.floor((preSkip * RATE) / CLOCK), samples, gain });
    for (let at = 0; at < sounds.length && !wav.full; at += AT_A_TIME) {
      await new Promise((resolve) => setTimeout(resolve));
      signal.throwIfAborted();
      const { channelData, errors } = decoder.decodeFrames(sounds.slice(at, at + AT_A_TIME));
      const [voice] = channelData;
      if (errors[0] || !voice) throw new Error(errors[0]?.message ?? 'Nothing was decoded.');
      wav.add(voice);
    }
    return wav.finish();
  } finally {
    decoder.free();
  }
}

/** What an Ogg file of one stream holds (RFC 3533, 6), and where its last page says that it ends. */
function readOgg(bytes: Uint8Array): { packets: Uint8Array[]; endsAt: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const packets: Uint8Array[] = [];
  let begun: Uint8Array[] = [];
  let endsAt = 0;
  for (let at = 0; at < bytes.length;) {
    if (words(bytes, at, 4) !== 'OggS') throw new Error(`No page of Ogg at ${at}.`);
    endsAt = Math.max(endsAt, Number(view.getBigInt64(at + 6, true))); // -1: no packet ends there
    const lengths = bytes.subarray(at + 27, at + 27 + view.getUint8(at + 26));
    at += 27 + lengths.length;
    for (const length of lengths) {
      begun.push(bytes.subarray(at, at + length));
      at += length;
      if (length === 255) continue; // goes on
      packets.push(joined(begun));
      begun = [];
    }
    if (at > bytes.length) throw new Error('It is cut off.');
    if (packets.length > MOST_PACKETS) throw new Error('Too many packets.');
  }
  return { packets, endsAt };
}

/** RFC 7845, 5.1. `preSkip` by Ogg's clock. */
function readHead(head: Uint8Array): { preSkip: number; gain: number } {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (words(head, 0, 8) !== 'OpusHead' || view.getUint8(18) !== 0) throw new Error('Neither mono nor stereo.');
  return { preSkip: view.getUint16(10, true), gain: 10 ** (view.getInt16(16, true) / 256 / 20) };
}

function words(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

function joined(parts: Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}

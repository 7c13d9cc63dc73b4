import { Transform } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const LOOK_AFTER_BYTES = 8 * 2 ** 20;

let passed = 0;
let collect: ((options: { type: 'minor' }) => void) | undefined;

/**
 * Lets bytes through, and has the buffers collected that carried them: V8 itself looks for those once 64 MB have piled up.
 * The small collection, of a few ms, finds them; all streams of the process share it.
 */
export function lettingGo(): Transform {
  return new Transform({
    transform(piece: Uint8Array, _encoding, done) {
      done(null, piece);
      letGo(piece.byteLength);
    },
  });
}

/** The same, for who hands bytes on by another way: so many have passed. */
export function letGo(bytes: number): void {
  passed += bytes;
  if (passed < LOOK_AFTER_BYTES) return;
  passed = 0;
  collect ??= collector();
  collect({ type: 'minor' });
}

/** A context that begins while the flag is set has it; no other does. */
function collector(): NonNullable<typeof collect> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as NonNullable<typeof collect>;
  setFlagsFromString('--no-expose-gc');
  return gc;
}

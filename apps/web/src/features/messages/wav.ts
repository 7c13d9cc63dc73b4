interface Sound {
  /** Samples a second. */
  rate: number;
  /** So many of the first are not heard. */
  skip: number;
  /** So many are, at most. */
  samples: number;
  /** By which each is multiplied. */
  gain: number;
}

const HEAD_BYTES = 44;
const SAMPLE_BYTES = 2;

/** Gathers samples (-1 to 1) of one channel into a WAV of 16 bits. */
export class WavWriter {
  private readonly parts: Int16Array<ArrayBuffer>[] = [];
  private written = 0;
  private toSkip: number;

  constructor(private readonly sound: Sound) {
    this.toSkip = sound.skip;
  }

  get full(): boolean {
    return this.written >= this.sound.samples;
  }

  add(samples: Float32Array): void {
    const { gain, samples: most } = this.sound;
    const heard = samples.subarray(this.toSkip).subarray(0, most - this.written);
    this.toSkip = Math.max(0, this.toSkip - samples.length);
    const loud = 0x7fff * gain;
    this.parts.push(Int16Array.from(heard, (each) => Math.max(-0x8000, Math.min(0x7fff, Math.round(each * loud)))));
    this.written += heard.length;
  }

  /** Throws when there is nothing to hear. */
  finish(): Blob {
    if (this.written === 0) throw new Error('Nothing to hear.');
    return new Blob([wavHead(this.written, this.sound.rate), ...this.parts], { type: 'audio/wav' });
  }
}

/** RIFF, with the one `fmt ` and the one `data` that PCM needs. */
function wavHead(samples: number, rate: number): ArrayBuffer {
  const bytes = samples * SAMPLE_BYTES;
  const view = new DataView(new ArrayBuffer(HEAD_BYTES));
  const write = (at: number, text: string) => [...text].forEach((char, i) => view.setUint8(at + i, char.charCodeAt(0)));
  write(0, 'RIFF');
  view.setUint32(4, HEAD_BYTES - 8 + bytes, true);
  write(8, 'WAVEfmt ');
  view.setUint32(16, 16, true); // of this part
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * SAMPLE_BYTES, true);
  view.setUint16(32, SAMPLE_BYTES, true);
  view.setUint16(34, 8 * SAMPLE_BYTES, true);
  write(36, 'data');
  view.setUint32(40, bytes, true);
  return view.buffer;
}

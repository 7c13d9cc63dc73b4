import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MediaKind } from './content';
import type { Store, Table } from './store';

export interface MediaFile {
  id: string;
  mimeType: string;
  fileName: string;
  sizeBytes: number;
  sha256: { hex: string; base64: string };
  width?: number;
  height?: number;
  seconds?: number;
}

/** Real files that come with the simulator, by the names under which they can be sent. The first of a kind is its default. */
const samples: Record<
  string,
  { kind: MediaKind; file: string; mimeType: string; width?: number; height?: number; seconds?: number }
> = {
  parcel: { kind: 'image', file: 'parcel.jpg', mimeType: 'image/jpeg', width: 960, height: 720 },
  cup: { kind: 'image', file: 'cup.jpg', mimeType: 'image/jpeg', width: 720, height: 960 },
  screenshot: { kind: 'image', file: 'screenshot.png', mimeType: 'image/png', width: 640, height: 420 },
  wheel: { kind: 'video', file: 'wheel.mp4', mimeType: 'video/mp4', width: 480, height: 270, seconds: 4 },
  song: { kind: 'audio', file: 'song.m4a', mimeType: 'audio/mp4', seconds: 4 },
  voice: { kind: 'voice', file: 'voice.ogg', mimeType: 'audio/ogg; codecs=opus', seconds: 6 },
  invoice: { kind: 'document', file: 'invoice.pdf', mimeType: 'application/pdf' },
  sticker: { kind: 'sticker', file: 'sticker.webp', mimeType: 'image/webp', width: 512, height: 512 },
};

/** Every file that was sent, and the samples. Files are bytes on disk; what is known about them is a row. */
export class Media {
  private readonly table: Table<MediaFile>;
  private readonly folder: string;
  private readonly samples = new Map<string, MediaFile>();

  constructor(store: Store, dataFolder: string) {
    this.table = store.table('media');
    this.folder = path.join(dataFolder, 'media');
    mkdirSync(this.folder, { recursive: true });
    for (const name of Object.keys(samples)) this.samples.set(name, this.describeSample(name));
  }

  find(id: string): MediaFile | undefined {
    return this.samples.get(id) ?? this.table.get(id);
  }

  /** The file's bytes. Throws for an id that is not known. */
  read(id: string): Buffer {
    const sample = samples[id];
    if (!sample && !this.table.get(id)) throw new Error(`No such file: ${id}`);
    return readFileSync(sample ? path.join(sampleFolder(), sample.file) : path.join(this.folder, id));
  }

  /** The sample of that name, else the first of that kind. */
  sample(kind: MediaKind, name?: string): MediaFile {
    const wanted = name && samples[name] ? name : Object.keys(samples).find((each) => samples[each]?.kind === kind);
    const file = this.samples.get(wanted ?? '');
    if (!file) throw new Error(`No sample of kind ${kind}`);
    return file;
  }

  keep(bytes: Uint8Array, known: Pick<MediaFile, 'mimeType' | 'fileName'>): MediaFile {
    const id = randomUUID();
    writeFileSync(path.join(this.folder, id), bytes);
    return this.table.set(id, { id, ...known, sizeBytes: bytes.byteLength, sha256: digest(bytes) });
  }

  clear(): void {
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
  }

  private describeSample(name: string): MediaFile {
    const { kind: _kind, file, ...known } = samples[name] ?? missing(name);
    const bytes = readFileSync(path.join(sampleFolder(), file));
    return { id: name, fileName: file, sizeBytes: bytes.byteLength, sha256: digest(bytes), ...known };
  }
}

function digest(bytes: Uint8Array): MediaFile['sha256'] {
  const hash = createHash('sha256').update(bytes).digest();
  return { hex: hash.toString('hex'), base64: hash.toString('base64') };
}

/** Beside `src` and beside `dist` alike, but not at the same depth from this file in both. */
function sampleFolder(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const found = ['../media', '../../media']
    .map((up) => path.resolve(here, up))
    .find((folder) => existsSync(path.join(folder, 'parcel.jpg')));
  return found ?? missing('media');
}

function missing(name: string): never {
  throw new Error(`The simulator came without ${name}`);
}

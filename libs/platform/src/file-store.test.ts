import { randomBytes } from 'node:crypto';
import { mkdtemp, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { S3 } from '@aws-sdk/client-s3';
import { startS3, type S3Server } from '@parley/testing/s3-server';
import { afterAll, beforeAll, describe, expect, inject, it, test, vi } from 'vitest';
import { FileMissing, UNFINISHED_MS, type FileStore } from './file-store';
import { LocalFiles } from './local-files';
import { S3Files, type S3Settings } from './s3-files';

declare module 'vitest' {
  export interface ProvidedContext {
    /** `TEST_S3`, if it is set: the settings of one, as JSON. */
    givenS3: string | undefined;
  }
}

interface Kind {
  open(): Promise<FileStore>;
  /** Names of all that is kept and of what is not whole, as the store's own tools tell them. */
  kept(): Promise<string[]>;
  unfinished(): Promise<string[]>;
  /** What came of a file that is not whole is gone, by no deed of ours. */
  lose(key: string): Promise<void>;
  close(): Promise<void>;
}

const kinds: [string, () => Kind][] = [
  ['a folder', folder],
  ['S3', s3],
];
/** Of one that runs somewhere, with an empty bucket: see the README. */
const given = inject('givenS3');
if (given) kinds.push(['a given S3', () => bucketAt(JSON.parse(given) as S3Settings)]);

const MIB = 2 ** 20;
const large = randomBytes(12 * MIB + 123);
const text = async (files: FileStore, key: string, range?: { start: number; end: number }) =>
  (await buffer(await files.read(key, range))).toString();
const digest = async (files: FileStore, key: string) => Buffer.compare(await buffer(await files.read(key)), large);

async function* pieces(...texts: (string | Buffer)[]) {
  for (const one of texts) yield Buffer.from(one);
}
async function* broken(...texts: (string | Buffer)[]) {
  yield* pieces(...texts);
  throw new Error('the line broke');
}
/** As bytes come from a socket. */
async function* trickle(bytes: Buffer) {
  for (let at = 0; at < bytes.byteLength; at += 65_537) yield bytes.subarray(at, at + 65_537);
}

describe.each(kinds)('%s', (_name, kindOf) => {
  let kind: Kind;
  let files: FileStore;
  beforeAll(async () => {
    kind = kindOf();
    files = await kind.open();
  });
  afterAll(() => kind?.close());

  it('keeps what comes, and reads all of it or a part', async () => {
    expect(await files.put('t/a', pieces('hello ', 'there'))).toBe(11);
    expect(await text(files, 't/a')).toBe('hello there');
    expect(await text(files, 't/a', { start: 6, end: 8 })).toBe('the');
    expect(await text(files, 't/a', { start: 6, end: 4_099 })).toBe('there');
    expect(await text(files, 't/a', { start: 11, end: 20 })).toBe('');
    expect(await files.put('t/none', pieces())).toBe(0);
    expect(await text(files, 't/none')).toBe('');
  });

  it('keeps a large one, and reads from its midst', async () => {
    expect(await files.put('t/large', trickle(large))).toBe(large.byteLength);
    expect(await digest(files, 't/large')).toBe(0);
    const range = { start: 10 * MIB - 3, end: 10 * MIB + 3 };
    const part = await buffer(await files.read('t/large', range));
    expect(part.equals(large.subarray(range.start, range.end + 1))).toBe(true);
    expect(await files.put('t/exact', trickle(large.subarray(0, 10 * MIB)))).toBe(10 * MIB);
    expect((await buffer(await files.read('t/exact'))).equals(large.subarray(0, 10 * MIB))).toBe(true);
  });

  it('replaces a file in one step, and keeps the old one where the new one breaks off', async () => {
    await files.put('t/a', pieces('old'));
    await expect(files.put('t/a', broken('new'))).rejects.toThrow('the line broke');
    await expect(files.put('t/a', broken(large))).rejects.toThrow('the line broke');
    expect(await text(files, 't/a')).toBe('old');
    expect(await kind.unfinished()).toEqual([]);
    await files.put('t/a', pieces('new'));
    expect(await text(files, 't/a')).toBe('new');
  });

  it('takes a file up in parts, keeps what came of one that breaks off, and goes on from there', async () => {
    const sizeBytes = 13;
    expect(await files.append('t/b', { offset: 0, sizeBytes }, broken('half'))).toBe(4);
    expect(await files.append('t/b', { offset: 4, sizeBytes }, pieces())).toBe(4);
    expect(await files.append('t/b', { offset: 4, sizeBytes }, broken(' and'))).toBe(8);
    expect(await files.append('t/b', { offset: 8, sizeBytes }, pieces(' ', 'half'))).toBe(13);
    expect(await text(files, 't/b')).toBe('half and half');
    expect((await kind.kept()).filter((name) => name.startsWith('t/b'))).toEqual(['t/b']);
    expect(await files.append('t/c', { offset: 0, sizeBytes }, pieces())).toBe(0);
    const gone = (offset: number) => files.append('t/d', { offset, sizeBytes: 17 * MIB }, pieces('x'));
    await expect(gone(3)).rejects.toBeInstanceOf(FileMissing);
    await expect(gone(5 * MIB)).rejects.toBeInstanceOf(FileMissing);
  });

  // Each by another process, which knows nothing but what the row says; some died before the row heard of their part.
  it.each<[string, [from: number, to: number][]]>([
    [
      'of odd sizes',
      [
        [0, 3],
        [3, 3.5],
        [3.5, 7],
        [7, 11],
        [11, 13],
      ],
    ],
    [
      'as large as the store’s own',
      [
        [0, 5],
        [5, 10],
        [10, 13],
      ],
    ],
    [
      'written twice, then further or less far',
      [
        [0, 7],
        [7, 8],
        [7, 11],
        [7, 7],
        [7, 9],
        [9, 13],
      ],
    ],
    [
      'begun anew',
      [
        [0, 6],
        [0, 1],
        [0, 11],
        [11, 12],
        [0, 13],
      ],
    ],
    [
      'of which the first was short',
      [
        [0, 0.1],
        [0.1, 4],
        [4, 13],
      ],
    ],
  ])('takes a large file up in parts %s', async (name, parts) => {
    const key = `t/parts-${name.length}`;
    const sizeBytes = large.byteLength;
    for (const [from, to] of parts) {
      const [offset, end] = [Math.floor(from * MIB), Math.min(Math.floor(to * MIB), sizeBytes)];
      const reached = (await kind.open()).append(key, { offset, sizeBytes }, trickle(large.subarray(offset, end)));
      expect(await reached).toBe(end);
    }
    expect(await digest(files, key)).toBe(0);
    expect((await kind.kept()).filter((one) => one.startsWith(key))).toEqual([key]);
    expect(await kind.unfinished()).toEqual([]);
    // Whoever wrote the last part died before the row said so
    const offset = Math.floor((parts.at(-1)?.[0] ?? 0) * MIB);
    expect(await files.append(key, { offset, sizeBytes }, trickle(large.subarray(offset)))).toBe(sizeBytes);
    expect(await digest(files, key)).toBe(0);
  });

  it('says where what came before is gone, and begins anew', async () => {
    const sizeBytes = large.byteLength;
    await files.append('t/lost', { offset: 0, sizeBytes }, broken(large.subarray(0, 11 * MIB)));
    await kind.lose('t/lost');
    const rest = files.append('t/lost', { offset: 11 * MIB, sizeBytes }, trickle(large.subarray(11 * MIB)));
    await expect(rest).rejects.toBeInstanceOf(FileMissing);
    expect(await files.append('t/lost', { offset: 0, sizeBytes }, trickle(large))).toBe(sizeBytes);
    expect(await digest(files, 't/lost')).toBe(0);
  });

  it('removes a file with all that was written of it, and nothing else', async () => {
    const sizeBytes = large.byteLength;
    const others = await kind.kept();
    for (const key of ['t/e', 't/e-small']) await files.put(key, pieces('x'));
    await files.append('t/f', { offset: 0, sizeBytes }, broken(large.subarray(0, 11 * MIB)));
    await files.append('t/f', { offset: 11 * MIB, sizeBytes }, pieces('x'));
    for (const key of ['t/e', 't/f', 't/never']) await files.remove(key);
    expect(await kind.kept()).toEqual([...others, 't/e-small'].sort());
    expect(await kind.unfinished()).toEqual([]);
    await expect(files.read('t/e')).rejects.toBeInstanceOf(FileMissing);
  });

  test.each(['../a', '/a', 't/../../a', 't//a', '', 't/a.b', 't\\a'])('takes no key like %j', async (key) => {
    await expect(files.put(key, pieces('x'))).rejects.toThrow('not a key');
    await expect(files.read(key)).rejects.toThrow('not a key');
    await expect(files.remove(key)).rejects.toThrow('not a key');
  });

  it('sweeps what was begun long ago, and nothing else', async () => {
    const held = Promise.withResolvers<undefined>();
    const never = (async function* () {
      yield large;
      await held.promise;
    })();
    const writing = files.put('t/g', never);
    await expect.poll(() => kind.unfinished()).toHaveLength(1);
    const begunBy = Date.now();
    await files.sweep(begunBy + UNFINISHED_MS / 2);
    expect(await kind.unfinished()).toHaveLength(1);
    const before = await kind.kept();
    await files.sweep(begunBy + UNFINISHED_MS * 2);
    expect([await kind.unfinished(), await kind.kept()]).toEqual([[], before]);
    held.resolve(undefined);
    await expect(writing).rejects.toThrow();
  });

  it('can be reached', () => files.check());
});

function folder(): Kind {
  const root = mkdtemp(path.join(tmpdir(), 'files-'));
  const unfinished = async () => readdir(path.join(await root, 'unfinished')).catch(() => []);
  return {
    open: async () => new LocalFiles(await root),
    kept: async () => {
      const base = path.join(await root, 'files');
      const entries = await readdir(base, { recursive: true, withFileTypes: true });
      const found = entries.filter((entry) => entry.isFile());
      return found.map(({ parentPath, name }) => path.relative(base, path.join(parentPath, name))).sort();
    },
    unfinished,
    lose: async (key) => rm(path.join(await root, 'files', key)),
    close: async () => rm(await root, { recursive: true }),
  };
}

function s3(): Kind {
  const server: Promise<S3Server> = startS3();
  return {
    open: async () => new S3Files((await server).settings),
    kept: async () => [...(await server).objects.keys()].sort(),
    unfinished: async () => [...(await server).uploads.values()].map(({ key }) => key),
    lose: async () => (await server).uploads.clear(), // a rule of the bucket aborts them
    close: async () => (await server).close(),
  };
}

function bucketAt(settings: S3Settings): Kind {
  const { bucket: Bucket, region, endpoint, pathStyle, credentials } = settings;
  const s3 = new S3({
    region,
    forcePathStyle: pathStyle,
    ...(endpoint && { endpoint }),
    ...(credentials && { credentials }),
  });
  const kept = async () => ((await s3.listObjectsV2({ Bucket })).Contents ?? []).map(({ Key = '' }) => Key).sort();
  const uploads = async () => (await s3.listMultipartUploads({ Bucket })).Uploads ?? [];
  const abort = async () => {
    for (const { Key, UploadId } of await uploads()) await s3.abortMultipartUpload({ Bucket, Key, UploadId });
  };
  return {
    open: async () => new S3Files(settings),
    kept,
    unfinished: async () => (await uploads()).map(({ Key = '' }) => Key),
    lose: abort,
    close: async () => {
      await abort();
      for (const Key of await kept()) await s3.deleteObject({ Bucket, Key });
      s3.destroy();
    },
  };
}

it('no folder stays behind once its last file is removed', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'files-'));
  const files = new LocalFiles(root);
  await Promise.all([files.put('t/a', pieces('a')), files.put('t/b', pieces('b'))]);
  await files.remove('t/a');
  expect(await text(files, 't/b')).toBe('b');
  await files.remove('t/b');
  expect(await readdir(path.join(root, 'files'))).toEqual([]);
  await rm(root, { recursive: true });
});

// Postgres may commit on the same disk, and its commits wait behind all that is to be written by then.
it('a large file goes down to the disk in steps, also one that breaks off', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'files-'));
  const files = new LocalFiles(root);
  const any = await open(path.join(root, 'any'), 'w');
  const written = vi.spyOn(Object.getPrototypeOf(any) as FileHandle, 'datasync');
  await any.close();
  const waiting: number[] = [];
  const body = async function* () {
    for (let mib = 0; mib < 32; mib++) {
      waiting.push(mib - 4 * written.mock.calls.length);
      yield large.subarray(0, MIB);
    }
    throw new Error('the line broke');
  };
  const inHand = 3; // of pieces between who sends them and the file
  await expect(files.put('t/a', body())).rejects.toThrow('the line broke');
  expect(Math.max(...waiting)).toBeLessThanOrEqual(4 + inHand);
  const sizeBytes = 32 * MIB;
  waiting.length = 0;
  written.mockClear();
  expect(await files.append('t/b', { offset: 0, sizeBytes }, body())).toBe(sizeBytes);
  expect(Math.max(...waiting)).toBeLessThanOrEqual(4 + inHand);
  written.mockRestore();
  await rm(root, { recursive: true });
});

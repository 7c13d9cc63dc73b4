import { Readable, pipeline as joined } from 'node:stream';
import {
  paginateListObjectsV2,
  S3,
  S3ServiceException,
  type CompletedPart,
  type ListMultipartUploadsOutput,
  type ListPartsOutput,
} from '@aws-sdk/client-s3';
import { blocksOf } from './blocks';
import { letGo, lettingGo } from './dead-buffers';
import { FileMissing, isKey, UNFINISHED_MS, untilItBreaks, type FileStore, type Place } from './file-store';
import { readWhole } from './read-whole';

export interface S3Settings {
  bucket: string;
  region: string;
  /** Null: Amazon's own. */
  endpoint: string | null;
  /** `<endpoint>/<bucket>/…`, not `<bucket>.<endpoint>/…`. */
  pathStyle: boolean;
  /** Null: what the environment has, such as the role of the machine. */
  credentials: { accessKeyId: string; secretAccessKey: string } | null;
}

/** S3 takes no smaller part but a file's last. Never another number: uploads that are under way lie in such parts. */
const PART_BYTES = 5 * 2 ** 20;

/**
 * Files as objects of a bucket, each whole under its key. What comes is sent on in parts of `PART_BYTES`, of which a file on its
 * way holds one in memory. Of an upload, part n is always the same bytes of the file, whoever writes it, and beside the key lie
 * `.upload`, what S3 calls it, and `.tail-<offset>`, what ended there within a part: so any process goes on from any offset
 * that a row tells, and a part that is written again changes nothing.
 */
export class S3Files implements FileStore {
  private readonly s3: S3;
  private readonly bucket: string;

  constructor({ bucket, region, endpoint, pathStyle, credentials }: S3Settings) {
    this.bucket = bucket;
    this.s3 = new S3({
      region,
      forcePathStyle: pathStyle,
      ...(endpoint && { endpoint }),
      ...(credentials && { credentials }),
      // Sums that Amazon added in 2025, and that not all others know: what is sent is signed as it is
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: {
        connectionTimeout: 3_000,
        requestTimeout: 30_000, // to the beginning of the answer: who reads it may pause
        throwOnRequestTimeout: true,
        httpAgent: { maxSockets: 1_000 }, // who reads slowly holds one
        httpsAgent: { maxSockets: 1_000 },
      },
    });
  }

  async put(key: string, body: AsyncIterable<Uint8Array>): Promise<number> {
    const parts: CompletedPart[] = [];
    let [bytes, uploadId]: [number, string | undefined] = [0, undefined];
    try {
      for await (const block of blocksOf(body, PART_BYTES)) {
        bytes += block.byteLength;
        const isAll = uploadId === undefined && block.byteLength < PART_BYTES;
        if (isAll) await this.write(this.at(key), block);
        else parts.push(await this.writePart(key, (uploadId ??= await this.create(key)), parts.length + 1, block));
      }
      if (uploadId !== undefined) await this.join(key, uploadId, parts);
      return bytes;
    } catch (error) {
      if (uploadId !== undefined) await this.abort(key, uploadId).catch(() => undefined); // else `sweep` does
      throw error;
    }
  }

  async append(key: string, { offset, sizeBytes }: Place, body: AsyncIterable<Uint8Array>): Promise<number> {
    const isInParts = sizeBytes >= PART_BYTES;
    if ((offset > 0 || isInParts) && (await this.isWhole(key, sizeBytes))) return readThrough(body, sizeBytes);
    const tail = await this.tailAt(key, offset);
    let uploadId = offset >= PART_BYTES ? await this.begin(key, offset) : undefined;
    let end = offset - tail.byteLength;
    for await (const block of blocksOf(untilItBreaks(body), PART_BYTES, tail)) {
      const part = end / PART_BYTES + 1;
      end += block.byteLength;
      if (end === offset) break; // nothing came
      if (end === sizeBytes && !isInParts) await this.write(this.at(key), block);
      else if (end === sizeBytes || block.byteLength === PART_BYTES)
        await this.writePart(key, (uploadId ??= await this.begin(key, offset)), part, block);
      else await this.write(this.at(key, `tail-${end}`), block);
    }
    const isDone = end === sizeBytes;
    if (isDone && uploadId !== undefined) await this.join(key, uploadId, await this.partsOf(key, uploadId, sizeBytes));
    const kept = isDone ? [] : ['upload', `tail-${offset}`, `tail-${end}`];
    if (offset > 0 || (isDone && isInParts)) await this.forget(key, kept);
    return end;
  }

  async read(key: string, range?: { start: number; end: number }): Promise<Readable> {
    const bytes = range && { Range: `bytes=${range.start}-${range.end}` };
    try {
      const { Body } = await this.s3.getObject({ ...this.at(key), ...bytes });
      return joined(streamOf(Body), lettingGo(), () => undefined);
    } catch (error) {
      if (isCalled(error, 'InvalidRange')) return Readable.from([]); // it ends before
      throw isMissing(error) ? new FileMissing(`there is no file ${key}`, { cause: error }) : error;
    }
  }

  async remove(key: string): Promise<void> {
    await this.s3.deleteObject(this.at(key));
    await this.forget(key, []);
  }

  async sweep(nowMs: number): Promise<void> {
    const before = nowMs - UNFINISHED_MS;
    let after: { KeyMarker?: string; UploadIdMarker?: string } | null = {};
    while (after) {
      const page: ListMultipartUploadsOutput = await this.s3.listMultipartUploads({ Bucket: this.bucket, ...after });
      for (const { Key = '', UploadId, Initiated } of page.Uploads ?? [])
        if (isKey(Key) && UploadId && Initiated && Initiated.getTime() < before) await this.abort(Key, UploadId);
      const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page;
      after = page.IsTruncated && KeyMarker ? { KeyMarker, ...(UploadIdMarker && { UploadIdMarker }) } : null;
    }
  }

  async check(): Promise<void> {
    await this.s3.headBucket({ Bucket: this.bucket });
  }

  /** `beside`: of what lies beside the file until it is whole, which no key is called. */
  private at(key: string, beside?: string) {
    if (!isKey(key)) throw new Error('not a key of ours');
    return { Bucket: this.bucket, Key: beside === undefined ? key : `${key}.${beside}` };
  }

  /** All of it was here before, but who wrote it did not live to say so. */
  private async isWhole(key: string, sizeBytes: number): Promise<boolean> {
    try {
      return (await this.s3.headObject(this.at(key))).ContentLength === sizeBytes;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  /** What stands between the last whole part and `offset`. */
  private async tailAt(key: string, offset: number): Promise<Buffer> {
    const tail = offset % PART_BYTES === 0 ? Buffer.alloc(0) : await this.beside(key, `tail-${offset}`);
    if (!tail) throw goneBefore(key);
    return tail;
  }

  /** What S3 calls this upload. Who writes its first part begins it, so that none is gone on with that is over. */
  private async begin(key: string, offset: number): Promise<string> {
    const known = (await this.beside(key, 'upload'))?.toString();
    if (offset >= PART_BYTES) {
      if (known === undefined) throw goneBefore(key);
      return known;
    }
    if (known !== undefined) await this.abort(key, known);
    const uploadId = await this.create(key);
    await this.write(this.at(key, 'upload'), Buffer.from(uploadId));
    return uploadId;
  }

  private async beside(key: string, name: string): Promise<Buffer | null> {
    try {
      return await readWhole(async () => streamOf((await this.s3.getObject(this.at(key, name))).Body));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  private async create(key: string): Promise<string> {
    const { UploadId } = await this.s3.createMultipartUpload(this.at(key));
    if (!UploadId) throw new Error('S3 began no upload');
    return UploadId;
  }

  private async write(at: { Bucket: string; Key: string }, block: Buffer): Promise<void> {
    await this.s3.putObject({ ...at, Body: block });
    letGo(block.byteLength);
  }

  private async writePart(key: string, UploadId: string, PartNumber: number, Body: Buffer): Promise<CompletedPart> {
    try {
      const { ETag } = await this.s3.uploadPart({ ...this.at(key), UploadId, PartNumber, Body });
      letGo(Body.byteLength);
      return { PartNumber, ...(ETag && { ETag }) };
    } catch (error) {
      throw isCalled(error, 'NoSuchUpload') ? goneBefore(key) : error;
    }
  }

  /** Whoever wrote them. */
  private async partsOf(key: string, UploadId: string, sizeBytes: number): Promise<CompletedPart[]> {
    const parts: CompletedPart[] = [];
    let bytes = 0;
    let after: { PartNumberMarker?: string } | null = {};
    while (after) {
      const page: ListPartsOutput = await this.s3.listParts({ ...this.at(key), UploadId, ...after });
      for (const { PartNumber, ETag, Size = 0 } of page.Parts ?? []) {
        parts.push({ ...(PartNumber && { PartNumber }), ...(ETag && { ETag }) });
        bytes += Size;
      }
      const { NextPartNumberMarker: PartNumberMarker } = page;
      after = page.IsTruncated && PartNumberMarker ? { PartNumberMarker } : null; // the last page has a marker too
    }
    if (bytes !== sizeBytes) throw new Error(`the parts have ${bytes} of ${sizeBytes} bytes`);
    return parts;
  }

  private async join(key: string, UploadId: string, Parts: CompletedPart[]): Promise<void> {
    await this.s3.completeMultipartUpload({ ...this.at(key), UploadId, MultipartUpload: { Parts } });
  }

  /** Removes what lies beside the file; with `.upload` go the parts that it names. */
  private async forget(key: string, keep: string[]): Promise<void> {
    const kept = new Set(keep.map((name) => this.at(key, name).Key));
    const begun = this.at(key, 'upload').Key;
    const query = { Bucket: this.bucket, Prefix: `${key}.` };
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.s3 }, query)) {
      for (const { Key = '' } of Contents.filter((one) => !kept.has(one.Key ?? ''))) {
        const uploadId = Key === begun ? await this.beside(key, 'upload') : null;
        if (uploadId) await this.abort(key, uploadId.toString());
        await this.s3.deleteObject({ Bucket: this.bucket, Key });
      }
    }
  }

  /** No matter whether it is there. */
  private async abort(key: string, UploadId: string): Promise<void> {
    await this.s3.abortMultipartUpload({ ...this.at(key), UploadId }).catch((error: unknown) => {
      if (!isCalled(error, 'NoSuchUpload')) throw error;
    });
  }
}

async function readThrough(body: AsyncIterable<Uint8Array>, end: number): Promise<number> {
  for await (const _ of untilItBreaks(body));
  return end;
}

/** On Node it is a stream of Node's; the type tells of browsers too. */
function streamOf(body: unknown): Readable {
  if (!(body instanceof Readable)) throw new Error('S3 answered without bytes');
  return body;
}

const goneBefore = (key: string) => new FileMissing(`there is no beginning of ${key}`);
const isCalled = (error: unknown, name: string) => error instanceof S3ServiceException && error.name === name;
const isMissing = (error: unknown) => isCalled(error, 'NoSuchKey') || isCalled(error, 'NotFound');

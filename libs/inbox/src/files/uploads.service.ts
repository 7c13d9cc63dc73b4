import type { Readable } from 'node:stream';
import type { Capabilities } from '@parley/contracts/accounts';
import type { OutboundContent } from '@parley/contracts/content';
import type { Upload } from '@parley/contracts/files';
import { uuid7 } from '@parley/db/uuid';
import { AppError, notFound } from '@parley/platform/app-error';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { crashPoint } from '@parley/platform/crash-points';
import { FileMissing, type FileStore } from '@parley/platform/file-store';
import { Metrics } from '@parley/platform/metrics';
import { FILES } from '@parley/platform/platform.module';
import { readWhole } from '@parley/platform/read-whole';
import { TenantDb, type TenantTx } from '@parley/platform/tenant-db';
import { Inject, Injectable } from '@nestjs/common';
import type { MemberContext } from '../context';
import { assertRoom } from '../tenants/limits';
import { acceptedAs, type MediaContent } from './accepted-file';
import { smallKey, storageKey } from './file-links';
import { fileNameOf } from './file-name';
import { HEAD_BYTES, isSuspicious, typeOf, typeToSend } from './inspect';
import { keepSmall } from './small-picture';
import {
  attachUpload,
  claimPart,
  discardUpload,
  findUpload,
  finishPart,
  insertUpload,
  lockUnsent,
  type Known,
  type UploadRow,
} from './uploads.queries';

type Wanted = Extract<OutboundContent, { type: 'media' }>;

export interface NewUpload {
  id?: string | undefined;
  fileName: string;
  /** As its sender says. */
  mimeType: string;
  sizeBytes: number;
}

export interface Part {
  offset: number;
  /** As announced; null: not said. */
  bytes: number | null;
  body: Readable;
}

/** A file that is not sent by then is forgotten. */
const KEPT_MS = 24 * 3_600_000;
/** Of one tenant, with what is still to come. */
const MOST_UNSENT = 500;
const MOST_UNSENT_BYTES = 16 * 2 ** 30;
/** Longer than the api lets a request take. Who dies over a part holds it up for so long. */
const PART_MS = 90_000;

/**
 * Takes up files that members send: in parts, each from where the one before ended, whoever broke it off. The row says how
 * far they have come, so any process may take the next part.
 */
@Injectable()
export class UploadsService {
  /** Parts that come in here now, by where they go. */
  private readonly parts = new Map<string, { body: Readable; ended: Promise<unknown> }>();

  constructor(
    private readonly db: TenantDb,
    private readonly metrics: Metrics,
    @Inject(FILES) private readonly files: FileStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Begins one, or answers how far that id has come. Throws `conflict`, `quota_exceeded`. */
  async create(ctx: MemberContext, { id = uuid7(), fileName, mimeType, sizeBytes }: NewUpload): Promise<Upload> {
    const upload = await this.db.transaction(ctx, async (tx) => {
      const known = await findUpload(tx, id);
      if (known) return viewOf(sameSize(known, sizeBytes));
      const { files, bytes } = await lockUnsent(tx, MOST_UNSENT);
      if (files === MOST_UNSENT || bytes + sizeBytes > MOST_UNSENT_BYTES)
        throw new AppError('quota_exceeded', 'Too much waits to be sent here already. Send it, or take it back first.');
      await assertRoom(tx, sizeBytes);
      const nowMs = this.nowMs();
      const wanted = { id, fileName: fileNameOf(fileName) ?? 'file', declaredType: mimeType, sizeBytes };
      const made = await insertUpload(tx, wanted, { nowMs, expiresMs: nowMs + KEPT_MS });
      if (made) return viewOf(made);
      const other = await findUpload(tx, id); // somebody began it at the same time, or it is a customer's
      if (!other) throw taken();
      return viewOf(sameSize(other, sizeBytes));
    });
    crashPoint('upload.U1');
    return upload;
  }

  /** Throws `not_found`. */
  find(ctx: MemberContext, id: string): Promise<Upload> {
    return this.db.read(ctx, async (tx) => viewOf(await getUpload(tx, id)));
  }

  /**
   * Takes a part up, and answers how far the file has come: of a part that breaks off, what came counts. A part that still
   * comes in here is ended: its sender has lost it, or would not begin anew. Throws `not_found`, then what `partOf` throws,
   * `conflict`, `invalid`.
   */
  async append(
    ctx: MemberContext,
    id: string,
    partOf: () => Part,
  ): Promise<Pick<Upload, 'sizeBytes' | 'receivedBytes'>> {
    const { sizeBytes, declaredType } = await this.db.read(ctx, (tx) => getUpload(tx, id));
    const { offset, bytes, body } = partOf();
    if (bytes !== null && offset + bytes > sizeBytes)
      throw new AppError('invalid', `This part goes beyond the ${sizeBytes} bytes that were announced.`);
    const key = storageKey({ tenantId: ctx.tenantId, id });
    const before = this.parts.get(key);
    before?.body.destroy();
    await before?.ended;
    const nowMs = this.nowMs();
    const claim = { nowMs, untilMs: nowMs + PART_MS };
    if (!(await this.db.transaction(ctx, (tx) => claimPart(tx, { id, offset }, claim))))
      throw new AppError('conflict', 'The next part does not begin there, or is coming in already. Ask how far it is.');
    crashPoint('upload.U2');
    const ended = this.write(ctx, { id, key, offset, untilMs: claim.untilMs, sizeBytes, declaredType }, body);
    this.parts.set(key, { body, ended: ended.catch(() => undefined) });
    const end = await ended.finally(() => this.parts.delete(key));
    this.metrics.fileBytes.inc({ way: 'taken_up' }, end - offset);
    this.metrics.fileParts.inc({ outcome: bytes === null || end - offset === bytes ? 'whole' : 'broken' });
    return { sizeBytes, receivedBytes: end };
  }

  /** Throws `not_found`. */
  discard(ctx: MemberContext, id: string): Promise<void> {
    return this.db.transaction(ctx, async (tx) => {
      await getUpload(tx, id);
      await discardUpload(tx, id);
    });
  }

  /**
   * What a message shows that sends it over this channel. Throws `not_found`, `channel_cannot`, and `conflict` where it is not
   * whole; whether it was sent before, `attach` tells: by then it is known whether this is the same message once more.
   */
  async contentOf(
    ctx: MemberContext,
    { fileId, caption, width, height }: Wanted,
    can: Capabilities,
  ): Promise<MediaContent> {
    const upload = await this.db.read(ctx, (tx) => getUpload(tx, fileId));
    if (upload.state === 'uploading') throw new AppError('conflict', 'Not all of this file is here yet.');
    const { fileName, declaredType, sizeBytes } = upload;
    const file = { mimeType: typeToSend(declaredType, upload.mimeType), sizeBytes, caption: caption || null };
    return {
      type: 'media',
      kind: acceptedAs(can, file),
      ...file,
      fileName,
      durationMs: null,
      width: upload.width ?? width,
      height: upload.height ?? height,
      file: {
        id: fileId,
        state: 'ready',
        suspicious: isSuspicious(declaredType, upload.mimeType),
        detail: null,
        ...(upload.small && { small: true }),
      },
    };
  }

  /** Gives it to its message, which stands by now. Throws `conflict`. */
  async attach(
    tx: TenantTx,
    { messageId, accountId, content }: { messageId: string; accountId: string; content: MediaContent },
  ): Promise<void> {
    const { file, kind } = content;
    if (!file || !(await attachUpload(tx, { id: file.id, messageId, accountId, kind })))
      throw new AppError('conflict', 'This file was sent already. To send it again, attach it again.');
  }

  private async write(
    ctx: MemberContext,
    part: { key: string; offset: number; untilMs: number } & Pick<UploadRow, 'id' | 'sizeBytes' | 'declaredType'>,
    body: Readable,
  ): Promise<number> {
    const { id, key, offset, untilMs, sizeBytes } = part;
    const finish = (receivedBytes: number, known: Known | null) =>
      this.db.transaction(ctx, (tx) => finishPart(tx, { id, untilMs, receivedBytes }, known, this.nowMs()));
    try {
      const receivedBytes = await this.files.append(key, { offset, sizeBytes }, atMost(sizeBytes - offset, body));
      const known = receivedBytes === sizeBytes ? await this.look({ tenantId: ctx.tenantId, id }, part) : null;
      if (known) crashPoint('upload.U4');
      if (!(await finish(receivedBytes, known))) throw notFound('file');
      if (known) crashPoint('upload.U5');
      return receivedBytes;
    } catch (error) {
      const isGone = error instanceof FileMissing;
      // Who tries again need not wait for the claim to end
      const isOver = await finish(isGone ? 0 : offset, null).then(
        (counts) => !counts,
        () => false,
      );
      if (isOver) await this.clear(ctx, id);
      throw isGone ? new AppError('conflict', 'What came of this file before is gone. Begin it anew.') : error;
    }
  }

  /** Who is discarded and outlives its claim may have written after a worker took the bytes away: no row tells of them any more. */
  private async clear(ctx: MemberContext, id: string): Promise<void> {
    if (await this.db.read(ctx, (tx) => findUpload(tx, id))) return;
    const file = { tenantId: ctx.tenantId, id };
    for (const key of [storageKey(file), smallKey(file)]) await this.files.remove(key);
  }

  /** Whole, as the row keeps it: what is written as now must not lie ahead a moment later. */
  private nowMs(): number {
    return Math.floor(this.clock.now());
  }

  private async look(
    file: { tenantId: string; id: string },
    { sizeBytes, declaredType }: Pick<UploadRow, 'sizeBytes' | 'declaredType'>,
  ): Promise<Known> {
    const head = () => this.files.read(storageKey(file), { start: 0, end: HEAD_BYTES - 1 });
    const mimeType = await typeOf(await readWhole(head));
    const picture = await keepSmall(this.files, file, { mimeType, sizeBytes });
    return { mimeType, suspicious: isSuspicious(declaredType, mimeType), picture };
  }
}

async function getUpload(tx: TenantTx, id: string): Promise<UploadRow> {
  const upload = await findUpload(tx, id);
  if (!upload) throw notFound('file');
  return upload;
}

function sameSize(upload: UploadRow, sizeBytes: number): UploadRow {
  if (upload.sizeBytes !== sizeBytes) throw taken();
  return upload;
}

const taken = () => new AppError('conflict', 'Another file has this id. Give this one an id of its own.');

function viewOf({ id, sizeBytes, receivedBytes, expiresMs }: UploadRow): Upload {
  return { id, sizeBytes, receivedBytes, expiresAt: new Date(expiresMs).toISOString() };
}

/** Whoever sends more than was announced is heard no further. */
async function* atMost(bytes: number, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const piece of body) {
    if (left > 0) yield piece.subarray(0, left);
    crashPoint('upload.U3');
    left -= piece.byteLength;
    if (left < 0) return;
  }
}

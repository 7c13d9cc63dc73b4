import { AppError, notFound } from '@parley/platform/app-error';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { ENV, type Env } from '@parley/platform/env';
import type { FileStore } from '@parley/platform/file-store';
import { FILES } from '@parley/platform/platform.module';
import { TenantDb, type TenantTx } from '@parley/platform/tenant-db';
import { Inject, Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import type { MemberContext } from '../context';
import { lockConversation } from '../conversations/locked-conversation';
import { canSee } from '../conversations/sight';
import { FETCH_FOR_MS } from '../lanes/arriving-files';
import { announceChanged } from '../messages/announce';
import { grantOf } from '../people/grant';
import { SessionsService } from '../people/sessions.service';
import { fileNameOf } from './file-name';
import { readGrant, signGrant, smallKey, storageKey } from './file-links';
import { askAgain, findFile, type FileRow } from './files.queries';
import { SMALL_TYPE } from './small-picture';

const LINK_MS = 3_600_000;

/** What browsers may show in place, by the file's own bytes. None of it can hold a script, which a PDF can. */
const inlineTypes = new Set([
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'video/mp4',
  'audio/mp4',
  'audio/x-m4a',
  'audio/ogg',
  'video/ogg',
  'application/ogg',
  'audio/mpeg',
]);

/** A file that may be read now. */
export interface OpenFile {
  name: string;
  /** By its bytes; what they do not tell is only bytes. */
  type: string;
  /** Null: that is not known ahead, and it is read whole. */
  sizeBytes: number | null;
  inline: boolean;
  read(range?: { start: number; end: number }): Promise<Readable>;
}

/** Members' way to files: a link for each who may see the conversation, and another try for one that could not be had. */
@Injectable()
export class FilesService {
  constructor(
    private readonly db: TenantDb,
    private readonly sessions: SessionsService,
    @Inject(FILES) private readonly files: FileStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Throws `not_found`, `conflict` before it is ready. */
  async link(ctx: MemberContext, fileId: string): Promise<{ url: string; expiresAt: string; inline: boolean }> {
    const file = await this.db.read(ctx, (tx) => getFile(tx, fileId));
    if (file.state !== 'ready') throw new AppError('conflict', 'This file is not here yet.');
    const expiresMs = this.clock.now() + LINK_MS;
    const token = signGrant({ tenantId: ctx.tenantId, fileId, credential: ctx.credential, expiresMs }, this.env);
    return { url: `/files/${token}`, expiresAt: new Date(expiresMs).toISOString(), inline: isInline(file) };
  }

  /** Throws `not_found`, `conflict` unless it failed. */
  retry(ctx: MemberContext, fileId: string): Promise<void> {
    return this.db.transaction(ctx, async (tx) => {
      const file = await getFile(tx, fileId);
      await lockConversation(tx, file.conversationId);
      const nowMs = this.clock.now();
      if (!(await askAgain(tx, file, { nowMs, expiresMs: nowMs + FETCH_FOR_MS })))
        throw new AppError('conflict', 'Only a file that could not be fetched can be asked for again.');
      await announceChanged(tx, file.conversationId, file.messageId);
    });
  }

  /**
   * What a link leads to, or with `/small` behind it the small picture; null: it is none of ours, is over, or who got it may
   * not see the file any more.
   */
  async open(link: string): Promise<OpenFile | null> {
    const [token = '', part, ...rest] = link.split('/');
    if (rest.length || (part !== undefined && part !== 'small')) return null;
    const grant = readGrant(token, this.env, this.clock.now());
    const rights = grant && (await this.sessions.rightsOf(grant.credential));
    if (!grant || rights?.tenantId !== grant.tenantId) return null;
    const { permissions, seesAll } = grantOf(rights);
    if (!permissions.has('inbox.read')) return null;
    const { tenantId, fileId } = grant;
    const { memberId, accountIds, teamIds } = rights;
    const [sight, file] = await Promise.all([
      this.sessions.sightOf(tenantId, memberId, { seesAll, accountIds, teamIds }),
      this.db.read({ tenantId, correlationId: null }, (tx) => findFile(tx, fileId)),
    ]);
    if (!file || !canSee(sight, file) || file.state !== 'ready' || file.sizeBytes === null) return null;
    const name = fileNameOf(file.fileName) ?? file.kind;
    if (part === 'small') {
      const read = () => this.files.read(smallKey({ tenantId, id: file.id }));
      return { name, type: SMALL_TYPE, sizeBytes: null, inline: true, read };
    }
    return {
      name,
      type: file.mimeType ?? 'application/octet-stream',
      sizeBytes: file.sizeBytes,
      inline: isInline(file),
      read: (range) => this.files.read(storageKey({ tenantId, id: file.id }), range),
    };
  }
}

const isInline = ({ mimeType, suspicious }: FileRow) => mimeType !== null && !suspicious && inlineTypes.has(mimeType);

/** One whose conversation the member may see. */
async function getFile(tx: TenantTx<MemberContext>, id: string): Promise<FileRow> {
  const file = await findFile(tx, id);
  if (!file || !canSee(tx.ctx.sight, file)) throw notFound('file');
  return file;
}

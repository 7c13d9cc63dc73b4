import { Readable } from 'node:stream';
import { appendUpload, createUpload, discardUpload, getUpload, type Upload } from '@parley/contracts/files';
import type { InputOf } from '@parley/contracts/route';
import type { MemberContext } from '@parley/inbox/context';
import { UploadsService, type Part } from '@parley/inbox/files/uploads.service';
import { AppError } from '@parley/platform/app-error';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Ctx, Input, Route } from '../http/route.decorator';

/**
 * Files on their way here. Beginning one is a call like any other; its bytes come as the core of tus 1.0 has it, which every
 * answer says in its headers, so that its clients can be used, given the address.
 */
@Controller()
export class UploadsController {
  constructor(private readonly uploads: UploadsService) {}

  @Route(createUpload)
  async create(
    @Ctx() ctx: MemberContext,
    @Input() { body }: InputOf<typeof createUpload>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Upload> {
    const upload = await this.uploads.create(ctx, body);
    void reply.header('location', `/api/inbox/uploads/${upload.id}`);
    tell(reply, upload);
    return upload;
  }

  @Route(getUpload)
  async find(
    @Ctx() ctx: MemberContext,
    @Input() { params }: InputOf<typeof getUpload>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Upload> {
    const upload = await this.uploads.find(ctx, params.id);
    tell(reply, upload);
    return upload;
  }

  @Route(appendUpload)
  async append(
    @Ctx() ctx: MemberContext,
    @Input() { params }: InputOf<typeof appendUpload>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    tell(reply, await this.uploads.append(ctx, params.id, () => partIn(request)));
  }

  @Route(discardUpload)
  async discard(
    @Ctx() ctx: MemberContext,
    @Input() { params }: InputOf<typeof discardUpload>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.uploads.discard(ctx, params.id);
    void reply.header('tus-resumable', '1.0.0');
  }
}

function partIn(request: FastifyRequest): Part {
  const { body } = request;
  if (!(body instanceof Readable))
    throw new AppError('unsupported_media_type', 'Only a part of the file is taken here.');
  const [offset, bytes] = [numberIn(request, 'upload-offset'), numberIn(request, 'content-length')];
  if (offset === null) throw new AppError('bad_request', 'The header Upload-Offset must say where this part begins.');
  return { offset, bytes, body };
}

function tell(reply: FastifyReply, { sizeBytes, receivedBytes }: Pick<Upload, 'sizeBytes' | 'receivedBytes'>): void {
  void reply.headers({
    'tus-resumable': '1.0.0',
    'upload-offset': receivedBytes,
    'upload-length': sizeBytes,
  });
}

/** Null: it is not there, or is no number of bytes. */
function numberIn({ headers }: FastifyRequest, name: string): number | null {
  const value = headers[name];
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : null;
}

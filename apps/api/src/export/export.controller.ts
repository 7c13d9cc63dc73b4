import { exportData } from '@parley/contracts/export';
import type { MemberContext } from '@parley/inbox/context';
import { ExportService } from '@parley/inbox/export/export.service';
import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { sendLines } from '../http/lines';
import { Ctx, Route } from '../http/route.decorator';

@Controller()
export class ExportController {
  constructor(private readonly exports: ExportService) {}

  @Route(exportData)
  everything(@Ctx() ctx: MemberContext, @Res({ passthrough: true }) reply: FastifyReply) {
    return sendLines(reply, 'parley', this.exports.everything(ctx));
  }
}

import { exportAudit, listAudit } from '@parley/contracts/audit';
import type { InputOf } from '@parley/contracts/route';
import { AuditService } from '@parley/inbox/audit/audit.service';
import type { MemberContext } from '@parley/inbox/context';
import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { sendLines } from '../http/lines';
import { Ctx, Input, Route } from '../http/route.decorator';

@Controller()
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Route(listAudit)
  list(@Ctx() ctx: MemberContext, @Input() { query }: InputOf<typeof listAudit>) {
    return this.audit.list(ctx, query);
  }

  @Route(exportAudit)
  export(
    @Ctx() ctx: MemberContext,
    @Input() { query }: InputOf<typeof exportAudit>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return sendLines(reply, 'audit', this.audit.export(ctx, query));
  }
}

import { listInstallAudit } from '@parley/contracts/audit';
import type { InputOf } from '@parley/contracts/route';
import { listDeadLetters, listInstallAccounts, replayDeadLetters } from '@parley/contracts/tenants';
import { AuditService } from '@parley/inbox/audit/audit.service';
import type { PlatformContext } from '@parley/inbox/context';
import { InstallService } from '@parley/inbox/tenants/install.service';
import { Controller } from '@nestjs/common';
import { Input, Platform, Route } from '../http/route.decorator';

@Controller()
export class InstallController {
  constructor(
    private readonly install: InstallService,
    private readonly log: AuditService,
  ) {}

  @Route(listInstallAccounts)
  accounts(@Input() { query }: InputOf<typeof listInstallAccounts>) {
    return this.install.accounts(query);
  }

  @Route(listDeadLetters)
  deadLetters(@Input() { query }: InputOf<typeof listDeadLetters>) {
    return this.install.deadLetters(query);
  }

  @Route(replayDeadLetters)
  async replay(@Platform() ctx: PlatformContext, @Input() { body }: InputOf<typeof replayDeadLetters>) {
    return { replayed: await this.install.replay(ctx, body) };
  }

  @Route(listInstallAudit)
  audit(@Input() { query }: InputOf<typeof listInstallAudit>) {
    return this.log.listOfInstall(query);
  }
}

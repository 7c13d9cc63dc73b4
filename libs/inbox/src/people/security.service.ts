import { AppError } from '@parley/platform/app-error';
import { PLATFORM } from '@parley/platform/platform.module';
import { run } from '@parley/platform/statements';
import { SteadyPool } from '@parley/platform/steady-pool';
import { TenantDb } from '@parley/platform/tenant-db';
import { Inject, Injectable } from '@nestjs/common';
import type { MemberContext } from '../context';
import { hasSecondProof } from './logins.queries';
import { SessionsService } from './sessions.service';

/** What a tenant asks of everybody who signs in. */
@Injectable()
export class SecurityService {
  constructor(
    private readonly db: TenantDb,
    private readonly sessions: SessionsService,
    @Inject(PLATFORM) private readonly platform: SteadyPool,
  ) {}

  /** Throws `conflict` where the caller would be out themselves. */
  async requireTwoFactor(ctx: MemberContext, required: boolean): Promise<{ requireTwoFactor: boolean }> {
    const { memberId, tenantId, credential } = ctx;
    const own = memberId !== null && (await this.platform.query((sql) => hasSecondProof(sql, credential)));
    if (required && !own)
      throw new AppError('conflict', 'Set up your own second proof first: you would be out yourself.');
    await this.db.transaction(ctx, async (tx) => {
      const rows = await run(
        tx.raw,
        'update tenants set require_two_factor = $2 where id = $1 and require_two_factor <> $2 returning 1',
        [tenantId, required],
      );
      const [before, after] = [{ requireTwoFactor: !required }, { requireTwoFactor: required }];
      const target = { kind: 'tenant', id: tenantId } as const;
      if (rows.length) tx.audit({ action: 'settings.updated', target, before, after });
    });
    this.sessions.forgetAll();
    return { requireTwoFactor: required };
  }
}

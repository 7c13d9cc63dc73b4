import { INSTALL_CHAIN } from '@parley/db/schema/audit';
import { AuditChain, SYSTEM } from '@parley/platform/audit-chain';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { within } from '@parley/platform/deadline';
import { PLATFORM } from '@parley/platform/platform.module';
import { run } from '@parley/platform/statements';
import { SteadyPool } from '@parley/platform/steady-pool';
import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';

const LOCK = 7004;
/** That a start waits for it. */
const LONGEST_MS = 1000;

/**
 * Gives the chains of an install their beginning, once: of its own, and of tenants that were there before chains had one. From
 * then on a tenant without a chain is one whose chain was taken away.
 */
@Injectable()
export class AuditBeginning implements OnApplicationBootstrap {
  private readonly log = new Logger('audit');

  constructor(
    @Inject(PLATFORM) private readonly platform: SteadyPool,
    private readonly chain: AuditChain,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Without a database the process starts all the same, and soon; the next one sees to it. */
  async onApplicationBootstrap(): Promise<void> {
    const begun = this.begin().catch((err: unknown) => this.log.warn({ err }, 'the audit log could not be begun'));
    await within(LONGEST_MS, begun, () => new Error('still at it')).catch(() => {}); // it goes on beside
  }

  private begin(): Promise<void> {
    return this.platform.begin({ begin: 'begin' }, async (sql) => {
      await run(sql, 'select pg_advisory_xact_lock($1)', [LOCK]);
      const [begun] = await run(
        sql,
        `select 1 from audit_log where tenant_id = $1 and action = 'audit.begun' limit 1`,
        [INSTALL_CHAIN],
      );
      if (begun) return;
      const tenants = await run<{ id: string }>(
        sql,
        `select id from tenants t where not exists (select from audit_heads h where h.tenant_id = t.id)
           and not exists (select from audit_log l where l.tenant_id = t.id)`,
      );
      for (const { id } of [{ id: INSTALL_CHAIN }, ...tenants]) await this.chain.begin(sql, id);
      const change = { action: 'audit.begun', after: { tenants: tenants.length } } as const;
      const by = { actor: SYSTEM, correlationId: null, nowMs: this.clock.now() };
      await this.chain.write(sql, INSTALL_CHAIN, [change], by);
    });
  }
}

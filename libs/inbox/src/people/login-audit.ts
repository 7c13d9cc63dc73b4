import type { AuditAction } from '@parley/contracts/audit';
import { INSTALL_CHAIN } from '@parley/db/schema/audit';
import type { AuditChain } from '@parley/platform/audit-chain';
import type { Clock } from '@parley/platform/clock';
import { run } from '@parley/platform/statements';
import type { SteadyPool } from '@parley/platform/steady-pool';
import type { Origin } from './origin';

export type LoginChange = Extract<AuditAction, `login.${string}`>;

interface Place {
  tenantId: string;
  memberId: string;
  name: string;
}

/**
 * What somebody changed of how they sign in: in the audit log of each tenant that they belong to, and in the install's if
 * they run it. Behind the change, not with it, for the auth library commits by itself.
 */
export class LoginAudit {
  constructor(
    private readonly platform: SteadyPool,
    private readonly chain: AuditChain,
    private readonly clock: Clock,
  ) {}

  note(userId: string, action: LoginChange, { correlationId, ...from }: Origin): Promise<void> {
    return this.platform.begin({ begin: 'begin' }, async (sql) => {
      const nowMs = this.clock.now();
      const [operator] = await run<{ name: string }>(sql, OPERATOR, [userId]);
      if (operator) {
        const actor = { kind: 'super_admin', id: userId, ...operator, ...from } as const;
        const change = { action, target: { kind: 'user', id: userId } } as const;
        await this.chain.write(sql, INSTALL_CHAIN, [change], { actor, correlationId, nowMs });
      }
      for (const { tenantId, memberId, name } of await run<Place>(sql, PLACES, [userId])) {
        const actor = { kind: 'member', id: memberId, name, ...from } as const;
        const change = { action, target: { kind: 'member', id: memberId } } as const;
        await this.chain.write(sql, tenantId, [change], { actor, correlationId, nowMs });
      }
    });
  }
}

const OPERATOR = 'select name from users where id = $1 and super_admin';

/** In one order, for each chain is held until the end. */
const PLACES = `select m.tenant_id "tenantId", m.id "memberId", u.name from members m join users u on u.id = m.user_id
  where m.user_id = $1 and m.active order by m.tenant_id`;

import { randomBytes } from 'node:crypto';
import type { beginImpersonation } from '@parley/contracts/impersonation';
import type { InputOf } from '@parley/contracts/route';
import { INSTALL_CHAIN } from '@parley/db/schema/audit';
import { uuid7 } from '@parley/db/uuid';
import { AppError, notFound } from '@parley/platform/app-error';
import { AuditChain, type Actor, type AuditChange } from '@parley/platform/audit-chain';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { PLATFORM } from '@parley/platform/platform.module';
import { run } from '@parley/platform/statements';
import { SteadyPool } from '@parley/platform/steady-pool';
import { Inject, Injectable } from '@nestjs/common';
import type { Sql } from '@parley/db/sql';
import { z } from 'zod';
import type { PlatformContext } from '../context';
import { CursorName, cutPage, decodeCursor } from '../cursor';
import type { SignedIn } from './sessions.service';
import { assertSuperAdmin } from './super-admin';

const Place = z.tuple([CursorName, z.uuid()]);
type Wanted = InputOf<typeof beginImpersonation>['body'];

/** A super-admin in the session of a member: for some minutes, and never unseen. */
@Injectable()
export class ImpersonationService {
  constructor(
    @Inject(PLATFORM) private readonly platform: SteadyPool,
    private readonly chain: AuditChain,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Whom one can act as, by name. Throws `not_found` of an unknown tenant. */
  async members(
    tenantId: string,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<{ items: { id: string; name: string; role: string }[]; nextCursor: string | null }> {
    const beyond = cursor === undefined ? undefined : decodeCursor(cursor, Place);
    const found = await this.platform.query((sql) =>
      run<{ id: string; name: string; role: string }>(
        sql,
        `select m.id, m.name, coalesce(m.role, m.role_id::text) role from members m join tenants t on t.id = m.tenant_id
         where m.tenant_id = $1 and m.active and t.status = 'active' and ($2::text is null or (m.name, m.id) > ($2, $3::uuid))
         order by m.name, m.id limit $4`,
        [tenantId, beyond?.[0] ?? null, beyond?.[1] ?? null, limit + 1],
      ),
    );
    if (found.length === 0) await this.assertTenant(tenantId);
    const { rows, nextCursor } = cutPage(found, limit, ({ name, id }) => [name, id]);
    return { items: [...rows], nextCursor };
  }

  /** The token of a session as that member. Throws `not_found` unless they could sign in themselves, `forbidden`. */
  begin(
    { actor, correlationId, sessionId, userId }: PlatformContext,
    { tenantId, memberId, reason, minutes }: Wanted,
  ): Promise<{ token: string; until: Date }> {
    const token = randomBytes(32).toString('base64url');
    return this.platform.begin({ begin: 'begin' }, async (sql) => {
      await assertSuperAdmin(sql, userId);
      const [session] = await run<{ until: Date }>(
        sql,
        `insert into sessions (id, token, user_id, expires_at, active_tenant_id, impersonator_session_id, ip_address, user_agent)
         select $1, $2, m.user_id, now() + make_interval(mins => $3), m.tenant_id, $4, $5, $6
         from members m join tenants t on t.id = m.tenant_id
         where m.tenant_id = $7 and m.id = $8 and m.active and t.status = 'active' returning expires_at "until"`,
        [uuid7(), token, minutes, sessionId, actor.address, actor.userAgent, tenantId, memberId],
      );
      if (!session) throw notFound('member');
      const after = { tenant: tenantId, minutes, reason };
      const change = { action: 'impersonation.begun', target: { kind: 'member', id: memberId }, after } as const;
      await this.note(sql, tenantId, change, { actor, correlationId });
      return { token, until: session.until };
    });
  }

  /** The token of the super-admin's own session; null where that ended. Throws `conflict`. */
  end({ sessionId, member, impersonation }: SignedIn, actor: Actor, correlationId: string): Promise<string | null> {
    if (!impersonation) throw new AppError('conflict', 'You act as nobody else.');
    return this.platform.begin({ begin: 'begin' }, async (sql) => {
      const [own] = await run<{ token: string }>(
        sql,
        `with d as (delete from sessions where id = $1 returning impersonator_session_id id)
         select s.token from d join sessions s on s.id = d.id where s.expires_at > now()`,
        [sessionId],
      );
      if (member) {
        const change = { action: 'impersonation.ended', target: { kind: 'member', id: member.id } } as const;
        await this.note(sql, member.tenantId, change, { actor, correlationId });
      }
      return own?.token ?? null;
    });
  }

  private async assertTenant(id: string): Promise<void> {
    const known = await this.platform.query((sql) => run(sql, 'select 1 from tenants where id = $1', [id]));
    if (known.length === 0) throw notFound('tenant');
  }

  private async note(
    sql: Sql,
    tenantId: string,
    change: AuditChange,
    by: { actor: Actor; correlationId: string | null },
  ): Promise<void> {
    for (const chain of [INSTALL_CHAIN, tenantId])
      await this.chain.write(sql, chain, [change], { ...by, nowMs: this.clock.now() });
  }
}

import type { DeadLetter, InstallAccount } from '@parley/contracts/tenants';
import { INSTALL_CHAIN } from '@parley/db/schema/audit';
import { AuditChain } from '@parley/platform/audit-chain';
import { Bells } from '@parley/platform/bells';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { PLATFORM } from '@parley/platform/platform.module';
import { SteadyPool } from '@parley/platform/steady-pool';
import { Inject, Injectable } from '@nestjs/common';
import type { Sql } from '@parley/db/sql';
import { z } from 'zod';
import type { PlatformContext } from '../context';
import { CursorTime, cutPage, decodeCursor } from '../cursor';
import { listAccounts, listDead, reviveKeys, reviveNext, type Revived } from './install.queries';

interface Page {
  cursor?: string | undefined;
  limit: number;
}
/** In one transaction, which holds the install's audit log meanwhile. */
const REPLAYED_AT_ONCE = 1_000;
const AccountPlace = z.tuple([CursorTime, z.uuid()]);
const DeadPlace = z.tuple([z.iso.date(), z.uuid(), z.uuid()]);

/** How the whole install stands, for who runs it. */
@Injectable()
export class InstallService {
  constructor(
    @Inject(PLATFORM) private readonly platform: SteadyPool,
    private readonly chain: AuditChain,
    private readonly bells: Bells,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async accounts({
    cursor,
    limit,
    ...filter
  }: Page & { tenant?: string | undefined; troubled?: boolean | undefined }): Promise<{
    items: InstallAccount[];
    nextCursor: string | null;
  }> {
    const beyond = cursor === undefined ? undefined : decodeCursor(cursor, AccountPlace);
    const found = await this.platform.query((sql) => listAccounts(sql, filter, { beyond, limit: limit + 1 }));
    const { rows, nextCursor } = cutPage(found, limit, (last) => [last.stateAt.getTime(), last.id]);
    return { items: rows.map((row) => ({ ...row, stateAt: row.stateAt.toISOString() })), nextCursor };
  }

  async deadLetters({
    cursor,
    limit,
    tenant,
  }: Page & { tenant?: string | undefined }): Promise<{ items: DeadLetter[]; nextCursor: string | null }> {
    const beyond = cursor === undefined ? undefined : decodeCursor(cursor, DeadPlace);
    const found = await this.platform.query((sql) => listDead(sql, tenant, { beyond, limit: limit + 1 }));
    const { rows, nextCursor } = cutPage(found, limit, (last) => [last.receivedOn, last.tenantId, last.key]);
    return { items: [...rows], nextCursor };
  }

  /**
   * Tries them again, in their place among what waits; all of a tenant in steps, each of which stands
   * though a later one fails. Answers how many.
   */
  async replay(ctx: PlatformContext, wanted: { keys: string[] } | { tenant: string }): Promise<number> {
    if ('keys' in wanted) return (await this.revive(ctx, (sql) => reviveKeys(sql, wanted.keys))).length;
    let [count, beyond]: [number, Revived | undefined] = [0, undefined];
    do {
      const step = { tenant: wanted.tenant, beyond, limit: REPLAYED_AT_ONCE };
      const revived: Revived[] = await this.revive(ctx, (sql) => reviveNext(sql, step));
      count += revived.length;
      beyond = revived.length < REPLAYED_AT_ONCE ? undefined : revived.reduce(later);
    } while (beyond);
    return count;
  }

  private async revive(ctx: PlatformContext, revive: (sql: Sql) => Promise<Revived[]>): Promise<Revived[]> {
    const revived = await this.platform.begin({ begin: 'begin' }, async (sql) => {
      const rows = await revive(sql);
      const by = { actor: ctx.actor, correlationId: ctx.correlationId, nowMs: this.clock.now() };
      const counts = [...Map.groupBy(rows, ({ tenantId }) => tenantId)].sort(([a], [b]) => (a < b ? -1 : 1));
      for (const [id, { length: count }] of counts) {
        const change = { action: 'webhooks.replayed', target: { kind: 'tenant', id }, after: { count } } as const;
        await this.chain.write(sql, INSTALL_CHAIN, [change], by);
      }
      return rows;
    });
    this.bells.ringLanes(revived.map(({ lane }) => lane));
    return revived;
  }
}

function later(a: Revived, b: Revived): Revived {
  const [mine, theirs] = [BigInt(a.arrival), BigInt(b.arrival)];
  return mine > theirs || (mine === theirs && a.key > b.key) ? a : b;
}

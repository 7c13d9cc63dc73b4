import { AuditEntry, type AuditFilter } from '@parley/contracts/audit';
import { INSTALL_CHAIN } from '@parley/db/schema/audit';
import type { AuditRow } from '@parley/platform/audit-chain';
import { PLATFORM } from '@parley/platform/platform.module';
import { SteadyPool } from '@parley/platform/steady-pool';
import { TenantDb, type TenantContext } from '@parley/platform/tenant-db';
import { Inject, Injectable } from '@nestjs/common';
import type { Sql } from '@parley/db/sql';
import { z } from 'zod';
import { cutPage, decodeCursor } from '../cursor';
import { listEntries } from './audit.queries';

const Place = z.tuple([z.int().positive()]);
const EXPORT_PAGE = 500;

/** What was changed in a tenant's set-up. Writing is `tx.audit`. */
@Injectable()
export class AuditService {
  constructor(
    private readonly db: TenantDb,
    @Inject(PLATFORM) private readonly platform: SteadyPool,
  ) {}

  /** Newest first. */
  list(ctx: TenantContext, asked: AuditFilter & Page): Promise<{ items: AuditEntry[]; nextCursor: string | null }> {
    return this.db.read(ctx, (tx) => pageOf(tx.raw, tx.tenantId, asked));
  }

  /** What was changed of the install itself, newest first. */
  listOfInstall(asked: AuditFilter & Page): Promise<{ items: AuditEntry[]; nextCursor: string | null }> {
    return this.platform.query((sql) => pageOf(sql, INSTALL_CHAIN, asked));
  }

  /** Oldest first, a page at a time, the entry of this export at the end. */
  async *export(ctx: TenantContext, filter: AuditFilter): AsyncGenerator<AuditEntry> {
    await this.db.transaction(ctx, async (tx) => tx.audit({ action: 'audit.exported', after: namesOf(filter) }));
    for (let beyond: number | null = 0; beyond !== null;) {
      const page = { order: 'asc', beyond, limit: EXPORT_PAGE } as const;
      const rows: AuditRow[] = await this.db.read(ctx, (tx) => listEntries(tx.raw, tx.tenantId, filter, page));
      yield* rows.map(toEntry);
      beyond = rows.length < EXPORT_PAGE ? null : (rows.at(-1)?.seq ?? null);
    }
  }
}

interface Page {
  cursor?: string | undefined;
  limit: number;
}

async function pageOf(sql: Sql, chain: string, { cursor, limit, ...filter }: AuditFilter & Page) {
  const [beyond] = cursor === undefined ? [null] : decodeCursor(cursor, Place);
  const found = await listEntries(sql, chain, filter, { order: 'desc', beyond, limit: limit + 1 });
  const { rows, nextCursor } = cutPage(found, limit, ({ seq }) => [seq]);
  return { items: rows.map(toEntry), nextCursor };
}

function namesOf(filter: AuditFilter): Record<string, string> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

function toEntry(row: AuditRow): AuditEntry {
  const fields = (text: string | null) => text && (JSON.parse(text) as Record<string, unknown>);
  return AuditEntry.parse({
    ...row,
    at: new Date(row.atMs).toISOString(),
    actor: { kind: row.actorKind, id: row.actorId, name: row.actorName, asMemberId: row.asMemberId },
    target: row.targetKind && { kind: row.targetKind, id: row.targetId },
    before: fields(row.before),
    after: fields(row.after),
  });
}

import type { MemberContext } from '@parley/inbox/context';
import { AppError } from '@parley/platform/app-error';
import { TenantDb } from '@parley/platform/tenant-db';
import { Injectable } from '@nestjs/common';

export interface StoredAnswer {
  status: number;
  body: unknown;
  cursor: number | null;
}

/** Past this nothing runs any more: the process that took the call died in the middle. */
const DEAD_AFTER_MS = 60_000;

const TAKE = `insert into idempotency_keys (tenant_id, member_id, key, fingerprint) values ($1, $2, $3, $4)
  on conflict (tenant_id, member_id, key) do update
    set fingerprint = excluded.fingerprint, response = null, created_at = now() where idempotency_keys.created_at < now() - interval '24 hours'
  returning 1`;

interface Row {
  fingerprint: string;
  response: StoredAnswer | null;
  age_ms: number;
}

/** Answers of writes, by who called and their key, for 24 h. The column says `member_id`; an API key's id stands there too. */
@Injectable()
export class IdempotencyStore {
  constructor(private readonly db: TenantDb) {}

  /** Null: the key is new and now taken. Throws `idempotency_mismatch`, `idempotency_running`. */
  async begin(ctx: MemberContext, key: string, fingerprint: string): Promise<StoredAnswer | null> {
    const row = await this.db.transaction(own(ctx), async ({ raw }) => {
      const taken = await raw.unsafe(TAKE, [ctx.tenantId, ctx.actorId, key, fingerprint], { prepare: true });
      if (taken.length) return null;
      const [found] = await raw.unsafe<Row[]>(
        `select fingerprint, response, extract(epoch from now() - created_at) * 1000 age_ms from idempotency_keys
         where tenant_id = $1 and member_id = $2 and key = $3`,
        [ctx.tenantId, ctx.actorId, key],
        { prepare: true },
      );
      return found ?? null;
    });
    if (!row) return null;
    if (row.fingerprint !== fingerprint)
      throw new AppError('idempotency_mismatch', 'This Idempotency-Key was used for something else.');
    if (row.response) return row.response;
    if (Number(row.age_ms) < DEAD_AFTER_MS)
      throw new AppError('idempotency_running', 'The first call with this key is still running.', {
        retryAfterMs: 1000,
      });
    // It may have been done: doing it again could double it, so a person looks first.
    throw new AppError(
      'idempotency_running',
      'The first call with this key never ended. Look whether it was done before you use a new key.',
    );
  }

  async finish(ctx: MemberContext, key: string, answer: StoredAnswer): Promise<void> {
    await this.db.transaction(own(ctx), ({ raw }) =>
      raw.unsafe(
        `update idempotency_keys set response = $4::text::jsonb where tenant_id = $1 and member_id = $2 and key = $3`,
        [ctx.tenantId, ctx.actorId, key, JSON.stringify(answer)],
        { prepare: true },
      ),
    );
  }

  async forget(ctx: MemberContext, key: string): Promise<void> {
    await this.db.transaction(own(ctx), ({ raw }) =>
      raw.unsafe(
        `delete from idempotency_keys where tenant_id = $1 and member_id = $2 and key = $3`,
        [ctx.tenantId, ctx.actorId, key],
        { prepare: true },
      ),
    );
  }
}

/** A context of its own, so that the request's cursor stays the handler's. */
function own({ tenantId, correlationId }: MemberContext) {
  return { tenantId, correlationId };
}

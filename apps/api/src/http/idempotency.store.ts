import type { MemberContext } from '@parley/inbox/context';
import { AppError } from '@parley/platform/app-error';
import { PLATFORM } from '@parley/platform/platform.module';
import { run } from '@parley/platform/statements';
import { SteadyPool } from '@parley/platform/steady-pool';
import { TenantDb } from '@parley/platform/tenant-db';
import { Inject, Injectable } from '@nestjs/common';
import type { Sql } from '@parley/db/sql';

export interface StoredAnswer {
  status: number;
  body: unknown;
  cursor: number | null;
}

/** Whose key it is: of a member or an API key in their tenant, or of a login, whatever it is a member of. */
export type KeyOwner = Pick<MemberContext, 'tenantId' | 'actorId' | 'correlationId'> | { userId: string };

/** Past this nothing runs any more: the process that took the call died in the middle. */
const DEAD_AFTER_MS = 60_000;

interface Row {
  fingerprint: string;
  response: StoredAnswer | null;
  age_ms: number;
}

/** Answers of writes, by who called and their key, for 24 h. */
@Injectable()
export class IdempotencyStore {
  constructor(
    private readonly db: TenantDb,
    @Inject(PLATFORM) private readonly platform: SteadyPool,
  ) {}

  /** Null: the key is new and now taken. Throws `idempotency_mismatch`, `idempotency_running`. */
  async begin(owner: KeyOwner, key: string, fingerprint: string): Promise<StoredAnswer | null> {
    const { ids, take, read } = shelfOf(owner);
    const row = await this.within(owner, async (sql) => {
      for (;;) {
        const taken = await run(sql, take, [key, fingerprint, ...ids]);
        if (taken.length) return null;
        const [found] = await run<Row>(sql, read, [key, ...ids]);
        if (found) return found; // else the first was refused and forgot it just now
      }
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

  async finish(owner: KeyOwner, key: string, answer: StoredAnswer): Promise<void> {
    const { ids, keep } = shelfOf(owner);
    await this.within(owner, (sql) => run(sql, keep, [key, JSON.stringify(answer), ...ids]));
  }

  async forget(owner: KeyOwner, key: string): Promise<void> {
    const { ids, remove } = shelfOf(owner);
    await this.within(owner, (sql) => run(sql, remove, [key, ...ids]));
  }

  /** A context of its own, so that the request's cursor stays the handler's. */
  private within<T>(owner: KeyOwner, work: (sql: Sql) => Promise<T>): Promise<T> {
    if ('userId' in owner) return this.platform.query(work);
    const { tenantId, correlationId } = owner;
    return this.db.transaction({ tenantId, correlationId }, ({ raw }) => work(raw));
  }
}

/** The column says `member_id`; an API key's id stands there too. */
const inTenant = statementsOf('idempotency_keys', ['tenant_id', 'member_id']);
const ofLogin = statementsOf('login_idempotency_keys', ['user_id']);

function shelfOf(owner: KeyOwner) {
  return 'userId' in owner
    ? { ...ofLogin, ids: [owner.userId] }
    : { ...inTenant, ids: [owner.tenantId, owner.actorId] };
}

/** The key is the first parameter, its owner the last. */
function statementsOf(table: string, owner: string[]) {
  const columns = owner.join(', ');
  const from = (first: number) => owner.map((_, i) => `$${first + i}`).join(', ');
  const mine = (first: number) => `key = $1 and (${columns}) = (${from(first)})`;
  return {
    take: `insert into ${table} (key, fingerprint, ${columns}) values ($1, $2, ${from(3)})
      on conflict (${columns}, key) do update
        set fingerprint = excluded.fingerprint, response = null, created_at = now() where ${table}.created_at < now() - interval '24 hours'
      returning 1`,
    read: `select fingerprint, response, extract(epoch from now() - created_at) * 1000 age_ms from ${table} where ${mine(2)}`,
    keep: `update ${table} set response = $2::text::jsonb where ${mine(3)}`,
    remove: `delete from ${table} where ${mine(2)}`,
  };
}

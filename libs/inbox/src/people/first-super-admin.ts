import { createHash, randomBytes } from 'node:crypto';
import { INSTALL_CHAIN } from '@parley/db/schema/audit';
import { uuid7 } from '@parley/db/uuid';
import { AppError } from '@parley/platform/app-error';
import { AuditChain, type Actor } from '@parley/platform/audit-chain';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { PLATFORM } from '@parley/platform/platform.module';
import { run } from '@parley/platform/statements';
import { SteadyPool } from '@parley/platform/steady-pool';
import { Inject, Injectable } from '@nestjs/common';
import type { Sql } from '@parley/db/sql';
import type { Origin } from './origin';
import { hashPassword } from './password';

const IDENTIFIER = 'first-super-admin';
/** Held by whoever makes or removes a super-admin. */
export const SUPER_ADMINS_LOCK = 7003;

interface New {
  token: string;
  name: string;
  email: string;
  password: string;
}

/** An install that nobody runs yet has no password that anybody could know: who can read its output makes the first login. */
@Injectable()
export class FirstSuperAdmin {
  constructor(
    @Inject(PLATFORM) private readonly platform: SteadyPool,
    private readonly chain: AuditChain,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A token that works once, for a day, kept as its hash; null: there is somebody. Each process has its own. */
  async invite(): Promise<string | null> {
    const token = randomBytes(24).toString('base64url');
    const rows = await this.platform.query((sql) =>
      run(
        sql,
        `insert into verifications (id, identifier, value, expires_at)
         select $1, $2, $3, now() + interval '24 hours' where not exists (select from users where super_admin) returning 1`,
        [uuid7(), IDENTIFIER, hashOf(token)],
      ),
    );
    return rows.length ? token : null;
  }

  /** Answers the user's id. Throws `not_found` for a token that is none or was used, `conflict` where the address has a login. */
  async create({ token, name, email, password }: New, from: Origin): Promise<string> {
    await this.platform.query((sql) => assertOpen(sql, token)); // whoever has no token costs no hash
    const [id, hash, address] = [uuid7(), await hashPassword(password), email.trim().toLowerCase()];
    return this.platform.begin({ begin: 'begin' }, async (sql) => {
      await run(sql, 'select pg_advisory_xact_lock($1)', [SUPER_ADMINS_LOCK]);
      await assertOpen(sql, token);
      const made = await run(
        sql,
        `with u as (insert into users (id, name, email, email_verified, super_admin) values ($1, $2, $3, true, true)
           on conflict (email) do nothing returning id)
         insert into credentials (id, user_id, account_id, provider_id, password) select $4, id, id::text, 'credential', $5 from u returning 1`,
        [id, name, address, uuid7(), hash],
      );
      if (!made.length) throw new AppError('conflict', 'This address has a login already. Take another.');
      await run(sql, 'delete from verifications where identifier = $1', [IDENTIFIER]);
      const actor: Actor = { kind: 'super_admin', id, name, address: from.address, userAgent: from.userAgent };
      const change = { action: 'super_admin.created', target: { kind: 'user', id }, after: { name } } as const;
      const by = { actor, correlationId: from.correlationId, nowMs: this.clock.now() };
      await this.chain.write(sql, INSTALL_CHAIN, [change], by);
      return id;
    });
  }
}

async function assertOpen(sql: Sql, token: string): Promise<void> {
  const [known] = await run(
    sql,
    `select 1 from verifications where identifier = $1 and value = $2 and expires_at > now()
       and not exists (select from users where super_admin)`,
    [IDENTIFIER, hashOf(token)],
  );
  if (!known)
    throw new AppError('not_found', 'This link was used, or its time is over. Start Parley again for another.');
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

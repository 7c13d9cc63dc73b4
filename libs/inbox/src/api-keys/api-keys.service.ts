import { randomBytes } from 'node:crypto';
import type { ApiKey } from '@parley/contracts/api-keys';
import type { Permission } from '@parley/contracts/permissions';
import { uuid7 } from '@parley/db/uuid';
import { AppError, notFound } from '@parley/platform/app-error';
import { TenantDb, type TenantTx } from '@parley/platform/tenant-db';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { MemberContext } from '../context';
import { cutPage, decodeCursor } from '../cursor';
import { accountsOf } from '../members/team.service';
import { canApiKey } from '../people/can';
import { assertWithin, grantOfKey } from '../people/grant';
import { mintToken } from '../people/place-token';
import { changeSecret, findApiKey, insertApiKey, listApiKeys, revokeKey, type ApiKeyRow } from './api-keys.queries';
import { KeyholdersService, KEY_PREFIX } from './keyholders.service';

const Place = z.tuple([z.uuid()]);

/** Keys of a tenant's programs: made, rotated, revoked. What they open is the keyholders' business. */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly db: TenantDb,
    private readonly keyholders: KeyholdersService,
  ) {}

  /** Newest first. */
  list(
    ctx: MemberContext,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<{ items: ApiKey[]; nextCursor: string | null }> {
    const [after] = cursor === undefined ? [] : decodeCursor(cursor, Place);
    return this.db.read(ctx, async (tx) => {
      const { rows, nextCursor } = cutPage(await listApiKeys(tx, { after, limit: limit + 1 }), limit, ({ id }) => [id]);
      return { items: rows.map((row) => shownTo(ctx, row)), nextCursor };
    });
  }

  /** Throws `forbidden` of more than the maker may, `not_found` of an account. */
  create(
    ctx: MemberContext,
    wanted: { name: string; permissions: Permission[]; accountIds: string[] | null; expiresAt: string | null },
  ): Promise<{ apiKey: ApiKey; key: string }> {
    const id = uuid7();
    const secret = secretOf(ctx.tenantId, id);
    const permissions = [...new Set(wanted.permissions)];
    return this.db.transaction(ctx, async (tx) => {
      const accountIds = await accountsOf(tx, wanted.accountIds);
      assertWithin(ctx, grantOfKey(permissions), accountIds);
      const { name, expiresAt } = wanted;
      await insertApiKey(tx, { id, name, permissions, accountIds, expiresAt, createdBy: ctx.memberId, ...secret });
      const after = { name, permissions, accountIds, expiresAt };
      tx.audit({ action: 'api_key.created', target: { kind: 'api_key', id }, after });
      return { apiKey: shownTo(ctx, await getApiKey(tx, id)), key: secret.text };
    });
  }

  /** Two secrets work for `graceHours`. Throws `not_found`, `forbidden` of one that may more, `conflict` of a dead one. */
  async rotate(ctx: MemberContext, id: string, graceHours: number): Promise<{ apiKey: ApiKey; key: string }> {
    const secret = secretOf(ctx.tenantId, id);
    const made = await this.db.transaction(ctx, async (tx) => {
      const before = await getApiKey(tx, id, { lock: true });
      assertWithin(ctx, grantOfKey(before.permissions), before.accountIds);
      if (before.state !== 'active') throw new AppError('conflict', 'This key does not work any more. Make a new one.');
      await changeSecret(tx, id, { ...secret, graceHours });
      tx.audit({ action: 'api_key.rotated', target: { kind: 'api_key', id }, after: { graceHours } });
      return { apiKey: shownTo(ctx, await getApiKey(tx, id)), key: secret.text };
    });
    this.keyholders.forgetAll();
    return made;
  }

  /** Throws `not_found`, `forbidden` of one that may more. */
  async revoke(ctx: MemberContext, id: string): Promise<void> {
    await this.db.transaction(ctx, async (tx) => {
      const { permissions, accountIds, state } = await getApiKey(tx, id, { lock: true });
      assertWithin(ctx, grantOfKey(permissions), accountIds);
      await revokeKey(tx, id);
      if (state !== 'revoked') tx.audit({ action: 'api_key.revoked', target: { kind: 'api_key', id } });
    });
    this.keyholders.forgetAll();
  }
}

/** `parley_` and five letters that tell keys apart on a list; scanners for lost secrets know such a beginning. */
function secretOf(tenantId: string, id: string) {
  const prefix = `${KEY_PREFIX}${randomBytes(4).toString('hex').slice(0, 5)}_`;
  return { prefix, ...mintToken(tenantId, id, prefix) };
}

async function getApiKey(tx: TenantTx, id: string, options?: { lock: boolean }): Promise<ApiKeyRow> {
  const row = await findApiKey(tx, id, options);
  if (!row) throw notFound('API key');
  return row;
}

function shownTo(ctx: MemberContext, { createdAt, expiresAt, lastUsedAt, oldUntil, ...row }: ApiKeyRow): ApiKey {
  return {
    ...row,
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    oldUntil: oldUntil?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    me: { can: canApiKey(ctx, row) },
  };
}

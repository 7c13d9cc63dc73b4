import { ConnectError } from '@parley/channels/provider';
import { providerOf } from '@parley/channels/registry';
import type { getAccountImpact, listAccountDays } from '@parley/contracts/accounts';
import type { ResponseOf } from '@parley/contracts/route';
import { AppError } from '@parley/platform/app-error';
import { CredentialBox } from '@parley/platform/credentials';
import { HTTP } from '@parley/platform/platform.module';
import { TenantDb } from '@parley/platform/tenant-db';
import { Inject, Injectable } from '@nestjs/common';
import { withDeadline } from '../sending/call';
import { openConfig } from './account-secrets';
import { listDays } from './day.queries';
import { countImpact } from './impact.queries';
import { type Asker, assertAlive, getAccount } from './living-account';

/** What one does with a connection besides saving it. */
@Injectable()
export class ConnectionsService {
  constructor(
    private readonly db: TenantDb,
    private readonly box: CredentialBox,
    @Inject(HTTP) private readonly http: typeof fetch,
  ) {}

  /** Throws `not_found`, `account_unavailable`, `channel_cannot`, `provider_unavailable`. */
  async pair(ctx: Asker, id: string, phone: string): Promise<{ code: string }> {
    const row = await this.db.read(ctx, (tx) => getAccount(tx, id));
    assertAlive(row);
    const { pairingCode } = providerOf(row.provider);
    if (!pairingCode) throw new AppError('channel_cannot', 'This channel links no phone by a code.');
    try {
      const config = openConfig(this.box, row);
      return { code: await withDeadline(this.http, (http) => pairingCode(phone, config, http)) };
    } catch (cause) {
      const words =
        cause instanceof ConnectError ? cause.message : 'The provider did not answer. Try again in a minute.';
      throw new AppError('provider_unavailable', words, { cause });
    }
  }

  /** What came in of late. */
  days(ctx: Asker): Promise<ResponseOf<typeof listAccountDays>> {
    return this.db.read(ctx, async (tx) => ({
      items: await listDays(tx, ctx.sight?.within ? [...ctx.sight.within] : null),
    }));
  }

  /** Throws `not_found`. */
  impact(ctx: Asker, id: string): Promise<ResponseOf<typeof getAccountImpact>> {
    return this.db.read(ctx, async (tx) => {
      await getAccount(tx, id);
      return countImpact(tx, id);
    });
  }
}

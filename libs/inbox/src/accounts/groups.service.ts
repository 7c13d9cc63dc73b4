import { ConnectError, type AnyProvider } from '@parley/channels/provider';
import { providerOf } from '@parley/channels/registry';
import type { getAccountGroups, setAccountGroups } from '@parley/contracts/accounts';
import type { ResponseOf } from '@parley/contracts/route';
import { AppError } from '@parley/platform/app-error';
import { isChanged } from '@parley/platform/audit-chain';
import { CredentialBox } from '@parley/platform/credentials';
import { HTTP } from '@parley/platform/platform.module';
import { TenantDb } from '@parley/platform/tenant-db';
import { Inject, Injectable } from '@nestjs/common';
import { withDeadline } from '../sending/call';
import { openConfig } from './account-secrets';
import type { WholeAccount } from './accounts.queries';
import { findHeardGroups, updateHeardGroups } from './groups.queries';
import { type Asker, assertAlive, getAccount } from './living-account';

type Heard = ResponseOf<typeof setAccountGroups>;
type Shown = ResponseOf<typeof getAccountGroups>;

/** A server that asks for the picture of each takes its time. */
const ASK_MS = 25_000;
const MOST = 2_000;

/** Which groups of an account are heard; what is left out is left out where it is applied (`lanes/ignored-groups.ts`). */
@Injectable()
export class GroupsService {
  constructor(
    private readonly db: TenantDb,
    private readonly box: CredentialBox,
    @Inject(HTTP) private readonly http: typeof fetch,
  ) {}

  /** Asks the provider for the list. Throws `not_found`, `account_unavailable`, `channel_cannot`. */
  async get(ctx: Asker, id: string): Promise<Shown> {
    const { row, heard } = await this.db.read(ctx, async (tx) => {
      const found = await getAccount(tx, id);
      return { row: found, heard: await findHeardGroups(tx, id) };
    });
    return { ...heard, ...(await this.list(row, groupsOf(row))) };
  }

  /** Throws `not_found`, `account_unavailable`, `channel_cannot`. */
  set(ctx: Asker, id: string, { ignored, allowed }: Heard): Promise<Heard> {
    const heard = { ignored, allowed: [...new Set(allowed)].sort() };
    return this.db.transaction(ctx, async (tx) => {
      groupsOf(await getAccount(tx, id, { lock: true }));
      const before = await findHeardGroups(tx, id);
      if (!isChanged(before, heard)) return heard;
      await updateHeardGroups(tx, id, heard);
      // How many, not which: in an old group's id stands the number of who made it, and what is audited is never erased.
      const told = ({ ignored: groupsIgnored, allowed: { length: groupsAllowed } }: Heard) => ({
        groupsIgnored,
        groupsAllowed,
      });
      tx.audit({
        action: 'account.updated',
        target: { kind: 'account', id },
        before: told(before),
        after: told(heard),
      });
      return heard;
    });
  }

  /** A provider that is away hides no setting: it is only the names that are missing. */
  private async list(
    row: WholeAccount,
    groups: NonNullable<AnyProvider['groups']>,
  ): Promise<Pick<Shown, 'groups' | 'obstacle'>> {
    try {
      const config = openConfig(this.box, row);
      const found = await withDeadline(this.http, (http) => groups(config, http), { ms: ASK_MS });
      const named = found.toSorted((one, other) => one.title.localeCompare(other.title));
      return { groups: named.slice(0, MOST), obstacle: null };
    } catch (error) {
      const words = error instanceof ConnectError ? error.message : undefined;
      return { groups: null, obstacle: words ?? 'The provider did not tell its groups. Try again in a minute.' };
    }
  }
}

function groupsOf(row: WholeAccount): NonNullable<AnyProvider['groups']> {
  assertAlive(row);
  const { groups } = providerOf(row.provider);
  if (!groups) throw new AppError('channel_cannot', 'This channel has no groups that could be left out.');
  return groups;
}

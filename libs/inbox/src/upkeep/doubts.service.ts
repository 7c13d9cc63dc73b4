import { providerOf } from '@parley/channels/registry';
import { firstUuid7 } from '@parley/db/uuid';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { ENV, type Env } from '@parley/platform/env';
import { PLATFORM, REDIS } from '@parley/platform/platform.module';
import { run } from '@parley/platform/statements';
import { SteadyPool } from '@parley/platform/steady-pool';
import { TenantDb } from '@parley/platform/tenant-db';
import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { announce } from '../accounts/living-account';
import { SILENT, type SilentAccount } from './backlog.queries';
import { type Doubt, doubtAfter, type Evidence } from './doubt';
import { changeDoubt, DOUBTED, type DoubtedRow, listSends, type SendsRow } from './doubts.queries';

/** How long a provider may take to confirm what it took. All that we know do so within seconds. */
const CONFIRM_MS = 60_000;
/** Sends of so long count. */
const LATELY_MS = 5 * 60_000;
/** Whoever looked has the next half minute. Shorter than the timer, so that none is passed over. */
const CLAIM_MS = 25_000;

interface Suspect {
  tenantId: string;
  id: string;
  before: Doubt | null;
  isConnected: boolean;
  seen: Evidence;
}

/**
 * Whether something passes through accounts that say they are connected: what they send is confirmed, and something comes
 * in when something always does. Called twice a minute by a timer; one of the workers looks, at all tenants at once.
 */
@Injectable()
export class DoubtsService {
  constructor(
    private readonly worker: SteadyPool,
    private readonly db: TenantDb,
    @Inject(PLATFORM) private readonly platform: SteadyPool,
    @Inject(REDIS) private readonly redis: Redis,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENV) private readonly env: Pick<Env, 'REDIS_PREFIX'>,
  ) {}

  async turn(): Promise<void> {
    if (await this.isMine()) await this.look();
  }

  /** Looks now, and keeps what is to be thought of each account. */
  async look(): Promise<void> {
    for (const { tenantId, id, before, isConnected, seen } of await this.suspects()) {
      const after = isConnected ? doubtAfter(before, seen) : null;
      if (after?.kind !== before?.kind) await this.keep(tenantId, id, { before, after });
    }
  }

  /** Accounts of which there is something to be thought, with what was seen of each. */
  private async suspects(): Promise<Iterable<Suspect>> {
    const tenants = await this.platform.query((sql) => run<{ id: string }>(sql, 'select id from tenants'));
    const ids = tenants.map(({ id }) => id);
    const nowMs = this.clock.now();
    const { doubted, sends, silent } = await this.worker.transaction(ids, async (tx) => {
      const doubted = await run<DoubtedRow>(tx, DOUBTED);
      const stretches = [...ids.map((tenantId) => lately(tenantId, nowMs)), ...doubted.map(doubtful)];
      const [sends, silent] = await Promise.all([
        listSends(tx, stretches, nowMs - CONFIRM_MS),
        run<SilentAccount>(tx, SILENT),
      ]);
      return { doubted, sends, silent };
    });
    return together(doubted, sends, silent);
  }

  private async keep(tenantId: string, id: string, change: { before: Doubt | null; after: Doubt | null }) {
    await this.db.transaction({ tenantId, correlationId: null }, async (tx) => {
      if (await changeDoubt(tx, id, change)) await announce(tx, id);
    });
  }

  /** Without Redis every worker looks for itself: more questions, the same answers. */
  private async isMine(): Promise<boolean> {
    const claim = this.redis.set(`${this.env.REDIS_PREFIX}:doubts`, '1', 'PX', CLAIM_MS, 'NX');
    return (await claim.catch(() => 'OK')) === 'OK';
  }
}

const lately = (tenantId: string, nowMs: number) => ({
  tenantId,
  from: firstUuid7(nowMs - LATELY_MS),
  until: firstUuid7(nowMs + LATELY_MS),
});

/** What was sent when the doubt began: it may be confirmed late. */
const doubtful = ({ tenantId, sinceMs }: DoubtedRow) => ({
  tenantId,
  from: firstUuid7(sinceMs - 1_000),
  until: firstUuid7(sinceMs + CONFIRM_MS),
});

function together(doubted: DoubtedRow[], sends: SendsRow[], silent: SilentAccount[]): Iterable<Suspect> {
  const suspects = new Map<string, Suspect>();
  const of = ({ tenantId, id }: { tenantId: string; id: string }) => {
    const seen: Evidence = { confirmedMs: null, unconfirmed: null, silentSinceMs: null, heardMs: null };
    const suspect = suspects.get(id) ?? { tenantId, id, before: null, isConnected: true, seen };
    suspects.set(id, suspect);
    return suspect;
  };
  for (const row of doubted) {
    const suspect = of(row);
    suspect.before = { kind: row.doubt, sinceMs: row.sinceMs };
    suspect.isConnected = row.state === 'connected';
    suspect.seen.heardMs = row.heardMs;
  }
  for (const row of sends) {
    if (providerOf(row.provider).capabilities(row.config).receipts === 'none') continue; // it never confirms
    const { seen } = of(row);
    seen.confirmedMs = row.confirmedMs;
    if (row.firstMs !== null) seen.unconfirmed = { count: row.unconfirmed, firstMs: row.firstMs };
  }
  for (const row of silent) of(row).seen.silentSinceMs = row.lastMs;
  return suspects.values();
}

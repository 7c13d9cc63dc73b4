import { providerOf, registry } from '@parley/channels/registry';
import type { AccountState } from '@parley/contracts/accounts';
import { Bells } from '@parley/platform/bells';
import { CredentialBox } from '@parley/platform/credentials';
import { ENV, type Env } from '@parley/platform/env';
import { HTTP, PLATFORM, REDIS } from '@parley/platform/platform.module';
import { run } from '@parley/platform/statements';
import { SteadyPool } from '@parley/platform/steady-pool';
import { TenantDb } from '@parley/platform/tenant-db';
import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { lookAt } from '../accounts/account-probe';
import { openConfig } from '../accounts/account-secrets';
import type { AskedAccount } from '../accounts/asked-account';
import { loadAccounts } from '../accounts/account.view';
import { HistoryService } from './history.service';
import { changeState, findWatched, listWatched } from './watch.queries';

const ROUND_MS = 60_000;
const AT_ONCE = 8;
const LOOK_MS = 5_000;
/** Whoever looked at an account has it for the rest of the round. Shorter than one, so that nobody is passed over. */
const CLAIM_MS = 50_000;
/** A connection that works is not given up for one bad answer. */
const SECOND_LOOK_MS = 10_000;

type Key = Pick<AskedAccount, 'tenantId' | 'id'>;
type Found = { state: AccountState; detail: string | null };

/**
 * Asks providers that must be asked how their connections stand: each account once a minute, spread over it, by one of the
 * workers. What a provider said while nobody heard it is found here.
 */
@Injectable()
export class WatchService {
  private readonly providers = Object.values(registry).filter((provider) => 'standing' in provider);
  private queue: Key[] = [];
  private roundEndsMs = 0;
  /** What a working connection was last said to be, to be asked again then. */
  private readonly doubts = new Map<string, { key: Key; state: AccountState; atMs: number }>();

  constructor(
    private readonly worker: SteadyPool,
    private readonly db: TenantDb,
    private readonly box: CredentialBox,
    private readonly bells: Bells,
    private readonly history: HistoryService,
    @Inject(PLATFORM) private readonly platform: SteadyPool,
    @Inject(REDIS) private readonly redis: Redis,
    @Inject(HTTP) private readonly http: typeof fetch,
    @Inject(ENV) private readonly env: Pick<Env, 'REDIS_PREFIX'>,
  ) {}

  /** Whose turn it is. Called each second by a timer. */
  async turn(): Promise<void> {
    const nowMs = performance.now();
    if (!this.queue.length && nowMs >= this.roundEndsMs) await this.begin(nowMs);
    const seconds = Math.max(1, Math.floor((this.roundEndsMs - nowMs) / 1000));
    const due = this.queue.splice(0, Math.ceil(this.queue.length / seconds));
    const again = [...this.doubts.values()].filter(({ atMs }) => atMs <= nowMs).map(({ key }) => key);
    await eachOf([...again, ...due], (key) => this.visit(key));
  }

  /** Looks at one account now, and keeps what it finds where that is certain. */
  async look(key: Key): Promise<void> {
    const account = await this.worker.transaction([key.tenantId], (tx) => findWatched(tx, key.tenantId, key.id));
    if (!account) return void this.doubts.delete(key.id);
    const found = await lookAt(providerOf(account.provider), openConfig(this.box, account), within(this.http, LOOK_MS));
    if (account.state === 'connected' && found?.state === 'connected') await this.history.catchUp(account);
    if (found && this.isCertain(account, found)) await this.keep(account, found);
  }

  private async begin(nowMs: number): Promise<void> {
    this.roundEndsMs = nowMs + ROUND_MS;
    const tenants = await this.platform.query((sql) => run<{ id: string }>(sql, 'select id from tenants'));
    const names = this.providers.map(({ name }) => name);
    const watched = await this.worker.transaction(
      tenants.map(({ id }) => id),
      (tx) => listWatched(tx, names),
    );
    this.queue = watched.toSorted((a, b) => (randomOf(a) < randomOf(b) ? -1 : 1));
  }

  private async visit(key: Key): Promise<void> {
    if (this.doubts.has(key.id) || (await this.isMine(key.id))) await this.look(key);
  }

  /** Without Redis every worker looks for itself: more questions, the same answers. */
  private async isMine(id: string): Promise<boolean> {
    const claim = this.redis.set(`${this.env.REDIS_PREFIX}:watched:${id}`, '1', 'PX', CLAIM_MS, 'NX');
    return (await claim.catch(() => 'OK')) === 'OK';
  }

  /**
   * Two looks must agree before a connection that works counts as lost; a login that is under way ends only in one, and a
   * restriction when it is lifted or the phone is gone.
   */
  private isCertain({ tenantId, id, state }: AskedAccount, found: Found): boolean {
    const before = this.doubts.get(id);
    this.doubts.delete(id);
    if (found.state === state) return false;
    if (state === 'needs_qr') return found.state === 'connected';
    if (state === 'restricted' && found.state !== 'connected') return found.state === 'needs_qr';
    if (state !== 'connected' || before?.state === found.state) return true;
    this.doubts.set(id, { key: { tenantId, id }, state: found.state, atMs: performance.now() + SECOND_LOOK_MS });
    return false;
  }

  private async keep(account: AskedAccount, found: Found): Promise<void> {
    const { tenantId, id } = account;
    const changed = await this.db.transaction({ tenantId, correlationId: null }, async (tx) => {
      if (!(await changeState(tx, account, found))) return false;
      const [shown] = await loadAccounts(tx.raw, [{ tenantId, id }]);
      if (shown) tx.emit({ type: 'account.updated', audience: { to: 'tenant', accountId: shown.id }, account: shown });
      return true;
    });
    if (changed && found.state === 'connected') this.bells.ringAccounts([id]);
  }
}

/** A few at once, in order. One that fails stops no other; the first error is told at the end. */
async function eachOf<T>(list: T[], work: (one: T) => Promise<void>): Promise<void> {
  const rest = list.values();
  const errors: unknown[] = [];
  const lines = Array.from({ length: AT_ONCE }, async () => {
    for (const one of rest) await work(one).catch((error: unknown) => errors.push(error));
  });
  await Promise.all(lines);
  if (errors.length) throw errors[0];
}

/** Ids begin with a time: in the order of their ends, tenants are mixed, the same way for every worker. */
const randomOf = ({ id }: Key) => id.slice(-12);

/** All calls of one look together. */
function within(http: typeof fetch, ms: number): typeof fetch {
  const late = AbortSignal.timeout(ms);
  return (input, init) => http(input, { ...init, signal: init?.signal ? AbortSignal.any([late, init.signal]) : late });
}

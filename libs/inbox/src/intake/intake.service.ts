import { type AnyProvider, type Item, type Secrets, type WebhookCall } from '@parley/channels/provider';
import { hashKey } from '@parley/db/uuid';
import { Bells } from '@parley/platform/bells';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { crashPoint } from '@parley/platform/crash-points';
import { CredentialBox, type Place } from '@parley/platform/credentials';
import { within } from '@parley/platform/deadline';
import { ENV, type Env } from '@parley/platform/env';
import { laneOf } from '@parley/platform/lane-of';
import { Metrics } from '@parley/platform/metrics';
import { steadyPool, type SteadyPool } from '@parley/platform/steady-pool';
import { Tracing } from '@parley/platform/tracing';
import { countPostgres } from '@parley/platform/trouble';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { FlushQueue, IntakeBusy, type Flush } from './flush-queue';
import { appGroupKey, appRoutingKey, PLATFORM_APP, ROUTING_KEY, tokenRoutingKey, type SealedSecrets } from './ingress';
import { findApp, findByRoutingKey, listByGroupKey, type Arrival, type Destination } from './intake.queries';

/** What becomes of a call. `kept` also when everything was there already. */
export type Taken =
  { outcome: 'kept'; items: number; nobodys: number } | { outcome: 'unknown_path' } | { outcome: 'not_authentic' };

/** Whose call it is: an account by the token of its path, or a provider app. */
type Caller =
  { kind: 'account'; account: Destination; secrets: Secrets } | { kind: 'app'; key: string; secrets: Secrets };

/** One flush in flight, and lookups beside it. */
const CONNECTIONS = 3;

/** Longest time that a secret, an account's key or an app is believed without another look at the table. */
const CACHE_MS = 5000;

/** Where nobody has called for so long since a call failed, Postgres is asked whether the next could be taken. */
const QUIET_MS = 30_000;

/** Whatever holds up a call: its provider hears by then that it has to come again. */
const ANSWER_MS = 2000;
/**
 * Calls in hand, answered or not, past which the next are refused unread, whoever makes them. Bounds the memory while
 * Postgres is silent; twice what the queue holds, which knows whose they are and refuses first.
 */
const MOST_CALLS = 4000;
const MOST_BYTES = 32 << 20;

/** Takes providers' calls: verifies, cuts, keeps. Nothing else happens before the answer. */
@Injectable()
export class IntakeService implements OnApplicationShutdown {
  private readonly pool: SteadyPool;
  private readonly queue: FlushQueue;
  private readonly callers = new Map<string, { caller: Caller; until: number }>();
  private readonly destinations = new Map<string, { found: Destination[]; until: number }>();
  private readonly inHand = { calls: 0, bytes: 0 };
  /** When a call failed last; null: the last one was taken. */
  private failedAtMs: number | null = null;

  constructor(
    @Inject(ENV) private readonly env: Env,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly box: CredentialBox,
    private readonly bells: Bells,
    private readonly metrics: Metrics,
    private readonly tracing: Tracing,
  ) {
    const { DATABASE_URL, DATABASE_URL_INTAKE: url } = env;
    const failed = countPostgres(metrics, 'intake');
    const options = { max: CONNECTIONS, failed, repeats: true }; // it looks up, and keeps what is not there yet
    this.pool = steadyPool(DATABASE_URL, 'parley_intake', { ...options, ...(url ? { url } : {}) });
    this.queue = new FlushQueue(this.pool, (flush) => this.kept(flush));
  }

  get full(): boolean {
    return this.queue.full || this.inHand.calls > MOST_CALLS || this.inHand.bytes > MOST_BYTES;
  }

  /** Whether the next call could be taken, by the last one; where that failed a while ago, by whether Postgres answers. */
  async takes(): Promise<boolean> {
    const { failedAtMs } = this;
    if (failedAtMs !== null && this.clock.now() - failedAtMs > QUIET_MS) {
      const asked = within(ANSWER_MS, this.assertAnswered(), () => new IntakeBusy('Postgres takes too long'));
      const answers = await asked.then(
        () => true,
        () => false,
      );
      if (answers && this.failedAtMs === failedAtMs) this.failedAtMs = null;
    }
    return this.failedAtMs === null && !this.full;
  }

  /** Throws when Postgres does not answer as this role. */
  async assertAnswered(): Promise<void> {
    await this.pool.query((sql) => sql.unsafe('select 1'));
  }

  /**
   * `pathKey`: the path's last segment, empty for the platform's own app. Throws for anything that could be our fault, and
   * after two seconds: what is kept nevertheless absorbs the call that comes again.
   */
  async take(provider: AnyProvider, pathKey: string, call: WebhookCall, correlationId: string): Promise<Taken> {
    this.inHand.calls++;
    this.inHand.bytes += call.body.byteLength;
    const taking = this.verifyAndKeep(provider, pathKey, call, correlationId).finally(() => {
      this.inHand.calls--;
      this.inHand.bytes -= call.body.byteLength;
    });
    const answer = within(ANSWER_MS, taking, () => new IntakeBusy('Postgres takes too long'));
    answer.then(
      () => (this.failedAtMs = null),
      () => (this.failedAtMs = this.clock.now()),
    );
    return answer;
  }

  private async verifyAndKeep(
    provider: AnyProvider,
    pathKey: string,
    call: WebhookCall,
    correlationId: string,
  ): Promise<Taken> {
    const caller = await this.callerOf(provider, pathKey);
    if (!caller) return { outcome: 'unknown_path' };
    if (!(await this.isAuthentic(provider, pathKey, caller, call))) return { outcome: 'not_authentic' };
    crashPoint('intake.C2');
    const { arrivals, nobodys } = await this.address(provider, caller, call, correlationId);
    if (arrivals.length) await this.queue.keep(arrivals);
    return { outcome: 'kept', items: arrivals.length, nobodys };
  }

  /** Items that we asked the provider for ourselves: they go the way of those that it sends. */
  async keep(
    account: Pick<Destination, 'tenantId' | 'accountId'>,
    items: Item[],
    correlationId: string,
  ): Promise<void> {
    if (items.length) await this.queue.keep(items.map((item) => arrivalOf(account, item, correlationId)));
  }

  /** The provider's own question on the webhook's path (Meta's challenge); `null`: refused. */
  async handshake(provider: AnyProvider, pathKey: string, query: URLSearchParams): Promise<string | null | undefined> {
    const caller = await this.callerOf(provider, pathKey);
    return caller && provider.handshake ? provider.handshake(query, caller.secrets) : undefined;
  }

  /** Once the last call was answered: until then they are taken. */
  async onApplicationShutdown(): Promise<void> {
    await this.queue.drained();
    await this.pool.close();
  }

  private kept({ arrivals, beganMs, endedMs }: Flush): void {
    this.bells.ringLanes(arrivals.map((arrival) => arrival.lane));
    this.metrics.flushRows.observe(arrivals.length);
    this.metrics.flushDuration.observe((endedMs - beganMs) / 1000);
    if (!this.tracing.isOn) return;
    for (const of of new Set(arrivals.map((arrival) => arrival.correlationId)))
      this.tracing.tell({ name: 'intake.flush', of, beganMs, endedMs, attributes: { rows: arrivals.length } });
  }

  /** A secret that was replaced a moment ago must not refuse a call: one fresh look before the 401. */
  private async isAuthentic(
    provider: AnyProvider,
    pathKey: string,
    caller: Caller,
    call: WebhookCall,
  ): Promise<boolean> {
    if (provider.verify(call, caller.secrets, this.clock.now())) return true;
    const fresh = await this.callerOf(provider, pathKey, { fresh: true });
    return fresh !== undefined && provider.verify(call, fresh.secrets, this.clock.now());
  }

  /** Misses are not cached, so a new account works at once. */
  private async callerOf(provider: AnyProvider, pathKey: string, { fresh = false } = {}): Promise<Caller | undefined> {
    const cacheKey = `${provider.name}\n${pathKey}`;
    const cached = this.callers.get(cacheKey);
    if (!fresh && cached && cached.until > performance.now()) return cached.caller;
    const caller =
      provider.ingress.by === 'token' ? await this.accountOf(provider, pathKey) : await this.appOf(provider, pathKey);
    this.callers.delete(cacheKey);
    if (caller) remember(this.callers, cacheKey, { caller, until: performance.now() + CACHE_MS });
    return caller;
  }

  private async accountOf(provider: AnyProvider, token: string): Promise<Caller | undefined> {
    const account = await this.pool.query((sql) => findByRoutingKey(sql, tokenRoutingKey(provider.name, token)));
    if (!account) return undefined;
    const place = { tenantId: account.tenantId, table: 'accounts', column: 'webhook_secrets', row: account.accountId };
    return { kind: 'account', account, secrets: this.open(account.webhookSecrets, place) };
  }

  private async appOf(provider: AnyProvider, pathKey: string): Promise<Caller | undefined> {
    if (!pathKey) {
      const own = platformSecrets(provider, this.env);
      return own && { kind: 'app', key: PLATFORM_APP, secrets: [own] };
    }
    const app = await this.pool.query((sql) => findApp(sql, provider.name, pathKey));
    if (!app) return undefined;
    const place = { tenantId: app.tenantId, table: 'apps', column: 'secrets', row: app.id };
    return { kind: 'app', key: pathKey, secrets: this.open(app.secrets, place) };
  }

  private open(sealed: string, place: Place): Secrets {
    const { secrets } = this.box.open(sealed, place) as SealedSecrets; // sealed by us, bound to its row
    return secrets.filter((s) => !s.validUntil || Date.parse(s.validUntil) > this.clock.now()).map((s) => s.values);
  }

  private async address(provider: AnyProvider, caller: Caller, call: WebhookCall, correlationId: string) {
    const arrivals: Arrival[] = [];
    const asked = new Map<string, Promise<Destination[]>>(); // a call may name one unknown number a thousand times
    let nobodys = 0;
    for (const item of itemsOf(provider, caller, call)) {
      const whose = `${item.groupKey ?? ''}\n${item.routingKey}`;
      const found = await (asked.get(whose) ?? remembered(asked, whose, this.destinationsOf(provider, caller, item)));
      if (!found.length) nobodys++;
      for (const account of found) arrivals.push(arrivalOf(account, item, correlationId));
    }
    return { arrivals, nobodys };
  }

  private async destinationsOf(
    provider: AnyProvider,
    caller: Caller,
    item: Item & { groupKey?: string },
  ): Promise<Destination[]> {
    if (caller.kind === 'account') {
      const own = caller.secrets[0]?.[ROUTING_KEY]; // the path is right, but is it this account that speaks?
      return own !== undefined && item.routingKey && item.routingKey !== own ? [] : [caller.account];
    }
    const cacheKey = `${provider.name}\n${caller.key}\n${item.groupKey ?? ''}\n${item.routingKey}`;
    const cached = this.destinations.get(cacheKey);
    if (cached && cached.until > performance.now()) return cached.found;
    const found = await this.lookUp(provider, caller.key, item);
    if (found.length) remember(this.destinations, cacheKey, { found, until: performance.now() + CACHE_MS });
    return found;
  }

  private lookUp(
    provider: AnyProvider,
    appKey: string,
    { groupKey, routingKey }: { groupKey?: string; routingKey: string },
  ): Promise<Destination[]> {
    if (groupKey) {
      const key = appGroupKey(provider.name, appKey, groupKey);
      return this.pool.query((sql) => listByGroupKey(sql, key));
    }
    const key = appRoutingKey(provider.name, appKey, routingKey);
    return this.pool.query(async (sql) => [await findByRoutingKey(sql, key)].filter((d) => d !== undefined));
  }
}

function arrivalOf(
  { tenantId, accountId }: Pick<Destination, 'tenantId' | 'accountId'>,
  item: Item,
  correlationId: string,
): Arrival {
  return {
    tenantId,
    accountId,
    lane: laneOf(accountId),
    key: hashKey(accountId, item.key),
    chat: item.chat?.replaceAll('\0', '').toWellFormed() ?? null,
    correlationId,
    body: item.body,
  };
}

/** A call that cannot be cut is kept whole where it has an owner; below an app it is nobody's. */
function itemsOf(provider: AnyProvider, caller: Caller, call: WebhookCall) {
  try {
    return provider.split(call);
  } catch {
    if (caller.kind === 'app') return [{ routingKey: '', key: 'unreadable', body: call.body }];
    return [{ routingKey: '', key: hashKey('unreadable', Buffer.from(call.body).toString('base64')), body: call.body }];
  }
}

function remembered<T>(map: Map<string, T>, key: string, value: T): T {
  map.set(key, value);
  return value;
}

/** Caches stay small: the oldest entry leaves. */
function remember<T>(cache: Map<string, T>, key: string, value: T): void {
  if (cache.size >= 50_000) {
    const [oldest] = cache.keys();
    if (oldest !== undefined) cache.delete(oldest);
  }
  cache.set(key, value);
}

/** The platform's own app of a provider, if the operator has one. */
function platformSecrets(provider: AnyProvider, env: Env): Record<string, string> | undefined {
  const values = Object.entries(provider.platformSecrets ?? {}).map(
    ([secret, variable]) => [secret, env[variable as keyof Env]] as const,
  );
  if (!values.length || values.some(([, value]) => typeof value !== 'string')) return undefined;
  return Object.fromEntries(values) as Record<string, string>; // all strings, as just seen
}

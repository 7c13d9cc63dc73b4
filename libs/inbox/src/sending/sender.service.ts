import { setTimeout as pause } from 'node:timers/promises';
import { providerOf } from '@parley/channels/registry';
import type { Refusal, SendResult } from '@parley/channels/provider';
import { deliveryRank as rank } from '@parley/db/delivery-rank';
import { uuid7 } from '@parley/db/uuid';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { crashPoint } from '@parley/platform/crash-points';
import { CredentialBox } from '@parley/platform/credentials';
import { Metrics } from '@parley/platform/metrics';
import type { FileStore } from '@parley/platform/file-store';
import { FILE_HTTP, FILES, HTTP } from '@parley/platform/platform.module';
import { SteadyPool } from '@parley/platform/steady-pool';
import { Together } from '@parley/platform/together';
import { Tracing } from '@parley/platform/tracing';
import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import type { Sql } from '@parley/db/sql';
import { openConfig } from '../accounts/account-secrets';
import { callProvider, CALL_MS, fileCallMs } from './call';
import {
  claimHeads,
  delayHeads,
  extendLease,
  findTenant,
  holdHeads,
  listDue,
  listForgottenAccounts,
  takeUnsettled,
  type AccountRow,
  type Claim,
  type Due,
  type DueRow,
  type OutboundRow,
  type Wanted,
} from './claim.queries';
import { stopsAccount, type Finding } from './findings';
import { readyToLeave } from './leaving-file';
import { findingOf, lookUp } from './look-up';
import { outboundOf } from './outbound';
import { Pacer, type PacedAccount } from './pacer';
import { Results } from './results';
import { retryDelayMs } from './retry-delay';
import { SendingAccount } from './sending-account';

/** A claim is believed for so long; what did not begin its call by the last moment for one never does. */
const LEASE_MS = CALL_MS + 20_000;
const LATEST_START_MS = LEASE_MS - CALL_MS;
/** While a look-up runs no other worker begins one. */
const LOOKING_MS = 20_000;
/** A paused account is looked at again; resuming it wakes it at once. */
const PAUSED_MS = 30_000;
const MOST_UNSETTLED = 50;
/** Of the 10 s that a process has to end. A call that takes longer is cut off. */
const LAST_CALLS_MS = 8_000;
/** After that: to store how they ended. */
const LAST_RESULTS_MS = 1_500;

type Head = Omit<Claim, 'attemptId'>;

interface Claimed {
  rows: OutboundRow[];
  /** On the monotonic clock, before their lease began. */
  at: number;
}

/** Sends: claims heads, calls providers, stores what they said. One in each worker; any of them may work on any account. */
@Injectable()
export class SenderService implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly log = new Logger('sending');
  private readonly accounts = new Map<string, SendingAccount>();
  private readonly running = new Set<Promise<void>>();
  /** Accounts do not wait for each other, but what they ask at the same time is one transaction. */
  private readonly dues = new Together((wanted: Wanted[]) => this.listDue(wanted));
  private readonly claims = new Together((lists: Head[][]) => this.claim(lists));
  private closing = false;
  /** Cuts off the calls that still run. */
  private readonly ending = new AbortController();

  constructor(
    private readonly pool: SteadyPool,
    private readonly results: Results,
    private readonly pacer: Pacer,
    private readonly box: CredentialBox,
    private readonly metrics: Metrics,
    private readonly tracing: Tracing,
    @Inject(HTTP) private readonly http: typeof fetch,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(FILE_HTTP) private readonly fileHttp: typeof fetch,
    @Inject(FILES) private readonly files: FileStore,
  ) {}

  /** Starts every call of the account that may start now; resolves then, not when they end. Safe to run twice at once. */
  async sendHeads(accountId: string): Promise<void> {
    const account = this.accountOf(accountId);
    account.again = true;
    account.pumping ??= this.pump(account).finally(() => {
      account.pumping = null;
    });
    await account.pumping;
  }

  /** The same for who does not wait. What fails is tried again. */
  ring(accountId: string): void {
    this.track(this.sendHeads(accountId));
  }

  /** Accounts whose bell was lost; called twice a second by a timer. */
  async sweep(): Promise<void> {
    const forgotten = await this.pool.query((sql) => listForgottenAccounts(sql, this.clock.now() - 500));
    await Promise.allSettled(forgotten.map((accountId) => this.sendHeads(accountId)));
    for (const [id, account] of this.accounts) if (account.isIdle) this.accounts.delete(id);
  }

  /** Nothing is in flight, and nothing more may start now. */
  async settled(): Promise<void> {
    while (this.running.size) await Promise.allSettled([...this.running]);
  }

  /** Comes before anything waits for its end, so that all that do wait at the same time. */
  onModuleDestroy(): void {
    this.endIn(LAST_CALLS_MS);
  }

  /** Calls that still run then are cut off: what of them is certain to show nothing is queued again, all else is unknown. */
  endIn(ms: number): void {
    const end = () => {
      this.closing = true;
      this.ending.abort(new Error('cut off: its worker had to stop'));
    };
    setTimeout(end, ms).unref();
  }

  /** Starts nothing more, and waits for what runs. */
  async beforeApplicationShutdown(): Promise<void> {
    this.closing = true;
    for (const account of this.accounts.values()) account.sleep();
    const { signal } = this.ending;
    const ended = new Promise((resolve) =>
      signal.aborted ? resolve(null) : signal.addEventListener('abort', resolve),
    );
    await Promise.race([this.settled(), ended.then(() => pause(LAST_RESULTS_MS, undefined, { ref: false }))]);
  }

  private accountOf(id: string): SendingAccount {
    const known = this.accounts.get(id);
    if (known) return known;
    const account = new SendingAccount(id, this.clock, () => this.track(this.sendHeads(id)));
    this.accounts.set(id, account);
    return account;
  }

  private async pump(account: SendingAccount): Promise<void> {
    while (account.again && !this.closing) {
      account.again = false;
      await this.step(account);
    }
  }

  private async step(account: SendingAccount): Promise<void> {
    const tenantId = (account.tenantId ??= await this.pool.query((sql) => findTenant(sql, account.id)));
    if (!tenantId) return;
    if (account.isPacing) return account.wakeIn(account.restsMs);
    const { quick, files } = account.slots;
    const limit = quick + files + MOST_UNSETTLED;
    const due = await this.dues.ask({ tenantId, id: account.id, limit, files: files > 0 });
    if (!due?.account) return;
    account.pacing = due.account.pacing ?? providerOf(due.account.provider).pacing;
    const unsettled = due.heads.filter((head) => head.status !== rank.queued);
    if (unsettled.length) await this.settle(tenantId, unsettled);
    const queued = due.heads.filter((head) => head.status === rank.queued);
    if (queued.length) await this.send(account, due.account, queued);
    // Behind the files in the list others may wait for whom there is room.
    account.again ||= files > 0 && account.slots.files === 0 && due.heads.length === limit;
  }

  private async send(account: SendingAccount, row: AccountRow, queued: DueRow[]): Promise<void> {
    account.waits = account.halted === 'storing';
    if (account.waits) return;
    if (!row.stopped) account.halted = 'no'; // somebody went on, with new credentials
    const heldUntil = row.stopped ? this.clock.now() + PAUSED_MS : account.breaker.shutUntil;
    if (heldUntil !== null) return this.hold(account, row.tenant_id, heldUntil);
    const left = account.slots;
    const heads = queued.filter(({ file }) => left[file ? 'files' : 'quick']-- > 0);
    account.waits = left.quick < 0; // where files wait, whoever ends one comes back
    if (!heads.length) return;
    const paced: PacedAccount = { tenantId: row.tenant_id, id: row.id, pacing: account.pacing };
    const going = await this.pace(account, paced, heads);
    if (!going.length) return;
    const claimed = await this.claims.ask(going.map((head) => ({ tenantId: row.tenant_id, deliveryId: head.id })));
    if (!claimed) throw new Error('a claim was not answered');
    const missed = going.filter((head) => !claimed.rows.some((one) => one.delivery_id === head.id));
    await this.pacer.giveBack(
      paced,
      missed.map((head) => head.chat_id),
    );
    for (const one of claimed.rows) this.start(account, paced, one, claimed.at);
    account.again ||= account.waits && missed.length > 0;
  }

  /** Time behind a breaker or a pause does not count towards giving up. */
  private async hold(account: SendingAccount, tenantId: string, untilMs: number): Promise<void> {
    const now = this.clock.now();
    await this.pool.query((sql) => holdHeads(sql, { tenantId, id: account.id }, { nowMs: now, untilMs }));
    account.wakeIn(untilMs - now);
  }

  /** Those that may go by their pace. A chat that was too fast waits by its due time, an account by a timer. */
  private async pace(account: SendingAccount, paced: PacedAccount, heads: DueRow[]): Promise<DueRow[]> {
    if (account.restsMs > 0) {
      account.wakeIn(account.restsMs); // a timer may fire a moment early
      return [];
    }
    const paces = await this.pacer.take(
      paced,
      heads.map((head) => head.chat_id),
    );
    const late: { tenantId: string; deliveryId: string; dueAtMs: number }[] = [];
    const going: DueRow[] = [];
    for (const [i, head] of heads.entries()) {
      const pace = paces[i];
      if (!pace) continue;
      if (pace.go) going.push(head);
      else if (pace.waits === 'account') account.restFor(pace.ms);
      else {
        late.push({ tenantId: paced.tenantId, deliveryId: head.id, dueAtMs: this.clock.now() + pace.ms });
        account.wakeIn(pace.ms);
      }
    }
    if (late.length) await this.pool.query((sql) => delayHeads(sql, late));
    account.again ||= late.length > 0;
    return going;
  }

  private listDue(wanted: Wanted[]): Promise<Map<Wanted, Due>> {
    const tenants = wanted.map(({ tenantId }) => tenantId);
    return this.atOnce(tenants, (tx) => listDue(tx, wanted, this.clock.now()));
  }

  /** A transaction whose statements are all known: they go out with their COMMIT. */
  private atOnce<T>(tenantIds: string[], work: (tx: Sql) => Promise<T>): Promise<T> {
    return this.pool.transaction(tenantIds, async (tx, commit) => {
      const [result] = await Promise.all([work(tx), commit()]);
      return result;
    });
  }

  /** What several accounts want to send, claimed together: to each the rows that it got. */
  private async claim(lists: Head[][]): Promise<Map<Head[], Claimed>> {
    const at = performance.now();
    const claims = lists.flat().map((head) => ({ ...head, attemptId: uuid7() }));
    const nowMs = this.clock.now();
    const tenants = claims.map(({ tenantId }) => tenantId);
    const rows = await this.atOnce(tenants, (tx) => claimHeads(tx, claims, { nowMs, leaseMs: LEASE_MS }));
    for (const { delivery_id: of, attempt_id: attempt, tries } of this.tracing.isOn ? rows : [])
      this.tracing.tell({ name: 'delivery.claim', of, beganMs: at, attributes: { attempt, tries } });
    const byDelivery = new Map(rows.map((row) => [row.delivery_id, row]));
    return new Map(
      lists.map((list) => [list, { rows: list.flatMap((head) => byDelivery.get(head.deliveryId) ?? []), at }]),
    );
  }

  private start(account: SendingAccount, paced: PacedAccount, row: OutboundRow, claimedAt: number): void {
    const kind = row.kind === 'message' && row.content.type === 'media' ? 'files' : 'quick';
    account.running[kind]++;
    const work = async () => {
      let goesOn = true;
      try {
        goesOn = await this.attempt(account, paced, row, claimedAt);
      } finally {
        account.running[kind]--;
        if (goesOn || account.waits || kind === 'files') account.wake();
      }
    };
    this.track(work());
  }

  /** One call, from the last look at its lease to the stored result. True: its account has something more to send now. */
  private async attempt(
    account: SendingAccount,
    paced: PacedAccount,
    row: OutboundRow,
    claimedAt: number,
  ): Promise<boolean> {
    const outcome = await this.call(account, row, claimedAt);
    if (outcome.outcome !== 'refused') return this.store(row, outcome);
    const { reason, retryAfterMs = retryDelayMs(row.tries) } = outcome;
    if (reason === 'throttled' && !outcome.chatOnly && outcome.retryAfterMs)
      await this.rest(account, paced, retryAfterMs);
    if (stopsAccount(outcome)) account.halted = 'storing';
    try {
      return await this.store(row, { ...outcome, retryAfterMs });
    } finally {
      if (stopsAccount(outcome)) account.halted = 'stored';
      account.wakeIn(retryAfterMs);
    }
  }

  private async call(account: SendingAccount, row: OutboundRow, claimedAt: number): Promise<SendResult> {
    if (row.account_state === 'deleted') return refused('auth', 'the account was removed');
    const wanted = outboundOf(row, row.attempt_id, this.files);
    if (typeof wanted === 'string') return refused('content', wanted);
    const opened = this.opened(row);
    if (opened instanceof Error) return refused('auth', `its credentials do not open: ${opened.message}`);
    const file = wanted.content.type === 'media' ? wanted.content.file : null;
    const ms = file ? fileCallMs(file.sizeBytes) : CALL_MS;
    if (file && !(await this.holdOn(row, ms))) return notBegun('its lease was running out'); // it may wait for its turn
    const outbound = await readyToLeave(wanted, claimedAt + LATEST_START_MS - performance.now());
    if (!outbound) return notBegun('its file could not be opened in time');
    if ('outcome' in outbound) return outbound;
    const began = performance.now();
    if (began - claimedAt > LATEST_START_MS) return notBegun('its lease was running out');
    if (account.halted !== 'no') return notBegun('its account was stopped');
    if (this.closing) return notBegun('its worker is stopping');
    crashPoint('outbound.O2');
    const ticket = account.breaker.begin(file ? 'file' : 'quick');
    crashPoint('outbound.O3', 'called');
    const http = file ? this.fileHttp : this.http;
    const limits = { http, ms, ending: this.ending.signal };
    const outcome = await callProvider(providerOf(row.provider), outbound, opened, limits);
    crashPoint('outbound.O4');
    account.breaker.end(ticket, isFailure(outcome) ? 'failed' : 'answered');
    if (file && outcome.outcome === 'accepted') this.metrics.fileBytes.inc({ way: 'sent' }, file.sizeBytes);
    this.watch(row, outcome, began);
    return outcome;
  }

  /** The lease of a call that takes longer than others. False: it is over. */
  private holdOn({ tenant_id: tenantId, delivery_id: deliveryId, attempt_id: attemptId }: OutboundRow, ms: number) {
    const nowMs = this.clock.now();
    const until = { nowMs, untilMs: nowMs + ms + LEASE_MS - CALL_MS };
    return this.pool.query((sql) => extendLease(sql, { tenantId, deliveryId, attemptId }, until));
  }

  /** The account's whole config. What was sealed with a key that is gone must not look like a call that was lost. */
  private opened({ tenant_id: tenantId, account_id: id, config, credentials }: OutboundRow): unknown {
    try {
      return openConfig(this.box, { tenantId, id, config, credentials });
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** The provider named a time: the whole account waits, and no burst follows. */
  private async rest(account: SendingAccount, paced: PacedAccount, ms: number): Promise<void> {
    account.restFor(ms);
    await this.pacer.rest(paced, ms);
  }

  /** Leases that lapsed, and heads of unknown outcome that it is time to ask about. */
  private async settle(tenantId: string, heads: DueRow[]): Promise<void> {
    const now = this.clock.now();
    const keys = heads.map((head) => ({ tenantId, deliveryId: head.id }));
    const rows = await this.pool.transaction([tenantId], (tx) =>
      takeUnsettled(tx, keys, { nowMs: now, untilMs: now + LOOKING_MS }),
    );
    for (const row of rows) {
      const work = row.status === rank.unknown ? this.ask(row) : this.store(row, { outcome: 'lapsed' });
      this.track(work.finally(this.accountOf(row.account_id).wake));
    }
  }

  private async ask(row: OutboundRow): Promise<boolean> {
    return this.store(row, await lookUp(row, this.http, this.box));
  }

  private store(row: OutboundRow, outcome: Finding['outcome']): Promise<boolean> {
    return this.results.store({ ...findingOf(row, this.clock.now()), outcome });
  }

  private track(work: Promise<unknown>): void {
    const job = work
      .then(() => {})
      .catch((error: unknown) => this.failed(error))
      .finally(() => this.running.delete(job));
    this.running.add(job);
  }

  private failed(error: unknown): void {
    if (!this.closing) this.log.warn({ err: error }, 'sending stumbled; it is tried again');
  }

  private watch(row: OutboundRow, outcome: SendResult, began: number): void {
    const labels = { provider: row.provider, operation: 'send' };
    this.metrics.providerRequests.inc({ ...labels, outcome: outcome.outcome });
    this.metrics.providerDuration.observe(labels, (performance.now() - began) / 1000);
    if (this.tracing.isOn) this.trace(row, outcome, began);
    if (outcome.outcome === 'accepted') {
      this.metrics.messagesSent.inc({ tenant: row.tenant_id, provider: row.provider });
      this.metrics.sendDuration.observe({ provider: row.provider }, (this.clock.now() - row.queued_ms) / 1000);
    } else
      this.metrics.providerErrors.inc({
        provider: row.provider,
        reason: outcome.outcome === 'refused' ? outcome.reason : 'unknown',
      });
  }

  private trace(row: OutboundRow, outcome: SendResult, beganMs: number): void {
    const attributes = { provider: row.provider, account: row.account_id, attempt: row.attempt_id };
    const error = outcome.outcome === 'refused' ? outcome.reason : outcome.outcome;
    const failure = outcome.outcome === 'accepted' ? {} : { error };
    this.tracing.tell({ name: 'provider.call', of: row.delivery_id, beganMs, attributes, ...failure });
  }
}

/** What speaks against the provider or the road to it, not against the message. */
function isFailure(result: SendResult): boolean {
  return (
    result.outcome === 'unknown' ||
    (result.outcome === 'refused' && (result.reason === 'provider' || result.reason === 'disconnected'))
  );
}

/** Certain that nothing was sent. */
function refused(reason: Refusal, detail: string): SendResult & { outcome: 'refused' } {
  return { outcome: 'refused', reason, detail };
}

/** Not a byte of the call left. It goes out as soon as it may. */
function notBegun(why: string): SendResult {
  return { ...refused('provider', `not begun: ${why}`), retryAfterMs: 0 };
}

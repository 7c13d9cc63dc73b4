import { FileGone } from '@parley/channels/provider';
import { providerOf } from '@parley/channels/registry';
import type { StoredFile } from '@parley/contracts/content';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { crashPoint } from '@parley/platform/crash-points';
import { CredentialBox } from '@parley/platform/credentials';
import { isForbidden, TooLargeError } from '@parley/platform/egress';
import { writeEvents } from '@parley/platform/events';
import { FileMissing, type FileStore } from '@parley/platform/file-store';
import { Metrics } from '@parley/platform/metrics';
import { FILE_HTTP, FILES } from '@parley/platform/platform.module';
import { RealtimeBus } from '@parley/platform/realtime-bus';
import { SteadyPool } from '@parley/platform/steady-pool';
import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { openConfig } from '../accounts/account-secrets';
import { withDeadline } from '../sending/call';
import { retryDelayMs } from '../sending/retry-delay';
import { settledEvents } from '../sending/settled-events';
import { fileNameOf } from './file-name';
import { storageKey } from './file-links';
import { claimFiles, delayFile, findSource, finishFile, type Claim, type Shown, type Stored } from './files.queries';
import { FileTooLarge, Inspection, isSuspicious, isVague } from './inspect';
import { Pace } from './pace';
import { keepSmall, type Picture } from './small-picture';

/** At a time in each worker; and of one tenant and one account, so that a provider that trickles holds up nobody else's. */
const SLOTS = 6;
const PER_TENANT = 3;
const PER_ACCOUNT = 2;
const FETCH_MS = 120_000;
/** Of all together: so much leaves a worker, and the disk, time for messages. The largest files in all slots end in time. */
const BYTES_PER_SECOND = 8 * 2 ** 20;
/** Longer than a file may take. Who dies meanwhile is taken for lost then. */
const LEASE_MS = FETCH_MS + 60_000;
const NOT_HANDED_OVER = 'The provider did not hand over this file.';
/** Of the 10 s that a process has to end. What takes longer is fetched again by another. */
const LAST_MS = 2_000;

/** What is here stays; what comes waits with its provider. */
class NoRoom extends Error {
  override message =
    'The files here fill all that they may take, so this one was not fetched. Ask who runs this install for more, then fetch it again.';
}

/** Fetches the files of customers' messages: a step of its own, tried until they are here or gone. Safe to run in every worker. */
@Injectable()
export class FetcherService implements BeforeApplicationShutdown {
  private readonly log = new Logger('files');
  private readonly running = new Map<Promise<void>, Claim>();
  private readonly pace = new Pace(BYTES_PER_SECOND);
  private closing = false;

  constructor(
    private readonly worker: SteadyPool,
    private readonly bus: RealtimeBus,
    private readonly box: CredentialBox,
    private readonly metrics: Metrics,
    @Inject(FILE_HTTP) private readonly http: typeof fetch,
    @Inject(FILES) private readonly files: FileStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Begins what is due, as far as there is room; resolves then, not when it ends. Called twice a second by a timer. */
  async turn(): Promise<void> {
    const most = SLOTS - this.running.size;
    if (most <= 0 || this.closing) return;
    const nowMs = this.clock.now();
    const room = { most, running: [...this.running.values()], perTenant: PER_TENANT, perAccount: PER_ACCOUNT };
    const wanted = { nowMs, lostMs: nowMs + LEASE_MS, ...room };
    for (const claim of await this.worker.query((sql) => claimFiles(sql, wanted))) this.start(claim);
  }

  /** Nothing is being fetched. For tests and shutdown. */
  async settled(): Promise<void> {
    while (this.running.size) await Promise.allSettled([...this.running.keys()]);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closing = true;
    await Promise.race([this.settled(), new Promise((resolve) => setTimeout(resolve, LAST_MS).unref())]);
  }

  private start(claim: Claim): void {
    const job = this.fetch(claim)
      .catch((err: unknown) => this.log.warn({ err, file: claim.id }, 'a file stumbled; its lease will lapse'))
      .finally(() => this.running.delete(job));
    this.running.set(job, claim);
  }

  private async fetch(claim: Claim): Promise<void> {
    const isOver = claim.tries > 1 && this.clock.now() >= claim.expiresMs; // also where nobody lived to say so
    if (isOver) return this.giveUp(claim, NOT_HANDED_OVER);
    try {
      await this.keep(claim);
      this.metrics.filesFetched.inc({ outcome: 'kept' });
    } catch (error) {
      const why = finalWord(error);
      if (why !== null) return this.giveUp(claim, why);
      this.log.warn(
        { err: error, file: claim.id, tries: claim.tries },
        'a file could not be fetched; it is tried again',
      );
      const dueMs = this.clock.now() + retryDelayMs(claim.tries);
      if (dueMs > claim.expiresMs) return this.giveUp(claim, NOT_HANDED_OVER);
      this.metrics.filesFetched.inc({ outcome: 'again' });
      await this.worker.query((sql) => delayFile(sql, claim, dueMs));
    }
  }

  private giveUp(claim: Claim, why: string): Promise<void> {
    this.metrics.filesFetched.inc({ outcome: 'given_up' });
    return this.finish(claim, null, failed(claim, why));
  }

  private async keep(claim: Claim): Promise<void> {
    const { tenantId, accountId, handle } = claim;
    const account = await this.worker.transaction([tenantId], (tx) => findSource(tx, tenantId, accountId));
    const provider = account && providerOf(account.provider);
    const fetchFile = provider?.fetchFile?.bind(provider);
    if (!account || !fetchFile || !handle) throw new Error('its account cannot be asked at the moment');
    if (account.isFull) throw new NoRoom();
    crashPoint('media.M1');
    const wasHere = claim.tries > 1 && (await this.isHere(claim));
    const inspection = new Inspection(claim.kind);
    const config = openConfig(this.box, account);
    const work = async (http: typeof fetch) =>
      this.files.put(storageKey(claim), this.pace.of(inspection.watch(await fetchFile(handle, config, http))));
    const sizeBytes = await withDeadline(this.http, work, { ms: FETCH_MS });
    this.metrics.fileBytes.inc({ way: 'fetched' }, sizeBytes);
    crashPoint('media.M3');
    const mimeType = await inspection.type();
    const stored: Stored = { mimeType, sizeBytes, suspicious: isSuspicious(claim.declaredType, mimeType) };
    const picture = claim.kind === 'image' && !wasHere ? await keepSmall(this.files, claim, stored) : null;
    await this.finish(claim, stored, ready(claim, stored, picture));
  }

  /** Whoever kept it died before they could say so, perhaps of the picture: nobody looks at that again. */
  private async isHere(claim: Claim): Promise<boolean> {
    try {
      (await this.files.read(storageKey(claim), { start: 0, end: 0 })).destroy();
      return true;
    } catch (error) {
      if (error instanceof FileMissing) return false;
      throw error;
    }
  }

  private async finish(claim: Claim, stored: Stored | null, shown: Shown): Promise<void> {
    const { tenantId, messageId, accountId } = claim;
    const events = await this.worker.transaction([tenantId], async (sql, commit) => {
      const conversationId = await finishFile(sql, claim, stored, shown);
      const facts = conversationId
        ? await settledEvents(sql, [{ tenantId, accountId, conversationId, messageId, what: 'message' }])
        : [];
      const list = facts.map(({ event }) => ({ tenantId, correlationId: null, event }));
      return writeEvents(sql, list, this.clock.now(), commit);
    });
    crashPoint('media.M4');
    this.bus.publish(events);
  }
}

/** The sender's word for its type stays where the bytes bear it out: it may say more, such as a codec. */
function ready(
  { id, fileName, declaredType }: Claim,
  { mimeType, sizeBytes, suspicious }: Stored,
  picture: Picture | null,
): Shown {
  const file: StoredFile = { id, state: 'ready', suspicious, detail: null, ...(picture?.small && { small: true }) };
  const saysMore = mimeType !== null && (suspicious || isVague(declaredType));
  const size = picture && { width: picture.width, height: picture.height };
  return { file, sizeBytes, fileName: fileNameOf(fileName), ...(saysMore && { mimeType }), ...size };
}

function failed({ id }: Claim, detail: string): Shown {
  return { file: { id, state: 'failed', suspicious: false, detail } };
}

/** What another try would not change, in words for people; null: it may pass. */
function finalWord(error: unknown): string | null {
  if (error instanceof FileGone || error instanceof FileTooLarge || error instanceof NoRoom) return error.message;
  if (isForbidden(error)) return 'This file is said to lie at an address that may not be called from here.';
  return error instanceof TooLargeError ? 'This file is too large to be fetched.' : null;
}

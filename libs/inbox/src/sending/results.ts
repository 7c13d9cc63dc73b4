import type { Clock } from '@parley/platform/clock';
import { crashPoint } from '@parley/platform/crash-points';
import { writeEvents, type TenantEvents } from '@parley/platform/events';
import type { RealtimeBus } from '@parley/platform/realtime-bus';
import { isOurFault, type SteadyPool } from '@parley/platform/steady-pool';
import { Tracing } from '@parley/platform/tracing';
import type { Sql } from '@parley/db/sql';
import { loadAccounts } from '../accounts/account.view';
import { Retry } from '../lanes/batch';
import { removeElsewhere, type Duplicate } from './elsewhere';
import { newsOf, type Earlier, type Finding } from './findings';
import { applyNews, type Settled } from './news';
import { lockAttempts } from './news.queries';
import { findOwners, learnAddresses, lockConversations, stopAccounts } from './results.queries';
import { settledEvents } from './settled-events';
import { applyWaited, tieExternals, type Tie, type TiedRow } from './ties';

const MAX_BATCH = 100;
const LONGEST_PAUSE_MS = 2000;
/** For so long a result is tried again that somebody else's work keeps from being stored; others wait behind it. */
const CONTENDED_MS = 30_000;

interface Waiting {
  finding: Finding;
  done: (mayGoOn: boolean) => void;
  lost: (error: unknown) => void;
}

/**
 * Stores what we found out about attempts: one transaction in flight, and what comes meanwhile goes into the next. A
 * result is known to nobody else, so it is kept and tried again for as long as the process lives.
 */
export class Results {
  private waiting: Waiting[] = [];
  private storing: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly pool: SteadyPool,
    private readonly bus: RealtimeBus,
    private readonly clock: Clock,
    private readonly report: (error: unknown) => void,
    private readonly tracing: Tracing = new Tracing(),
  ) {}

  /** Resolves once it is committed: true when its account may send something that waited. Rejects when it can never be. */
  store(finding: Finding): Promise<boolean> {
    return new Promise((done, lost) => {
      this.waiting.push({ finding: cleaned(finding), done, lost });
      this.storing ??= this.run();
    });
  }

  /** Gives up what Postgres does not take: for the end of the process. */
  async close(): Promise<void> {
    this.stopped = true;
    await this.storing;
  }

  private async run(): Promise<void> {
    await new Promise(setImmediate); // what ends in this turn of the loop goes together
    for (let batch = this.waiting.splice(0, MAX_BATCH); batch.length; batch = this.waiting.splice(0, MAX_BATCH)) {
      await this.write(batch);
    }
    this.storing = null;
  }

  private async write(batch: Waiting[]): Promise<void> {
    const since = performance.now();
    for (let tries = 0; ; tries++) {
      try {
        const mayGoOn = await this.commit(batch.map(({ finding }) => finding));
        for (const { finding, done } of batch) done(mayGoOn.has(finding.accountId));
        return;
      } catch (error) {
        if (tries === 0) this.report(error);
        const contended = error instanceof Retry && performance.now() - since < CONTENDED_MS;
        if ((isOurFault(error) && !contended) || this.stopped) return this.apart(batch, error);
        await new Promise((resolve) => setTimeout(resolve, Math.min(LONGEST_PAUSE_MS, 50 * 2 ** tries)));
      }
    }
  }

  /** One that cannot be stored must not take the others with it; its lease will lapse. */
  private async apart(batch: Waiting[], error: unknown): Promise<void> {
    if (batch.length === 1 || this.stopped) {
      for (const { lost } of batch) lost(error);
      return;
    }
    for (const one of batch) await this.write([one]);
  }

  /** Answers the accounts that may send now. */
  private async commit(findings: Finding[]): Promise<Set<string>> {
    const beganMs = performance.now();
    const { stored, mayGoOn } = await this.pool.transaction(
      findings.map((f) => f.tenantId),
      async (sql, commit) => {
        const { events, mayGoOn } = await settleFindings(sql, findings);
        return { stored: await writeEvents(sql, events, this.clock.now(), commit), mayGoOn };
      },
    );
    crashPoint('outbound.O5');
    for (const { deliveryId: of, attemptId: attempt, outcome } of this.tracing.isOn ? findings : [])
      this.tracing.tell({ name: 'delivery.result', of, beganMs, attributes: { attempt, outcome: outcome.outcome } });
    this.bus.publish(stored);
    return new Set(mayGoOn);
  }
}

/** One transaction's work, in the order of locks: conversations, identities, externals, children. */
async function settleFindings(sql: Sql, all: Finding[]): Promise<{ events: TenantEvents[]; mayGoOn: string[] }> {
  const [locked, owners] = await Promise.all([
    lockConversations(sql, all),
    learnAddresses(sql, all).then(() => findOwners(sql, all)),
  ]);
  const findings = withoutStrangers(all, owners);
  const [tied, attempts] = await Promise.all([tie(sql, findings, locked), lockAttempts(sql, findings)]);
  const removed = await removeElsewhere(
    sql,
    tied.flatMap((one) => one.duplicate ?? []),
  );
  const earlier = new Map(tied.map(({ finding, row }) => [finding.attemptId, earlierOf(row)]));
  const { settled, mayGoOn } = await applyNews(
    sql,
    findings.map((f) => newsOf(f, earlier.get(f.attemptId) ?? null)),
    attempts,
  );
  const changed = await applyWaited(sql, tied.flatMap(arrivedOf));
  const stopped = await stopAccounts(sql, findings);
  const whole = settled.map((one): Settled => (changed.has(one.messageId) ? { ...one, what: 'message' } : one));
  const correlations = new Map(findings.map((f) => [f.messageId, f.deliveryId]));
  const [facts, accounts] = await Promise.all([settledEvents(sql, [...removed, ...whole]), loadAccounts(sql, stopped)]);
  const events = facts.map(({ tenantId, messageId, event }): TenantEvents => {
    return { tenantId, correlationId: correlations.get(messageId) ?? null, event };
  });
  for (const account of accounts) {
    const tenantId = stopped.find((one) => one.id === account.id)?.tenantId;
    if (tenantId)
      events.push({
        tenantId,
        correlationId: null,
        event: { type: 'account.updated', audience: { to: 'tenant', accountId: account.id }, account },
      });
  }
  return { events, mayGoOn };
}

/** A look-up may meet something that only looks alike: another attempt's, or what was typed on the phone. */
function withoutStrangers(findings: Finding[], list: Awaited<ReturnType<typeof findOwners>>): Finding[] {
  const owners = new Map(list.map((o) => [`${o.account_id} ${o.external_id}`, o]));
  return findings.map((finding) => {
    const { outcome, accountId, attemptId } = finding;
    if (outcome.outcome !== 'found') return finding;
    const owner = owners.get(`${accountId} ${outcome.externalId}`);
    const strange =
      owner &&
      ((owner.attempt_id && owner.attempt_id !== attemptId) || (owner.direction && owner.origin !== 'elsewhere'));
    return strange ? { ...finding, outcome: { outcome: 'unseen' } } : finding;
  });
}

interface Tied {
  finding: Finding;
  row: TiedRow;
  duplicate: Duplicate | null;
}

async function tie(sql: Sql, findings: Finding[], locked: Set<string>): Promise<Tied[]> {
  const ties = new Map<string, Tie & { finding: Finding }>();
  for (const finding of findings) {
    const { tenantId, accountId, attemptId, messageId, outcome } = finding;
    if (!('externalId' in outcome)) continue;
    const { externalId } = outcome;
    ties.set(`${accountId} ${externalId}`, { tenantId, accountId, externalId, attemptId, messageId, finding });
  }
  const rows = await tieExternals(sql, [...ties.values()]);
  const tied: Tied[] = [];
  for (const row of rows) {
    const one = ties.get(`${row.account_id} ${row.external_id}`);
    if (!one || row.attempt_id !== one.attemptId) continue;
    tied.push({ finding: one.finding, row, duplicate: await duplicateOf(sql, one, row, locked) });
  }
  return tied;
}

/** Its echo came before we knew its id, and was shown as sent elsewhere. */
async function duplicateOf(sql: Sql, one: Tie, row: TiedRow, locked: Set<string>): Promise<Duplicate | null> {
  const { tenantId, accountId, messageId } = one;
  const elsewhereId = row.message_id;
  if (!messageId || !elsewhereId || elsewhereId === messageId) return null;
  const [found] = await sql.unsafe<{ conversation_id: string }[]>(
    'select conversation_id from messages where tenant_id = $1 and id = $2',
    [tenantId, elsewhereId],
    { prepare: true },
  );
  if (!found || !locked.has(found.conversation_id)) throw new Retry('its echo came after our lock');
  return { tenantId, accountId, conversationId: found.conversation_id, elsewhereId, messageId };
}

function earlierOf(row: TiedRow): Earlier | null {
  return row.status === null ? null : { rank: row.status, atMs: row.status_ms ?? 0, ...row.waiting?.status };
}

function arrivedOf({ finding, row }: Tied) {
  const { tenantId, accountId, messageId } = finding;
  if (!messageId || (!row.waiting && row.deleted_ms === null)) return [];
  return [
    {
      tenantId,
      accountId,
      externalId: row.external_id,
      messageId,
      waited: row.waiting ?? {},
      deletedMs: row.deleted_ms,
    },
  ];
}

/** Providers' words may hold what Postgres cannot. */
function cleaned(finding: Finding): Finding {
  const outcome = { ...finding.outcome };
  if ('detail' in outcome) outcome.detail = wellFormed(outcome.detail).slice(0, 500);
  if ('externalId' in outcome) outcome.externalId = wellFormed(outcome.externalId);
  return { ...finding, outcome };
}

const wellFormed = (text: string) => text.replaceAll('\0', '').toWellFormed();

import { setTimeout as delay } from 'node:timers/promises';
import { notFound } from '@parley/platform/app-error';
import { PLATFORM } from '@parley/platform/platform.module';
import { codeOf } from '@parley/platform/sql-state';
import { run } from '@parley/platform/statements';
import { SteadyPool } from '@parley/platform/steady-pool';
import { TenantDb } from '@parley/platform/tenant-db';
import { Inject, Injectable } from '@nestjs/common';
import type { Sql } from '@parley/db/sql';
import type { MemberContext } from '../context';
import * as erase from './contact-eraser.queries';
import { ERASER } from './eraser';
import { seeOne } from './see-one';

/** Past it another worker takes over. */
const LEASE = `interval '1 minute'`;
const RENEW_MS = 15_000;

/** Somebody may write while they are removed, or a lane stand still: then it begins again when the lease is over. */
const MOST_PASSES = 20;
const PAUSE_MS = 200;
/** Rows of a batch bear the time of its beginning, and are seen with its end. */
const BEHIND_MS = 60_000;

const CLAIM = `with d as (select tenant_id, contact_id from erasures where lease_until is null or lease_until < now()
    order by begun_at limit 1 for update skip locked)
  update erasures e set lease_until = now() + ${LEASE} from d
  where e.tenant_id = d.tenant_id and e.contact_id = d.contact_id returning e.tenant_id "tenantId", e.contact_id "contactId"`;
const LEASE_AGAIN = `update erasures set lease_until = now() + ${LEASE} where tenant_id = $1 and contact_id = $2`;

interface Erasure {
  tenantId: string;
  contactId: string;
}

/** A webhook's key or a message's id is behind it, whichever it is. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Removes a contact so that nothing of them remains: what was said, what providers brought, what was told of it. Asked for by
 * the api and done by a worker, in small steps, each safe to be done again; where one dies, another begins anew.
 */
@Injectable()
export class ContactEraser {
  private stopped = false;
  private renewedAt = 0;

  constructor(
    @Inject(ERASER) private readonly eraser: SteadyPool,
    @Inject(PLATFORM) private readonly platform: SteadyPool,
    private readonly db: TenantDb,
  ) {}

  /** A worker takes it up within seconds; asked again meanwhile, nothing is done. Throws `not_found`. */
  begin(ctx: MemberContext, contactId: string): Promise<void> {
    const key = [ctx.tenantId, contactId];
    return this.db.transaction(ctx, async (tx) => {
      const [found] = await run(tx.raw, 'select 1 from contacts where tenant_id = $1 and id = $2', key);
      if (!found) throw notFound('contact');
      const [begun] = await run(
        tx.raw,
        'insert into erasures (tenant_id, contact_id) values ($1, $2) on conflict do nothing returning 1',
        key,
      );
      if (begun) tx.audit({ action: 'contact.erasure_begun', target: { kind: 'contact', id: contactId } });
    });
  }

  /** Called by a timer: does what nobody else has in hand. Safe to run in several workers, and to die at any line. */
  async turn(): Promise<void> {
    for (;;) {
      const [due] = await this.platform.begin({ begin: 'begin' }, (sql) => run<Erasure>(sql, CLAIM));
      if (!due) return;
      this.renewedAt = performance.now();
      await this.erase(due);
    }
  }

  /** Ends a turn after its step: a worker that leaves waits for no contact. */
  stop(): void {
    this.stopped = true;
  }

  /** What cannot be finished is tried again when its lease is over: others go first. */
  private async erase(erasure: Erasure): Promise<void> {
    const { tenantId, contactId } = erasure;
    let [since, needles] = [new Date(0), 0];
    for (let pass = 1; ; pass++) {
      const person = await this.step(erasure, (sql) => erase.findPerson(sql, tenantId, contactId));
      if (!person) return; // another worker was there
      const { traces } = person;
      if (traces.needles.length > needles) since = new Date(0); // more to look for than before
      needles = traces.needles.length;
      const beganMs = Date.now();
      const { found, waiting } = await this.pass(person, since);
      since = new Date(Math.min(beganMs - BEHIND_MS, waiting?.getTime() ?? Infinity));
      const isAll = !found && !waiting && traces.needles.length === needles;
      if (isAll && (await this.isGone(erasure, person))) {
        await this.pass(person, since); // what was on its way then
        break;
      }
      if (pass === MOST_PASSES) return;
      if (waiting) await delay(PAUSE_MS);
    }
    await this.step(erasure, (sql) => erase.startAgain(sql, tenantId));
    while (await this.step(erasure, (sql) => erase.removeEvents(sql, tenantId)));
    await this.finish(erasure);
  }

  /** Goes through everything that came since then, while they are known. `waiting`: since when something is not applied yet. */
  private async pass(person: erase.Person, since: Date): Promise<{ found: number; waiting: Date | null }> {
    const from = [idAt(since)];
    const { found: webhooks, waiting } = await this.removeWebhooks(person, since);
    let found = webhooks;
    found += await this.walk(person, from, (sql, after) => this.unsay(sql, person, after));
    await this.step(erasureOf(person), (sql) => erase.keepTraces(sql, person));
    found += await this.walk(person, from, (sql, after) => erase.removeWords(sql, person, after));
    for (let removed = 1; removed; found += removed)
      removed = await this.step(erasureOf(person), (sql) => erase.removeTalk(sql, person));
    found += await this.walk(person, [FIRST_ID, ''], (sql, after) => erase.removeAnswers(sql, person, after));
    found += await this.walk(person, [FIRST_ID, '', ''], (sql, after) => erase.forgetTold(sql, person, after));
    return { found, waiting };
  }

  /** On the way it learns what they were called, and where; and by which of its ids a webhook may quote what they wrote. */
  private async unsay(sql: Sql, person: erase.Person, after: string[]): Promise<erase.Page> {
    const { names, groups, quoted, ...page } = await erase.unsay(sql, person, after);
    const { traces } = person;
    traces.names = erase.unite(traces.names, names);
    traces.groups = erase.unite(traces.groups, groups);
    traces.needles = erase.unite(traces.needles, quoted.map((id) => JSON.stringify(id))); // prettier-ignore
    return page;
  }

  private async removeWebhooks(person: erase.Person, since: Date) {
    const [tenantId, erasure] = [person.tenantId, erasureOf(person)];
    let [found, waiting]: [number, Date | null] = [0, null];
    const dayBefore = new Date(since.getTime() - 86_400_000).toISOString().slice(0, 10);
    if (!person.traces.needles.length) return { found, waiting };
    for (let day: string | undefined = dayBefore; ;) {
      const last: string = day;
      day = await this.step(erasure, (sql) => erase.nextDay(sql, tenantId, last));
      if (day === undefined) return { found, waiting };
      const of = day;
      found += await this.walk(person, [FIRST_ID], async (sql, after) => {
        const page = await erase.removeWebhooks(sql, person, { day: of, after, since });
        if (page.waiting && (!waiting || page.waiting < waiting)) waiting = page.waiting;
        return page;
      });
    }
  }

  /** Page by page, each in a transaction of its own. Answers how much was found. */
  private async walk(
    person: erase.Person,
    from: string[],
    page: (sql: Sql, after: string[]) => Promise<erase.Page>,
  ): Promise<number> {
    let total = 0;
    for (let after: string[] | null = from; after;) {
      const last: string[] = after;
      const { next, found }: erase.Page = await this.step(erasureOf(person), (sql) => page(sql, last));
      total += found;
      after = next;
    }
    return total;
  }

  /** False: a message came meanwhile. */
  private async isGone(erasure: Erasure, person: erase.Person): Promise<boolean> {
    try {
      await this.step(erasure, (sql) => erase.removePerson(sql, person));
      return true;
    } catch (error) {
      if (codeOf(error) === '23503') return false;
      throw error;
    }
  }

  /** Who takes the row away writes it down: once. */
  private finish({ tenantId, contactId }: Erasure): Promise<void> {
    return this.db.transaction({ tenantId, correlationId: null }, async (tx) => {
      const [went] = await run<{ messages: number; webhooks: number; conversations: number }>(
        tx.raw,
        `delete from erasures where tenant_id = $1 and contact_id = $2
         returning messages, webhooks, coalesce(jsonb_array_length(traces -> 'conversations'), 0) conversations`,
        [tenantId, contactId],
      );
      if (went) tx.audit({ action: 'contact.erased', target: { kind: 'contact', id: contactId }, after: { ...went } });
    });
  }

  private async step<T>({ tenantId, contactId }: Erasure, work: (sql: Sql) => Promise<T>): Promise<T> {
    if (this.stopped) throw new Error('the worker leaves; another goes on');
    const isLate = performance.now() - this.renewedAt > RENEW_MS;
    if (isLate) this.renewedAt = performance.now();
    return this.eraser.begin({ begin: 'begin', scope: seeOne(tenantId) }, async (sql) => {
      if (isLate) await run(sql, LEASE_AGAIN, [tenantId, contactId]);
      return work(sql);
    });
  }
}

const erasureOf = ({ tenantId, id }: erase.Person): Erasure => ({ tenantId, contactId: id });

/** Before every id that was made since then, for they begin with their time. */
function idAt(since: Date): string {
  const hex = since.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}${FIRST_ID.slice(13)}`;
}

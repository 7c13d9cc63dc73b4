import { listAccounts, updateAccount, type Account, type ProviderName } from '@parley/contracts/accounts';
import { sendMessage, retryMessage, type DeliveryStatus } from '@parley/contracts/messages';
import { LanesModule } from '@parley/inbox/lanes/lanes.module';
import { LanesService } from '@parley/inbox/lanes/lanes.service';
import { SenderModule } from '@parley/inbox/sending/sender.module';
import { SenderService } from '@parley/inbox/sending/sender.service';
import { DoubtsService } from '@parley/inbox/upkeep/doubts.service';
import { TrafficModule } from '@parley/inbox/upkeep/traffic.module';
import { TrafficService } from '@parley/inbox/upkeep/traffic.service';
import { UpkeepModule } from '@parley/inbox/upkeep/upkeep.module';
import { WatchService } from '@parley/inbox/upkeep/watch.service';
import { PlatformModule } from '@parley/platform/platform.module';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Caller } from '../app';
import type { TestTenant } from '../tenant';
import { waitFor } from '../wait-for';
import { bubblesOf, conversationsOf, wordsOf } from './reading';
import { startSystem, type LiveAccount, type System } from './system';

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
/** How long it may take until everything that is on its way is told. */
const SETTLE_MS = 10_000;
const quick = { statusDelaysMs: { sent: 5, delivered: 10, read: 20 } };

/** The api and the simulator in processes of their own, and what the worker does by bells and timers in this one, by a clock that is moved. */
export class TroubleStage {
  private constructor(
    readonly system: System,
    private readonly worker: INestApplicationContext,
  ) {}

  static async start(): Promise<TroubleStage> {
    const system = await startSystem({ workers: 0 });
    await system.simulator.setClock({ scale: 10 });
    const platform = PlatformModule.forRoot(system.app.env, { clock: system.app.clock });
    const root = { module: TroubleStage, imports: [platform, LanesModule, SenderModule, TrafficModule, UpkeepModule] };
    return new TroubleStage(system, await NestFactory.createApplicationContext(root, { logger: false }));
  }

  /** A tenant's only account, through which two customers are answered already. */
  async open(provider: ProviderName): Promise<Patient> {
    const { tenant, owner } = await this.system.app.newTenant();
    const account = await this.system.connect(
      tenant,
      provider,
      provider === 'green-api' ? { ...quick, limits: false } : quick,
    );
    const pacing = this.system.app.sql.json({ account: { perSecond: 1000, burst: 1000 } });
    await this.system.app.sql`update accounts set pacing = ${pacing} where id = ${account.id}`;
    const patient = new Patient(this.system, this.worker, this.system.app.as(owner), tenant, account);
    await patient.begin();
    return patient;
  }

  async close(): Promise<void> {
    await this.worker.close();
    await this.system.close();
  }
}

/** How a message that we sent stands: as the agent sees it, and how often its customer got it. */
export type Fate = `${DeliveryStatus} ×${number}`;

/** What an agent is shown of an account: what the web draws its banner of. */
export interface Shown {
  /** Its state, or what makes it doubtful. */
  shows: Account['state'] | NonNullable<Account['doubt']>['kind'];
  paused: boolean;
  /** In plain words, what is the matter and what to do. */
  words: string | null;
}

/** What people see of an account, and of what they wrote through it. */
export interface Standing extends Shown {
  answers: Fate[];
}

/** An account that gets into trouble, and the two customers who write to it. */
export class Patient {
  private readonly conversations: string[] = [];
  private readonly answers: { id: string; text: string }[] = [];
  private readonly asked: string[] = [];
  private movedMs = 0;

  constructor(
    private readonly system: System,
    private readonly worker: INestApplicationContext,
    private readonly caller: Caller,
    readonly tenant: TestTenant,
    readonly account: LiveAccount,
  ) {}

  async begin(): Promise<void> {
    for (const customer of [0, 1]) {
      await this.ask(customer, `hello ${customer}`);
      await this.until('a conversation', async () => (await this.open()).length > customer);
      const known = new Set(this.conversations);
      const opened = (await this.open()).find(({ id }) => !known.has(id));
      this.conversations.push(opened?.id ?? '');
    }
  }

  /** A customer writes. Goes by unheard where the provider hears nothing. */
  async ask(customer: number, text: string, more: Record<string, unknown> = {}): Promise<void> {
    this.asked.push(text);
    const from = { from: `+1202555014${customer}`, name: customer ? 'Tom' : 'Rita' };
    await this.happen({ ...from, text, ...more });
  }

  /** An agent answers; what may go out does, and its call ends. */
  async answer(customer: number, text: string): Promise<void> {
    const conversationId = this.conversations[customer] ?? '';
    const { status, body } = await this.caller.call(sendMessage, {
      body: { conversationId, content: { type: 'text', text } },
    });
    if (status !== 202) throw new Error(`not taken: ${JSON.stringify(body)}`);
    this.answers.push({ id: body.messageId, text });
    await this.isDue(body.messageId);
    await this.work();
  }

  /** An agent sends again what failed, or what nobody knows of. */
  async tryAgain(): Promise<void> {
    const wanted = [...(await this.deliveries())].filter(([, status]) => status === 'failed' || status === 'unknown');
    for (const [id] of wanted) await this.caller.call(retryMessage, { params: { id } });
    await this.work();
  }

  /** An admin enters the credentials anew, which are taken now, and lets it send again. */
  async mend(): Promise<void> {
    const { id, config } = this.account;
    const { status, body } = await this.caller.call(updateAccount, { params: { id }, body: { config, paused: false } });
    if (status !== 200) throw new Error(`not mended: ${JSON.stringify(body)}`);
  }

  happen(event: Record<string, unknown>) {
    return this.system.simulator.receive(this.account.provider, this.account.ref, event);
  }

  faults(...faults: Record<string, unknown>[]) {
    return this.system.simulator.faults(this.account.provider, this.account.ref, faults);
  }

  /** So much time passes, in steps; whatever is due in each is done. */
  async pass(ms: number, stepMs = ms): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      this.movedMs += stepMs;
      this.system.app.clock.advance(stepMs);
      await this.work();
    }
  }

  /** The minute's look of the worker, twice: one answer alone changes nothing. */
  async look(times = 2): Promise<void> {
    for (let n = 0; n < times; n++)
      await this.worker.get(WatchService).look({ tenantId: this.tenant.id, id: this.account.id });
    await this.worker.get(TrafficService).store();
    await this.worker.get(DoubtsService).look();
  }

  /** Does what bells would have a worker do. */
  async work(): Promise<void> {
    const { sql } = this.system.app;
    const [lanes, sender] = [this.worker.get(LanesService), this.worker.get(SenderService)];
    const rows = await sql<{ lane: number }[]>`
      select distinct lane from pending where account_id = ${this.account.id} and dead is null and (due_at is null or due_at <= now())`;
    for (const { lane } of rows) lanes.ring(lane);
    await lanes.settled();
    await sender.sendHeads(this.account.id);
    await sender.settled();
  }

  /** Resolves once the answers stand so, and nothing is on its way any more; or when it has taken too long for that. */
  async settle(fates: Fate[]): Promise<void> {
    const wanted = fates.join();
    await waitFor(
      'the answers to stand so',
      async () => {
        await this.work();
        return (await this.fates()).join() === wanted && (await this.isQuiet());
      },
      { timeoutMs: SETTLE_MS },
    ).catch(() => undefined); // what stands instead is said by the caller
    await this.work();
  }

  /** Nothing came for hours, at an hour that was busy a week ago. Silence is a matter of the database's clock. */
  async fallSilent(): Promise<void> {
    const hour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
    const { sql } = this.system.app;
    await this.worker.get(TrafficService).store(); // what was heard until now
    await sql`delete from account_hours where account_id = ${this.account.id}`;
    const hear = (atMs: number, received: number) => sql`
      insert into account_hours (tenant_id, account_id, hour, received, last_at)
      values (${this.tenant.id}, ${this.account.id}, ${new Date(Math.floor(atMs / HOUR_MS) * HOUR_MS)}, ${received}, ${new Date(atMs)})`;
    await hear(hour - HOUR_MS - WEEK_MS, 40);
    await hear(hour - 2.5 * HOUR_MS, 1);
  }

  /** How often people were told of the account. */
  async told(): Promise<number> {
    return (await this.tenant.events()).filter(({ type }) => type === 'account.updated').length;
  }

  async until(what: string, ask: () => Promise<boolean>): Promise<void> {
    await waitFor(`${this.account.provider}: ${what}`, async () => {
      await this.work();
      return ask();
    });
  }

  async shown(): Promise<Shown> {
    const { body } = await this.caller.call(listAccounts);
    const [account] = body.items;
    if (!account) throw new Error('no account');
    return { shows: account.doubt?.kind ?? account.state, paused: account.paused, words: account.stateDetail };
  }

  /** What people see once the answers stand so, or will not. */
  async standing(answers: Fate[]): Promise<Standing> {
    await this.settle(answers);
    return { ...(await this.shown()), answers: await this.fates() };
  }

  /** Of each answer, in the order in which they were written. */
  async fates(): Promise<Fate[]> {
    const [deliveries, sent] = await Promise.all([
      this.deliveries(),
      this.system.simulator.sent(this.account.provider, this.account.ref),
    ]);
    return this.answers.map(({ id, text }): Fate => {
      const times = sent.filter((one) => one.text === text).length;
      return `${deliveries.get(id) ?? 'queued'} ×${times}`;
    });
  }

  /** What stands in the threads of what customers wrote, against what they wrote: equal when nothing is lost or doubled. */
  async heard(): Promise<{ asked: string[]; shown: string[] }> {
    const bubbles = await bubblesOf(this.caller);
    const shown = bubbles.filter(({ direction }) => direction === 'inbound').map(wordsOf);
    return { asked: this.asked.toSorted(), shown: shown.toSorted() };
  }

  /** The words of one thread, oldest first. */
  async thread(customer: number): Promise<string[]> {
    const bubbles = await bubblesOf(this.caller);
    return bubbles.filter(({ conversationId }) => conversationId === this.conversations[customer]).map(wordsOf);
  }

  /** Back to now: the next patient's time is its own. */
  close(): void {
    this.system.app.clock.advance(-this.movedMs);
    this.movedMs = 0;
  }

  /** The api's clock is Postgres', which may be some milliseconds ahead of ours. */
  private async isDue(id: string): Promise<void> {
    const [row] = await this.system.app.sql<{ ms: number }[]>`
      select extract(epoch from due_at)::float8 * 1000 ms from deliveries where id = ${id}`;
    await waitFor('it to be due', () => this.system.app.clock.now() > (row?.ms ?? 0), { everyMs: 1 });
  }

  private async isQuiet(): Promise<boolean> {
    const entries = await this.system.simulator.journal(this.account.provider, this.account.ref);
    return entries.every((entry) => entry.type !== 'webhook' || entry.outcome !== 'pending');
  }

  private open() {
    return conversationsOf(this.caller);
  }

  private async deliveries(): Promise<Map<string, DeliveryStatus>> {
    const bubbles = await bubblesOf(this.caller);
    return new Map(bubbles.flatMap(({ id, delivery }) => (delivery ? [[id, delivery.status] as const] : [])));
  }
}

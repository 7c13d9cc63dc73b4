import type { CrashPoint } from '@parley/platform/crash-points';
import { expect } from 'vitest';
import type { TestAccount } from '../account';
import type { TestMember, TestTenant } from '../tenant';
import type { Watchers } from '../rig/watchers';
import { waitFor } from '../wait-for';
import { after, awaitedLater, untilAnswered, type CrashStage } from './crash-stage';
import { postAs, textCall } from './provider-calls';

const CHATS = 3;
const EACH = 4;

/** One item that a provider told, and how often it was acked. */
interface Item {
  chat: string;
  text: string;
  acks: number;
}

/** A tenant whose customers write, and somebody who follows. */
export class Inbound {
  readonly items: Item[] = [];

  private constructor(
    private readonly stage: CrashStage,
    readonly tenant: TestTenant,
    readonly owner: TestMember,
    readonly account: TestAccount,
    private readonly watchers: Watchers,
  ) {}

  static async open(stage: CrashStage): Promise<Inbound> {
    const { tenant, owner } = await stage.system.app.newTenant();
    return new Inbound(stage, tenant, owner, await tenant.newAccount(), await stage.watch(owner));
  }

  /** One message, until it stands in its thread: whatever is done for the first time is over. */
  async warmUp(): Promise<void> {
    await this.writeChat(this.account, '+12025590000', ['first']);
    await this.expectWhole();
  }

  /** All chats at once; within a chat the next is told once the one before was acked. */
  async write({ chats = CHATS, each = EACH } = {}): Promise<void> {
    const phones = Array.from({ length: chats }, (_, c) => `+1202559${1000 + c}`);
    const texts = Array.from({ length: each }, (_, n) => String(n));
    await Promise.all(phones.map((from) => this.writeChat(this.account, from, texts)));
  }

  async writeChat(account: TestAccount, from: string, texts: string[]): Promise<void> {
    for (const text of texts) {
      const item = { chat: `${account.id} ${from}`, text, acks: 0 };
      this.items.push(item);
      const body = textCall(account, { id: `${from}-${text}`, from, text });
      await untilAnswered('an ack', async () => (await postAs(this.stage.system, account, body)) === 200 || undefined);
      item.acks++;
    }
  }

  get acked(): number {
    return this.items.filter(({ acks }) => acks > 0).length;
  }

  /** Rows of one snapshot: what was kept, what of it still waits, what stands in threads. */
  async rows(): Promise<{ kept: number; waiting: number; applied: number }> {
    const [row] = await this.stage.system.app.sql<{ kept: number; waiting: number; applied: number }[]>`
      select (select count(*) from webhooks where tenant_id = ${this.tenant.id})::int kept,
        (select count(*) from pending where tenant_id = ${this.tenant.id})::int waiting,
        (select count(*) from messages where tenant_id = ${this.tenant.id} and direction = 'inbound')::int applied`;
    if (!row) throw new Error('no counts');
    return row;
  }

  /** What was acked stands in its thread once, in order, and whoever follows was told of each event once. */
  async expectWhole({ buried = 0 } = {}): Promise<void> {
    const { length } = this.items;
    await waitFor(`${length} messages`, async () => {
      const { waiting, applied } = await this.rows();
      return applied >= length && waiting <= buried;
    });
    expect(await this.rows()).toEqual({ kept: length, waiting: buried, applied: length });
    expect(await this.threads()).toEqual(this.told());
    await this.expectTold();
  }

  expectTold(): Promise<void> {
    return this.stage.expectTold(this.watchers);
  }

  async close(): Promise<void> {
    await this.watchers.stop();
  }

  private told(): Record<string, string[]> {
    return grouped(this.items.map((item) => (item.text === POISON ? { ...item, text: 'unreadable' } : item)));
  }

  /** Texts by account and phone, from the top of each thread; what could not be read by its kind. */
  private async threads(): Promise<Record<string, string[]>> {
    const rows = await this.stage.system.app.sql<{ chat: string; text: string }[]>`
      select ch.account_id || ' ' || ch.external_id chat, coalesce(m.content->>'text', m.content->>'type') as text
      from messages m join chats ch on ch.tenant_id = m.tenant_id and ch.id = m.chat_id
      where m.tenant_id = ${this.tenant.id} and m.direction = 'inbound' order by m.position, m.id`;
    return grouped(rows);
  }
}

function grouped(list: { chat: string; text: string }[]): Record<string, string[]> {
  const chats = Map.groupBy(list, ({ chat }) => chat);
  return Object.fromEntries([...chats].sort().map(([chat, all]) => [chat, all.map(({ text }) => text)]));
}

/** The api dies while providers call: what it acked is kept, what it did not is told again, and each item is there once. */
export function intake({ hit = 2, dead }: { hit?: number; dead?: (scene: Inbound) => unknown }) {
  return async (stage: CrashStage, point: CrashPoint): Promise<string> => {
    const scene = await Inbound.open(stage);
    await stage.startDying(`${point}:${hit}`);
    await scene.warmUp();
    const writing = awaitedLater(scene.write());
    await stage.died(point);
    expect((await scene.rows()).kept).toBeGreaterThanOrEqual(scene.acked);
    await dead?.(scene);
    const since = performance.now();
    await stage.startAgain();
    await writing;
    await scene.expectWhole();
    await scene.close();
    return after(since, 'all in their places');
  };
}

/** Committed, and no provider was told. */
export function keptUnanswered(scene: Inbound): Promise<unknown> {
  return waitFor('rows that were not acked', async () => (await scene.rows()).kept > scene.acked);
}

/** The api dies when it has answered and rung for nobody: the worker finds what waits, though no provider comes again. */
export async function unrung(stage: CrashStage, point: CrashPoint): Promise<string> {
  const scene = await Inbound.open(stage);
  await stage.startDying(`${point}:2`);
  await scene.warmUp();
  const writing = awaitedLater(scene.write({ chats: 1, each: 1 }));
  await stage.died(point);
  await writing; // the answer was out: no api runs that could give another
  const since = performance.now();
  await waitFor('its message', async () => (await scene.rows()).applied === 2);
  const applied = after(since, 'applied');
  await stage.startAgain();
  await scene.expectWhole();
  await scene.close();
  return applied;
}

/**
 * The worker dies in the middle of a batch, and its bells are lost with it: the batch is applied as a whole or not at
 * all, and whoever follows sees what was committed before another worker says so.
 */
export function drain({ hit = 2, committed }: { hit?: number; committed: boolean }) {
  return async (stage: CrashStage, point: CrashPoint): Promise<string> => {
    const scene = await Inbound.open(stage);
    await stage.startDying(`${point}:${hit}`);
    if (hit > 1) await scene.warmUp();
    const before = scene.items.length;
    const writing = awaitedLater(scene.write());
    await stage.died(point);
    await writing;
    let since = performance.now();
    if (committed) await waitFor('what was committed', async () => (await scene.rows()).applied > before);
    await scene.expectTold(); // nothing more comes that would show a gap
    const seen = committed ? `${after(since, 'its events seen')}, ` : '';
    const { kept, waiting, applied } = await scene.rows();
    expect(waiting + applied).toBe(kept);
    expect(applied > before).toBe(committed);
    await stage.system.emptyRedis();
    since = performance.now();
    await stage.startAgain();
    await scene.expectWhole();
    await scene.close();
    return seen + after(since, 'all applied');
  };
}

/** A batch of two lanes fails for one row's sake; the worker dies when a part of it was applied. */
export async function bisection(stage: CrashStage, point: CrashPoint): Promise<string> {
  const scene = await Inbound.open(stage);
  await refusePoison(stage);
  await stage.stop();
  const other = await scene.tenant.newAccount();
  const [first, second, third] = ['+12025592001', '+12025592002', '+12025592003'];
  await Promise.all([
    scene.writeChat(scene.account, first, ['0', '1', POISON, '3']),
    scene.writeChat(scene.account, second, ['0', '1']),
    scene.writeChat(other, third, ['0', '1']),
  ]);
  await stage.startDying(point);
  await stage.died(point);
  const { kept, waiting, applied } = await scene.rows();
  expect(waiting + applied).toBe(kept);
  expect(applied).toBeGreaterThan(0);
  const since = performance.now();
  await stage.startAgain();
  await scene.expectWhole({ buried: 1 });
  await scene.close();
  return after(since, 'all but the poison applied');
}

const POISON = 'poison';

/** A row that Postgres refuses for its data, whatever our code thinks of it. */
async function refusePoison({ system }: CrashStage): Promise<void> {
  await system.app.sql.unsafe(`
    create function refuse_poison() returns trigger language plpgsql as $$
      begin raise exception 'poison' using errcode = 'data_exception'; end $$;
    create trigger refuse_poison before insert on messages for each row
      when (new.content->>'text' = '${POISON}') execute function refuse_poison()`);
}

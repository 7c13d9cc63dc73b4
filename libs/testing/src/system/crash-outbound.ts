import { randomUUID } from 'node:crypto';
import type { ProviderName } from '@parley/contracts/accounts';
import { sendMessage } from '@parley/contracts/messages';
import { deliveryRank as rank } from '@parley/db/delivery-rank';
import type { CrashPoint } from '@parley/platform/crash-points';
import { expect } from 'vitest';
import type { TestMember, TestTenant } from '../tenant';
import type { Watchers } from '../rig/watchers';
import { waitFor } from '../wait-for';
import { after, awaitedLater, untilAnswered, type CrashStage } from './crash-stage';
import { threadOf } from './reading';
import type { LiveAccount } from './system';

const both: ProviderName[] = ['evolution', 'cloud-api'];
const CHATS = 3;
const EACH = 2;

interface Sent {
  id: string;
  text: string;
  chat: string;
  conversationId: string;
}

/** A message as it stands: what we know of it (null: it was not kept), and whether it reached its customer. */
interface Standing extends Sent {
  rank: number | null;
  head: boolean;
  isThere: boolean;
}

/** A tenant with customers whose windows are open, and somebody who answers them. */
class Outbound {
  readonly messages: Sent[] = [];

  private constructor(
    private readonly stage: CrashStage,
    private readonly tenant: TestTenant,
    private readonly agent: TestMember,
    private readonly chats: { account: LiveAccount; phone: string; conversationId: string }[],
    private readonly watchers: Watchers,
  ) {}

  static async open(stage: CrashStage, providers: ProviderName[] = both): Promise<Outbound> {
    const { system } = stage;
    const { tenant, owner } = await system.app.newTenant();
    const accounts = await Promise.all(providers.map((provider) => system.connect(tenant, provider)));
    const pacing = system.app.sql.json({ account: { perSecond: 1000, burst: 1000 } });
    await system.app.sql`update accounts set pacing = ${pacing} where tenant_id = ${tenant.id}`;
    const phones = Array.from({ length: CHATS }, (_, c) => `+1202557${1000 + c}`);
    const chats = await Promise.all(accounts.flatMap((account) => phones.map((phone) => meet(stage, account, phone))));
    return new Outbound(stage, tenant, owner, chats, await stage.watch(owner));
  }

  /** Answers every customer, in order; asks again with the same id where the api does not say that it took it. */
  async write(): Promise<void> {
    await Promise.all(
      this.chats.map(async ({ account, phone, conversationId }) => {
        for (let n = 0; n < EACH; n++) {
          const message = { id: randomUUID(), text: `${n} to ${phone}`, chat: chatOf(account, phone), conversationId };
          this.messages.push(message);
          const content = { type: 'text' as const, text: message.text };
          const body = { messageId: message.id, conversationId, content };
          const caller = this.stage.system.app.as(this.agent);
          await untilAnswered(
            'a send',
            async () => (await caller.call(sendMessage, { body })).status === 202 || undefined,
          );
        }
      }),
    );
  }

  /** Each message with its delivery, if that was kept. */
  async standings(): Promise<Standing[]> {
    const rows = await this.stage.system.app.sql<{ id: string; rank: number; head: boolean }[]>`
      select id, status rank, head from deliveries where tenant_id = ${this.tenant.id}`;
    const deliveries = new Map(rows.map((row) => [row.id, row]));
    const reached = await this.reached();
    return this.messages.map((message) => {
      const { rank: at = null, head = false } = deliveries.get(message.id) ?? {};
      return { ...message, rank: at, head, isThere: reached.get(message.chat)?.includes(message.text) ?? false };
    });
  }

  /**
   * As if the half minute were over for which a claim is believed: nobody is there who could still make its call. Answers
   * what was claimed.
   */
  async lapse(): Promise<string[]> {
    const rows = await this.stage.system.app.sql<{ id: string }[]>`
      update deliveries set due_at = now(), lease_until = now()
      where tenant_id = ${this.tenant.id} and status = ${rank.sending} returning id`;
    return rows.map(({ id }) => id);
  }

  /** How often somebody began to send these. */
  async attempts(ids: string[]): Promise<number> {
    const rows = await this.stage.system.app.sql`
      select 1 from attempts where tenant_id = ${this.tenant.id} and delivery_id = any(${ids}::uuid[])`;
    return rows.length;
  }

  /**
   * Nothing reached a customer twice, or before what was written first. What arrived is known to have; of what did not
   * nobody says more than that it is unknown, and what was written behind that waits.
   */
  async expectAtMostOnce(): Promise<Standing[]> {
    const all = await waitFor('every send to be settled', async () => {
      const all = await this.standings();
      return all.every(isSettled) && all;
    });
    await waitFor('receipts to be applied', async () => {
      return (await this.stage.system.app.sql`select 1 from pending where tenant_id = ${this.tenant.id}`).length === 0;
    });
    for (const [chat, texts] of await this.reached()) {
      const written = this.messages.filter((one) => one.chat === chat).map(({ text }) => text);
      expect(texts).toEqual(written.slice(0, texts.length));
    }
    await this.expectTold();
    return all;
  }

  /** How the agent sees it. */
  async shown({ id, conversationId }: Sent): Promise<string | undefined> {
    const thread = await threadOf(this.stage.system.app.as(this.agent), conversationId);
    return thread.find((message) => message.id === id)?.delivery?.status;
  }

  expectTold(): Promise<void> {
    return this.stage.expectTold(this.watchers);
  }

  /** Nothing is asked later about what stayed unknown: that would be the work at which the next scene's process dies. */
  async close(): Promise<void> {
    await this.stage.system.app.sql`
      update deliveries set head = false where tenant_id = ${this.tenant.id} and status = ${rank.unknown}`;
    await this.watchers.stop();
  }

  /** What reached customers, by chat, in order. */
  private async reached(): Promise<Map<string, string[]>> {
    const { simulator } = this.stage.system;
    const accounts = [...new Set(this.chats.map(({ account }) => account))];
    const sent = await Promise.all(
      accounts.map(async (account) => {
        const all = await simulator.sent(account.provider, account.ref);
        return all.map(({ to, text = '' }) => ({ chat: chatOf(account, to), text }));
      }),
    );
    const chats = Map.groupBy(sent.flat(), ({ chat }) => chat);
    return new Map([...chats].map(([chat, list]) => [chat, list.map(({ text }) => text)]));
  }
}

function isSettled({ rank: at, head, isThere }: Standing): boolean {
  if (at === null) return false;
  if (isThere) return at >= rank.delivered;
  return at === rank.unknown || (at === rank.queued && !head);
}

const chatOf = (account: LiveAccount, phone: string) => `${account.provider} ${phone}`;

async function meet({ system }: CrashStage, account: LiveAccount, phone: string) {
  await system.simulator.receive(account.provider, account.ref, { from: phone, kind: 'text', text: 'Hello?' });
  const conversationId = await waitFor('a conversation', async () => {
    const [row] = await system.app.sql<{ id: string }[]>`
      select conversation_id id from chats where account_id = ${account.id} and external_id = ${phone}`;
    return row?.id;
  });
  return { account, phone, conversationId };
}

/** The api dies with a message kept and nobody rung: that goes out all the same, and again for nobody who asks again. */
export async function unrungSend(stage: CrashStage, point: CrashPoint): Promise<string> {
  const scene = await Outbound.open(stage);
  await stage.startDying(point);
  const writing = awaitedLater(scene.write());
  await stage.died(point);
  const since = performance.now();
  await waitFor('what was kept to go out', async () => {
    const kept = (await scene.standings()).filter((one) => one.rank !== null);
    return kept.length > 0 && kept.every(({ isThere }) => isThere);
  });
  const sent = after(since, 'sent');
  await stage.startAgain();
  await writing;
  const all = await scene.expectAtMostOnce();
  expect(all.filter(({ isThere }) => !isThere)).toEqual([]);
  await scene.close();
  return sent;
}

/**
 * The worker dies at its calls: none is made twice, and what nobody knows is said to be unknown. All was written before,
 * so nothing comes later that would show a gap of events.
 */
export function send({ by, dead }: { by?: ProviderName; dead: (scene: Outbound) => Promise<unknown> }) {
  return async (stage: CrashStage, point: CrashPoint): Promise<string> => {
    const scene = await Outbound.open(stage, by && [by]);
    await stage.stop();
    await scene.write();
    await stage.startDying(point);
    await stage.died(point);
    await dead(scene);
    const claimed = await scene.lapse();
    await stage.system.emptyRedis();
    const since = performance.now();
    await stage.startAgain();
    const all = await scene.expectAtMostOnce();
    expect(await scene.attempts(claimed)).toBe(claimed.length);
    const unknown = all.filter((one) => one.rank === rank.unknown);
    for (const one of unknown) expect(await scene.shown(one)).toBe('unknown');
    await scene.close();
    return `${unknown.length} of ${all.length} unknown, ${after(since, 'the others arrived')}`;
  };
}

/** Claimed, and no call was made: nobody can know that later. */
export async function claimedAlone(scene: Outbound): Promise<void> {
  const all = await scene.standings();
  expect(all.some((one) => one.rank === rank.sending)).toBe(true);
  expect(all.filter(({ isThere }) => isThere)).toEqual([]);
}

/** A customer has it, and we do not know. */
export function arrivedUnknown(scene: Outbound): Promise<unknown> {
  return waitFor('a call without its result', async () => {
    const all = await scene.standings();
    return all.some((one) => one.rank === rank.sending && one.isThere);
  });
}

/** Its result stands, and whoever follows learns of it though nobody said so. */
export async function storedUntold(scene: Outbound): Promise<void> {
  // The provider may take a moment from its answer to the customer.
  await waitFor('a stored result to be true', async () => {
    const all = await scene.standings();
    return all.some((one) => one.rank !== null && one.rank >= rank.accepted && one.isThere);
  });
  await scene.expectTold();
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Fleet } from '@parley/testing/rig/fleet';
import { percentile } from '@parley/testing/rig/verdict';
import { proofOf, textCall } from '@parley/testing/system/provider-calls';
import type { LiveAccount } from '@parley/testing/system/system';
import { Agent, request } from 'undici';
import type { ChaosCase, Scene } from '../case';
import { accountsOf } from './accounts';
import { against } from './against';
import { untilApplied } from './backlog';
import { roadTimes } from './road-times';

export const neighbourCases: ChaosCase[] = [retryStorm(), noisyNeighbour()];

const STORM = 20_000;
const STORM_SECONDS = 10;

/** A provider that could not reach us for ten minutes gets rid of all it kept, and comes again with what is refused. */
function retryStorm(): ChaosCase {
  let storm: Storm | undefined;
  let drainedMs = 0;
  return {
    name: 'F23',
    title: '20,000 webhooks of one account in 10 s, after an outage of 10 min',
    load: { perSecond: 50 },
    async inject({ fleet }) {
      storm = new Storm(fleet, noisyOf(fleet));
      await storm.rage();
    },
    async clear({ fleet }) {
      drainedMs = await untilApplied(fleet.sql);
    },
    async figures({ fleet, load, marks: { injectedAt, clearedAt } }) {
      const noisy = noisyOf(fleet);
      const acks = ackTimes({ fleet, load }, injectedAt, clearedAt, ({ id }) => id !== noisy.id);
      const [kept] = await fleet.sql<{ n: number }[]>`
        select count(distinct m.id)::int n from messages m join chats c on c.tenant_id = m.tenant_id and c.id = m.chat_id
        where c.account_id = ${noisy.id} and m.content->>'text' like 'storm %'`;
      return [
        { what: 'kept of the storm', value: kept?.n ?? 0, gate: { equal: STORM } },
        { what: 'told to come again', value: storm?.refused ?? 0, gate: {} },
        { what: 'ack p99 of the others', value: percentile(acks, 0.99), unit: 'ms', gate: { atMost: 1_000 } },
        { what: 'until all was applied', value: drainedMs, unit: 'ms', gate: { atMost: 90_000 } },
      ];
    },
  };
}

class Storm {
  refused = 0;
  private readonly dispatcher = new Agent({ connections: 128 });

  constructor(
    private readonly fleet: Fleet,
    private readonly account: LiveAccount,
  ) {}

  /** Open loop; resolves once all is acked. */
  async rage(): Promise<void> {
    const open = new Set<Promise<void>>();
    const started = performance.now();
    for (let i = 0; i < STORM;) {
      const due = Math.min(STORM, ((performance.now() - started) / 1000) * (STORM / STORM_SECONDS));
      for (; i < due; i++) {
        const post = this.post(i).finally(() => open.delete(post));
        open.add(post);
      }
      await delay(5);
    }
    await Promise.all(open);
    await this.dispatcher.close();
  }

  private async post(n: number): Promise<void> {
    const from = `+1217${String(5_550_000 + (n % 500))}`;
    const body = textCall(this.account, { id: `STORM${n}`, from, text: `storm ${n}` });
    const headers = { 'content-type': 'application/json', ...proofOf(this.fleet, this.account, Buffer.from(body)) };
    for (;;) {
      const answer = await request(this.fleet.entry + this.account.webhookPath, {
        method: 'POST',
        headers,
        body,
        dispatcher: this.dispatcher,
      }).catch(() => undefined);
      await answer?.body.dump();
      if (answer?.statusCode === 200) return;
      this.refused++;
      await delay(Number(answer?.headers['retry-after'] ?? 1) * 1000 + Math.random() * 1000);
    }
  }
}

/** One account has nine tenths of the traffic. */
function noisyNeighbour(): ChaosCase {
  let [alone, beside] = [0, 0];
  const noisyIndex = 0;
  const weightOf = (_account: LiveAccount, index: number) => (index === noisyIndex ? 9 * 19 : 1);
  return {
    name: 'F25',
    title: 'one account with 90 % of the traffic',
    inject: async () => {},
    clear: async () => {},
    async run({ fleet, perform }) {
      const noisy = accountsOf(fleet)[noisyIndex];
      const p99 = async (scene: Scene) => percentile(await roadTimes(scene, ({ id }) => id !== noisy?.id), 0.99);
      let quiet: Scene | undefined;
      let loud: Scene | undefined;
      const keep = (take: (scene: Scene) => void) => ({ inject: async (scene: Scene) => take(scene) });
      // The others have the same traffic in both: 15 a second.
      await perform({
        load: { perSecond: 15, seconds: 30, chats: 1000 },
        injectAfter: 1,
        clearAfter: 2,
        ...keep((scene) => (quiet = scene)),
      });
      const verdict = await perform({
        load: { perSecond: 150, weightOf },
        injectAfter: 1,
        clearAfter: 2,
        ...keep((scene) => (loud = scene)),
      });
      if (!quiet || !loud) throw new Error('a load was not played');
      [alone, beside] = [await p99(quiet), await p99(loud)];
      return verdict;
    },
    figures: async () =>
      against(
        'webhook to screen of the others, p99',
        { without: alone, within: beside },
        { ratio: 3, unnoticedMs: 300 },
      ),
  };
}

const noisyOf = (fleet: Pick<Fleet, 'tenants'>): LiveAccount => {
  const [first] = accountsOf(fleet);
  if (!first) throw new Error('nobody has an account');
  return first;
};

/** Of the load's messages for such accounts, sent in that time. */
function ackTimes(
  { fleet, load }: Pick<Scene, 'fleet' | 'load'>,
  from: number,
  to: number,
  isMeant: (account: LiveAccount) => boolean,
): number[] {
  const meant = new Set(
    load.written.flatMap(({ chat, externalId }) => {
      const account = load.chats[chat]?.account;
      return account && isMeant(account) ? [externalId] : [];
    }),
  );
  return [...fleet.journal.hooks.values()]
    .filter(({ sentAt, externalIds }) => sentAt >= from && sentAt < to && externalIds.some((id) => meant.has(id)))
    .flatMap(({ attempts }) => {
      const acked = attempts.find(({ status }) => status === 200);
      const [first] = attempts;
      return acked && first ? [acked.at + acked.ms - first.at] : [];
    });
}

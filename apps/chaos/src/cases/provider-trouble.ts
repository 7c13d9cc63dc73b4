import { updateAccount } from '@parley/contracts/accounts';
import { deliveryRank as rank } from '@parley/db/delivery-rank';
import type { Fleet } from '@parley/testing/rig/fleet';
import type { Call } from '@parley/testing/rig/journal';
import { percentile, WARM_MS } from '@parley/testing/rig/verdict';
import { waitFor } from '@parley/testing/wait-for';
import type { LiveAccount } from '@parley/testing/system/system';
import type { ChaosCase, Scene } from '../case';
import { accountsOf, chosenOf, goWrong } from './accounts';
import { against } from './against';

/** Agents write as much as customers do: what providers do to sends is to be seen. */
const busyAgents = { sends: 60 };
const BREAKER_OPENS_AFTER = 10;

export const providerCases: ChaosCase[] = [
  deadProvider(),
  {
    name: 'F16',
    title: 'a provider that takes a message and never answers',
    load: busyAgents,
    random: true,
    inject: ({ fleet }) => goWrong(fleet, chosenOf(fleet), [{ kind: 'late', ms: 120_000 }]),
    clear: ({ fleet }) => goWrong(fleet, chosenOf(fleet), []),
    figures: async (_scene, { callsPerIntent, unknownThatArrived }) => [
      { what: 'calls per answer', value: callsPerIntent, gate: { equal: 1 } },
      { what: 'arrived, and shown as unknown', value: unknownThatArrived, gate: { equal: 0 } },
    ],
  },
  {
    name: 'F17',
    title: 'a provider that answers 2xx after we stopped listening',
    load: busyAgents,
    random: true,
    inject: ({ fleet }) => goWrong(fleet, chosenOf(fleet), [{ kind: 'late', ms: 12_000 }]),
    clear: ({ fleet }) => goWrong(fleet, chosenOf(fleet), []),
    async figures({ fleet, load }, { unknownThatArrived }) {
      const ids = load.intents.map(({ messageId }) => messageId);
      const left = await fleet.sql`select from messages where id = any(${ids}::uuid[]) and delivery = ${rank.unknown}`;
      return [
        { what: 'unknown at the end', value: left.length, gate: { equal: 0 } },
        { what: 'arrived, and shown as unknown', value: unknownThatArrived, gate: { equal: 0 } },
      ];
    },
  },
  tooManyCalls(),
  revokedToken(),
];

function deadProvider(): ChaosCase {
  const inject = ({ fleet }: Scene) => goWrong(fleet, chosenOf(fleet), [{ kind: '5xx' }]);
  const clear = ({ fleet }: Scene) => goWrong(fleet, chosenOf(fleet), []);
  return {
    name: 'F15',
    title: 'a provider that answers 5xx for a minute',
    random: true,
    inject,
    clear,
    run: ({ perform }) =>
      perform({ load: { ...busyAgents, seconds: 90 }, injectAfter: 15, clearAfter: 75, inject, clear }),
    async figures({ fleet, load, marks: { injectedAt, clearedAt } }) {
      const dead = chosenOf(fleet).map(({ id }) => id);
      const waits = waitsOf({ fleet, load }).filter(({ account }) => !dead.includes(account.id));
      const p99 = (from: number, to: number) =>
        percentile(
          waits.filter(({ at }) => at >= from && at < to).map(({ ms }) => ms),
          0.99,
        );
      const times = { without: p99(injectedAt - WARM_MS, injectedAt), within: p99(injectedAt, clearedAt) };
      // A breaker looks again 30 s after it opened: within a minute it opens once, and a probe or two may follow.
      const failed = chosenOf(fleet).map((account) => callsOf(fleet, account, injectedAt, injectedAt + 25_000).length);
      return [
        ...against('p99 from key to call elsewhere', times, { ratio: 1.2, unnoticedMs: 150 }),
        {
          what: 'calls until the breakers of all workers opened',
          value: Math.max(...failed),
          gate: { atMost: fleet.workers.length * (BREAKER_OPENS_AFTER + IN_FLIGHT) },
        },
        { what: 'of those at least', value: Math.min(...failed), gate: { atLeast: 1 } },
      ];
    },
  };
}

/** Calls of one worker for one account that have begun when its tenth fails. */
const IN_FLIGHT = 2;

/** One send every tenth of a second an account: less than what has waited for 7 s wants. */
const slow = { perSecond: 10, burst: 1 };
/** Two calls that were let go a tenth of a second apart reach the provider closer than that. */
const JITTER = 1;

function tooManyCalls(): ChaosCase {
  const inject = async ({ fleet }: Scene) => {
    for (const [i, account] of accountsOf(fleet).entries())
      await goWrong(fleet, [account], [{ kind: '429', ms: i % 2 ? 7_000 : 0, times: 5 }]);
  };
  const clear = ({ fleet }: Scene) => goWrong(fleet, accountsOf(fleet), []);
  return {
    name: 'F18',
    title: 'too many requests, with Retry-After and without',
    inject,
    clear,
    async run({ fleet, perform }) {
      const paced = await pace(fleet);
      const verdict = await perform({ load: busyAgents, inject, clear });
      await paced.restore();
      return verdict;
    },
    async figures({ fleet, load }) {
      const calls = accountsOf(fleet).map((account) => callsOf(fleet, account, load.startedAt));
      const waited = calls.filter((_, i) => i % 2).map(waitAfterRefusal);
      const wanted = new Set(load.intents.map(({ text }) => text));
      const taken = calls.flat().filter(({ words, status }) => wanted.has(words ?? '') && status !== 429);
      return [
        {
          what: 'most calls in a second',
          value: Math.max(...calls.map(mostInASecond)),
          gate: { atMost: slow.perSecond + JITTER },
        },
        {
          what: 'shortest wait where 7 s were asked for',
          value: Math.min(...waited),
          unit: 'ms',
          gate: { atLeast: 6_900 },
        },
        { what: 'calls not refused per answer', value: taken.length / load.intents.length, gate: { equal: 1 } },
      ];
    },
  };
}

/** All accounts send slower, from now on until they are restored. */
async function pace({ sql }: Fleet): Promise<{ restore: () => Promise<void> }> {
  const rows = await sql<{ id: string; pacing: unknown }[]>`select id, pacing from accounts`;
  await sql`update accounts set pacing = ${sql.json({ account: slow })}`;
  const restore = async () => {
    for (const { id, pacing } of rows)
      await sql`update accounts set pacing = ${pacing === null ? null : sql.json(pacing as never)} where id = ${id}`;
  };
  return { restore };
}

function revokedToken(): ChaosCase {
  let storedAt = new Map<string, number>();
  return {
    name: 'F19',
    title: 'a token that was revoked',
    load: busyAgents,
    inject: ({ fleet }) => goWrong(fleet, chosenOf(fleet), [{ kind: 'auth' }]),
    async clear({ fleet, marks: { injectedAt } }) {
      const accounts = chosenOf(fleet);
      storedAt = new Map(await Promise.all(accounts.map((one) => pausedAt(fleet, one, injectedAt))));
      await goWrong(fleet, accounts, []);
      for (const account of accounts) await proveAnew(fleet, account);
    },
    async figures({ fleet, marks: { clearedAt } }) {
      const late = chosenOf(fleet).flatMap((account) =>
        callsOf(fleet, account, storedAt.get(account.id) ?? Infinity, clearedAt).filter(({ status }) => status === 401),
      );
      return [
        {
          what: 'accounts that were paused, and people told',
          value: storedAt.size,
          gate: { equal: chosenOf(fleet).length },
        },
        { what: 'calls begun after the first refusal was stored', value: late.length, gate: { equal: 0 } },
      ];
    },
  };
}

/** When people were told that an account needs new credentials; epoch ms. */
async function pausedAt({ sql }: Fleet, account: LiveAccount, since: number): Promise<[string, number]> {
  const row = await waitFor(`${account.ref} to need new credentials`, async () => {
    const [found] = await sql<{ at: number }[]>`
      select extract(epoch from at)::float8 * 1000 as at from events
      where tenant_id = ${account.tenantId} and type = 'account.updated' and at >= to_timestamp(${since / 1000})
        and data like ${`%${account.id}%`} and data like '%needs_reauth%' order by seq limit 1`;
    return found;
  });
  return [account.id, row.at];
}

/** What an admin does about it: the same credentials again, which the provider takes now. */
async function proveAnew({ app, tenants }: Fleet, account: LiveAccount): Promise<void> {
  const owner = tenants.find(({ tenant }) => tenant.id === account.tenantId)?.owner;
  if (!owner) throw new Error('an account of nobody');
  const { status, body } = await app
    .as(owner)
    .call(updateAccount, { params: { id: account.id }, body: { config: account.config, paused: false } });
  if (status !== 200) throw new Error(`${account.ref} was not taken back: ${JSON.stringify(body)}`);
}

/** How long answers waited from the agent's key to the first call. */
function waitsOf({ fleet, load }: Pick<Scene, 'fleet' | 'load'>): { account: LiveAccount; at: number; ms: number }[] {
  const first = new Map<string, number>();
  for (const { words, at } of fleet.journal.calls.values())
    if (words !== undefined && !first.has(words)) first.set(words, at);
  return load.intents.flatMap(({ text, chat, wantedAt }) => {
    const [account, called] = [load.chats[chat]?.account, first.get(text)];
    return account && called !== undefined ? [{ account, at: wantedAt, ms: called - wantedAt }] : [];
  });
}

/** Sends that the provider was asked for, in order. */
function callsOf({ journal }: Fleet, account: LiveAccount, from: number, to = Infinity): Call[] {
  const key = `${account.provider}/${account.ref}`;
  return [...journal.calls.values()]
    .filter((call) => call.words !== undefined && call.account === key && call.at >= from && call.at < to)
    .sort((a, b) => a.at - b.at);
}

function mostInASecond(calls: Call[]): number {
  return calls.reduce((most, { at }, i) => {
    const within = calls.slice(i).findIndex((later) => later.at >= at + 1_000);
    return Math.max(most, within < 0 ? calls.length - i : within);
  }, 0);
}

/** From the first refusal to the first call that comes later than what was in flight; of none there is none: NaN. */
function waitAfterRefusal(calls: Call[]): number {
  const refused = calls.find(({ status }) => status === 429);
  const next = refused && calls.find(({ at }) => at > refused.at + 500);
  return refused && next ? next.at - refused.at : NaN;
}

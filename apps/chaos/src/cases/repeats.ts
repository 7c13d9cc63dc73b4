import { setTimeout as delay } from 'node:timers/promises';
import { changeCall, postAs, statusCall, textCall } from '@parley/testing/system/provider-calls';
import type { Fleet } from '@parley/testing/rig/fleet';
import type { LiveAccount } from '@parley/testing/system/system';
import { waitFor } from '@parley/testing/wait-for';
import { Agent, request } from 'undici';
import type { ChaosCase, RunScene } from '../case';
import { accountsOf, goWrong } from './accounts';

const LIVE_RATE = 150;
const YESTERDAY = 10_000;
const AT_ONCE = 64;

export const repeatCases: ChaosCase[] = [
  {
    name: 'F20',
    title: 'every webhook five times, to two processes at once',
    random: true,
    quick: true,
    load: { perSecond: 60 },
    inject: ({ fleet }) => goWrong(fleet, accountsOf(fleet), [{ kind: 'duplicate', copies: 5 }]),
    clear: ({ fleet }) => goWrong(fleet, accountsOf(fleet), []),
    async figures({ fleet, marks: { injectedAt, clearedAt } }) {
      const hooks = [...fleet.journal.hooks.values()].filter(({ sentAt }) => sentAt > injectedAt && sentAt < clearedAt);
      const messages = new Set(hooks.flatMap(({ externalIds }) => externalIds));
      const copies = hooks.filter(({ externalIds }) => externalIds.length).length / Math.max(1, messages.size);
      return [{ what: 'copies of each message', value: copies, unit: '×', gate: { atLeast: 4.5 } }];
    },
  },
  shuffled(),
  replayed(),
];

/** The same happenings to two accounts, to one in order and to the other shuffled, statuses before their messages. */
function shuffled(): ChaosCase {
  let [same, of] = [0, 0];
  return {
    name: 'F21',
    title: 'webhooks in any order, statuses before messages',
    inject: async () => {},
    clear: async () => {},
    run: ({ perform, fleet, random }) =>
      perform({
        async inject() {
          [same, of] = [0, 0];
          for (const provider of ['evolution', 'cloud-api']) {
            const [ordered, mixed] = accountsOf(fleet).filter((account) => account.provider === provider);
            if (!ordered || !mixed) throw new Error(`two accounts of ${provider} are needed`);
            const story = storyOf(random);
            await tell(fleet, ordered, story);
            await tell(fleet, mixed, inWindows(story, random));
            of++;
            if ((await stateOf(fleet, ordered)) === (await stateOf(fleet, mixed))) same++;
          }
        },
      }),
    figures: async () => [
      { what: 'providers', value: of, gate: { equal: 2 } },
      { what: 'of them ending as in order', value: same, gate: { equal: of } },
    ],
  };
}

const CHATS = 10;
const EACH = 40;
/** How far a webhook is from its place. */
const WINDOW = 20;

type Said = { chat: number; call: (account: LiveAccount) => string };

/** Chats whose messages a second apart are edited, reacted to, deleted and, where ours, acknowledged. */
function storyOf(random: () => number): Said[] {
  const story: Said[] = [];
  const start = Math.floor(Date.now() / 1000) * 1000 - EACH * 10_000;
  for (let k = 0; k < EACH; k++) {
    for (let chat = 0; chat < CHATS; chat++) {
      const at = new Date(start + k * 2_000);
      const later = new Date(start + k * 2_000 + 1_000);
      const [id, from, own] = [`S${chat}-${k}`, `+1216555${1000 + chat}`, k % 4 === 3];
      story.push({ chat, call: (account) => textCall(account, { id, from, text: `${chat}.${k}`, at, own }) });
      const what = random();
      const change = { id: `${id}C`, target: id, at: later, from };
      if (own)
        for (const word of ['delivered', 'read'] as const)
          story.push({ chat, call: (account) => statusCall(account, id, word) });
      else if (what < 0.2)
        story.push({
          chat,
          call: (account) => changeCall(account, { ...change, what: { edit: `${chat}.${k} edited` } }),
        });
      else if (what < 0.4)
        story.push({ chat, call: (account) => changeCall(account, { ...change, what: { react: '👍' } }) });
      else if (what < 0.5) story.push({ chat, call: (account) => changeCall(account, { ...change, what: 'delete' }) });
    }
  }
  return story;
}

/** Shuffled within each chat, at most so far. */
function inWindows(story: Said[], random: () => number): Said[] {
  return [...Map.groupBy(story, ({ chat }) => chat).values()].flatMap((chat) =>
    chat
      .map((said, i) => ({ said, place: i + random() * WINDOW }))
      .sort((a, b) => a.place - b.place)
      .map(({ said }) => said),
  );
}

async function tell(fleet: Fleet, account: LiveAccount, story: Said[]): Promise<void> {
  for (const { call } of story) {
    const status = await postAs(fleet, account, call(account), { url: fleet.entry });
    if (status !== 200) throw new Error(`a webhook was answered with ${status}`);
  }
  await waitFor(
    'the story to be applied',
    async () => !(await fleet.sql`select from pending where account_id = ${account.id} and dead is null`).length,
    { timeoutMs: 60_000 },
  );
}

/** All that an agent sees of these chats, without our own ids. */
async function stateOf({ sql }: Fleet, account: LiveAccount): Promise<string> {
  const rows = await sql`
    select c.external_id phone, m.direction, m.origin, m.delivery, m.content, m.deleted_at is not null deleted, m.edited_at is not null edited,
      (select json_agg(json_build_object('who', r.actor = 'us', 'emoji', r.emoji) order by r.actor = 'us') from reactions r
        where r.tenant_id = m.tenant_id and r.message_id = m.id) reactions,
      row_number() over (partition by m.conversation_id order by m.position, m.id) nth
    from messages m join chats c on c.tenant_id = m.tenant_id and c.id = m.chat_id
    where c.account_id = ${account.id} and c.external_id like '+1216555%' and m.direction <> 'system'
    order by 1, nth`;
  return JSON.stringify(rows);
}

/** All of a day that is over, once more: the door has forgotten it, the externals have not. */
function replayed(): ChaosCase {
  let [news, events, rate] = [0, 0, 0];
  return {
    name: 'F22',
    title: 'yesterday’s webhooks once more',
    inject: async () => {},
    clear: async () => {},
    async run({ perform, fleet }) {
      const verdict = await perform({
        load: { perSecond: LIVE_RATE, seconds: YESTERDAY / LIVE_RATE },
        injectAfter: 0,
        clearAfter: 0,
      });
      const calls = await webhooksOf(fleet);
      await fleet.sql`update webhooks set received_on = received_on - 1`;
      const before = await countsOf(fleet);
      const started = performance.now();
      await postAll(fleet, calls);
      await waitFor(
        'all to be applied',
        async () => !(await fleet.sql`select from pending where dead is null limit 1`).length,
        {
          timeoutMs: 120_000,
        },
      );
      rate = calls.length / ((performance.now() - started) / 1000);
      await delay(1_000); // whoever was to hear of something has heard by now
      const after = await countsOf(fleet);
      [news, events] = [after.messages - before.messages, after.events - before.events];
      return verdict;
    },
    figures: async () => [
      { what: 'new messages', value: news, gate: { equal: 0 } },
      { what: 'new events', value: events, gate: { equal: 0 } },
      { what: 'webhooks applied', value: rate, unit: '/s', gate: { atLeast: 2 * LIVE_RATE } },
    ],
  };
}

interface Webhook {
  path: string;
  headers: Record<string, string>;
  body: string;
}

async function webhooksOf(fleet: RunScene['fleet']): Promise<Webhook[]> {
  const all: Webhook[] = [];
  for (const { provider, ref } of accountsOf(fleet))
    for (const entry of await fleet.simulator.journal(provider, ref))
      if (entry.type === 'webhook')
        all.push({
          path: new URL(String(entry.url)).pathname,
          headers: entry.headers as Record<string, string>,
          body: String(entry.body),
        });
  return all.slice(-YESTERDAY);
}

/** As fast as they are taken; who is told to come again comes again. */
async function postAll(fleet: Fleet, calls: Webhook[]): Promise<void> {
  const dispatcher = new Agent({ connections: AT_ONCE });
  const left = calls.values();
  const post = async () => {
    for (const { path, headers, body } of left) {
      for (let status = 0; status !== 200;) {
        const answer = await request(fleet.entry + path, { method: 'POST', headers, body, dispatcher });
        await answer.body.dump();
        status = answer.statusCode;
        if (status !== 200) await delay(100);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, post));
  await dispatcher.close();
}

async function countsOf({ sql }: Fleet): Promise<{ messages: number; events: number }> {
  const [row] = await sql<{ messages: number; events: number }[]>`
    select (select count(*)::int from messages) messages, (select count(*)::int from events) events`;
  if (!row) throw new Error('a count always answers');
  return row;
}

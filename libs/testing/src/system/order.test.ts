import type { ProviderName } from '@parley/contracts/accounts';
import { sendMessage, type Message } from '@parley/contracts/messages';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestAccount } from '../account';
import type { TestMember } from '../tenant';
import { bubblesIn } from './desk';
import { changeCall, postAs, statusCall, textCall, untilApplied, type Change } from './provider-calls';
import { conversationsOf, threadOf, wordsOf } from './reading';
import { startSystem, type System } from './system';

const providers: ProviderName[] = ['evolution', 'cloud-api'];
const RUNS = 10;
const WINDOW = 20;
const LONG = 120_000;
const SECOND = 1000;
const DAY = 86_400 * SECOND;

let system: System;
const counts = { threads: 0, calls: 0, late: 0 };

beforeAll(async () => {
  system = await startSystem();
}, 120_000);
afterAll(async () => {
  await system?.close();
  console.log(
    `order: ${counts.threads} threads of ${counts.calls} shuffled calls like those told in order, ${counts.late} messages marked late`,
  );
});

interface Place {
  owner: TestMember;
  account: TestAccount;
}

async function open(provider: ProviderName): Promise<Place> {
  const { tenant, owner } = await system.app.newTenant();
  return { owner, account: await tenant.newAccount(provider) };
}

/** One thing that is told, with its place in the order in which it happened. */
type Step =
  | { does: 'write'; own: boolean; gap: number }
  | { does: 'edit' | 'react' | 'take back' | 'delete' | 'read'; of: number };

const write = fc.record({
  does: fc.constant('write' as const),
  own: fc.boolean(),
  gap: fc.constantFrom(0, 0, 1, 2, 40, 70),
});
const change = fc.record({
  does: fc.constantFrom('edit' as const, 'react' as const, 'take back' as const, 'delete' as const, 'read' as const),
  of: fc.nat(19),
});
const script = fc.record({
  steps: fc.array(fc.oneof({ weight: 2, arbitrary: write }, { weight: 1, arbitrary: change }), {
    minLength: 20,
    maxLength: 45,
  }),
  /** How far each call is overtaken. */
  delays: fc.array(fc.nat(WINDOW), { minLength: 45, maxLength: 45 }),
  /** The provider's clock against ours. One that runs ahead is believed for five minutes: below. */
  skew: fc.constantFrom(0, -DAY, 200 * SECOND),
});

interface Told {
  body(account: TestAccount): string;
  /** Of a message: its date, seconds. */
  dated?: { text: string; at: number };
}

/** Everything happens a second or more apart, but for messages, which may share one; the last is now. */
function tell(steps: Step[], skew: number): Told[] {
  const total = steps.reduce((sum, step) => sum + (step.does === 'write' ? step.gap : 1), 0);
  let at = Math.floor((Date.now() + skew) / SECOND) - total;
  const written: { id: string; own: boolean }[] = [];
  return steps.flatMap((step, i): Told[] => {
    if (step.does === 'write') {
      at += step.gap;
      const said = { id: `M${i}`, text: `text ${i}`, own: step.own, at: new Date(at * SECOND) };
      written.push(said);
      return [{ body: (account) => textCall(account, said), dated: { text: said.text, at } }];
    }
    at += 1;
    const target = written[step.of % Math.max(1, written.length)];
    return target ? [{ body: bodyOf(step.does, target, { i, at: new Date(at * SECOND) }) }] : [];
  });
}

function bodyOf(
  does: Exclude<Step['does'], 'write'>,
  target: { id: string; own: boolean },
  { i, at }: { i: number; at: Date },
): Told['body'] {
  if (does === 'read') return (account) => statusCall(account, target.id, 'read');
  const what: Record<typeof does, Change['what']> = {
    edit: { edit: `edit ${i}` },
    react: { react: i % 2 ? '👍' : '❤️' },
    'take back': { react: '' },
    delete: 'delete',
  };
  return (account) => changeCall(account, { id: `C${i}`, target: target.id, at, what: what[does] });
}

async function post({ account }: Place, told: Told[]): Promise<void> {
  for (const one of told) expect(await postAs(system, account, one.body(account))).toBe(200);
  await untilApplied(system, [account]);
}

async function threadAt({ owner }: Place): Promise<Message[]> {
  const caller = system.app.as(owner);
  const [conversation, ...others] = await conversationsOf(caller);
  expect(others).toEqual([]);
  return conversation ? bubblesIn(await threadOf(caller, conversation.id)) : [];
}

/** What people see of each, in order; those of one second in any. */
function shown(thread: Message[]) {
  const lines = thread.map((message) => ({
    at: message.sentAt,
    words: wordsOf(message),
    direction: message.direction,
    edited: message.editedAt !== null,
    deleted: message.deletedAt !== null,
    reactions: message.reactions,
    status: message.delivery?.status,
  }));
  return [...Map.groupBy(lines, ({ at }) => at).values()].map((group) =>
    group.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  );
}

describe.concurrent.each(providers)('%s', (provider) => {
  it(
    'ends in the thread of the order in which things happened, whatever order within twenty they come in',
    async () => {
      await fc.assert(
        fc.asyncProperty(script, async ({ steps, delays, skew }) => {
          const told = tell(steps, skew);
          const shuffled = told
            .map((one, i) => ({ one, key: i + (delays[i] ?? 0) }))
            .sort((a, b) => a.key - b.key)
            .map(({ one }) => one);
          const [model, place] = [await open(provider), await open(provider)];
          await Promise.all([post(model, told), post(place, shuffled)]);
          const [wanted, seen] = [await threadAt(model), await threadAt(place)];
          expect(shown(seen)).toEqual(shown(wanted));
          expect(
            seen
              .filter(({ late }) => late)
              .map(sentAt)
              .sort(),
          ).toEqual(lateOf(shuffled));
          expect(wanted.some(({ late }) => late)).toBe(false);
          counts.threads++;
          counts.calls += told.length;
          counts.late += seen.filter(({ late }) => late).length;
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
    },
    LONG,
  );

  it('never puts an answer above its question, a day ahead or a day behind', async () => {
    for (const skew of [DAY, -DAY, DAY / 2]) {
      const place = await open(provider);
      const caller = system.app.as(place.owner);
      for (let i = 0; i < 5; i++) {
        const at = new Date(Date.now() + skew);
        await postAs(system, place.account, textCall(place.account, { id: `Q${i}`, text: `question ${i}`, at }));
        await untilApplied(system, [place.account]);
        const [conversation] = await conversationsOf(caller);
        if (!conversation) throw new Error('no conversation');
        if (provider === 'cloud-api' && skew < 0) continue; // its window is closed by that clock
        const content = { type: 'text' as const, text: `answer ${i}` };
        expect((await caller.call(sendMessage, { body: { conversationId: conversation.id, content } })).status).toBe(
          202,
        );
        await postAs(
          system,
          place.account,
          textCall(place.account, { id: `P${i}`, text: `from the phone ${i}`, own: true, at }),
        );
        await untilApplied(system, [place.account]);
      }
      const words = (await threadAt(place)).map(wordsOf);
      const round = (i: number) => [
        `question ${i}`,
        ...(provider === 'cloud-api' && skew < 0 ? [] : [`answer ${i}`, `from the phone ${i}`]),
      ];
      expect(words, `${skew}`).toEqual([0, 1, 2, 3, 4].flatMap(round));
    }
  });

  it('says that a message is late when we answered in between, or a minute lies there', async () => {
    const place = await open(provider);
    const caller = system.app.as(place.owner);
    const start = Date.now() - 300 * SECOND;
    const say = (text: string, seconds: number) =>
      postAs(
        system,
        place.account,
        textCall(place.account, { id: text, text, at: new Date(start + seconds * SECOND) }),
      );
    await say('one', 0);
    await say('four', 90);
    await untilApplied(system, [place.account]);
    const [conversation] = await conversationsOf(caller);
    const content = { type: 'text' as const, text: 'answer' };
    const answer = await caller.call(sendMessage, { body: { conversationId: conversation?.id ?? '', content } });
    expect(answer.status).toBe(202);
    await say('two', 10); // a minute before the fourth
    await say('three', 80); // not that, but we answered
    await say('six', 100);
    await untilApplied(system, [place.account]);
    await say('five', 95); // before the answer, which has no date: right after the last one not dated later
    await say('seven', 130);
    await untilApplied(system, [place.account]);
    await say('between', 110); // nobody answered since, and no minute lies there
    await untilApplied(system, [place.account]);
    expect((await threadAt(place)).map((message) => [wordsOf(message), message.late])).toEqual([
      ['one', false],
      ['two', true],
      ['three', true],
      ['four', false],
      ['five', true],
      ['answer', false],
      ['six', false],
      ['between', false],
      ['seven', false],
    ]);
  });
});

const sentAt = (message: Message) => message.sentAt;

/** Dates of those that come when the thread is a minute further already. */
function lateOf(arrived: Told[]): string[] {
  let newest = 0;
  const late = arrived.flatMap(({ dated }) => {
    if (!dated) return [];
    const isLate = newest - dated.at >= 60;
    newest = Math.max(newest, dated.at);
    return isLate ? [new Date(dated.at * SECOND).toISOString()] : [];
  });
  return late.sort();
}

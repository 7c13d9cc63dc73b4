import { updateContact } from '@parley/contracts/contacts';
import {
  assignConversation,
  markConversationRead,
  setConversationLabels,
  setConversationStatus,
} from '@parley/contracts/conversations';
import { createLabel } from '@parley/contracts/labels';
import { sendMessage } from '@parley/contracts/messages';
import { startApp, type TestApp } from '@parley/testing/app';
import type { TestConversation } from '@parley/testing/conversation';
import { Customers } from '@parley/testing/customer';
import { TestStream } from '@parley/testing/event-stream';
import { Screen } from '@parley/testing/screen';
import type { TestMember, TestTenant } from '@parley/testing/tenant';
import { waitFor } from '@parley/testing/wait-for';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from '../create-app';

const EVENTS = 2000;
const CUTS = 50;
const CONVERSATIONS = 24;
/** Of them so many stay with the agent, whose threads are open all the time. */
const STAYING = 8;
/** So often everybody stops for a moment, and the clients open what came into their sight. */
const BREAKS = 7;
/** Writers at the same time. */
const WRITERS = 6;

let app: TestApp;
let customers: Customers;
/** Two api processes' worth: a client that was cut comes back to either. */
let urls: string[];
beforeAll(async () => {
  app = await startApp({ api: serveApi });
  urls = [app.url, (await app.start(serveApi)).url];
  customers = Customers.of(app);
});
afterAll(async () => {
  await customers?.close();
  await app?.close();
});

/** Repeatable randomness: the seed is printed. */
const seed = Math.floor(Math.random() * 2 ** 31);
let state = seed;
function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}
function oneOf<T>(list: readonly T[]): T {
  const one = list[Math.floor(random() * list.length)];
  if (one === undefined) throw new Error('nothing to choose from');
  return one;
}

/** A client that is cut, and comes back by the id of the last frame it saw. */
class Follower {
  cuts = 0;
  frames = 0;
  removed = 0;
  last: string | null = null;
  private stream: TestStream | null = null;

  constructor(
    readonly member: TestMember,
    readonly screen: Screen,
  ) {}

  get isOpen(): boolean {
    return this.stream !== null;
  }

  async connect(): Promise<void> {
    const lastEventId =
      this.stream === null && this.cuts > 0 ? { lastEventId: this.lastId } : { after: this.screen.seq };
    this.stream = await TestStream.open({
      url: oneOf(urls),
      cookie: this.member.cookie,
      ...lastEventId,
      onEvent: (event) => {
        this.screen.apply(event);
        this.frames++;
        if (event.type === 'conversation.removed') this.removed++;
        if (event.type === 'label.updated') this.last = event.label.name;
      },
    });
    expect(this.stream.response.status).toBe(200);
  }

  cut(): void {
    if (!this.stream) return;
    this.lastId = this.stream.lastId;
    this.stream.cut();
    this.stream = null;
    this.cuts++;
  }

  end(): void {
    expect(this.stream?.resets).toEqual([]);
    this.stream?.cut();
  }

  private lastId = 0;
}

it(
  `ends with the screen of a fresh fetch after ${EVENTS} events and ${CUTS} cuts, for agent, manager and admin`,
  { timeout: 300_000 },
  async () => {
    const { tenant, owner: admin } = await app.newTenant();
    const [manager, agent, colleague] = [
      await tenant.newMember('manager'),
      await tenant.newMember('agent'),
      await tenant.newMember('agent'),
    ];
    const conversations: TestConversation[] = [];
    for (let i = 0; i < CONVERSATIONS; i++)
      conversations.push(
        await tenant.newConversation({ assigneeId: i < STAYING ? agent.id : oneOf([null, agent.id, colleague.id]) }),
      );
    const { body: label } = await app.as(admin).call(createLabel, { body: { name: 'VIP', hue: 25 } });
    const followers = await Promise.all(
      [agent, manager, admin].map(
        async (member) => new Follower(member, await Screen.fetch(app.as(member), member.id)),
      ),
    );
    await Promise.all(followers.map((follower) => follower.connect()));

    const writer = writerOf({ tenant, admin, manager, agents: [agent, colleague], conversations, labelId: label.id });
    const began = performance.now();
    let [told, breaks] = [0, 0];
    const takeBreak = async (name: string) => {
      await app.as(admin).call(createLabel, { body: { name, hue: 60 } }); // everybody is told of it, after all that was before
      for (const follower of followers) {
        if (!follower.isOpen) await follower.connect();
        await waitFor(`${name} to reach the ${follower.member.role}`, () => follower.last === name);
        await follower.screen.openAll(app.as(follower.member));
      }
    };
    while (told < EVENTS || followers.some(({ cuts }) => cuts < CUTS)) {
      await Promise.all(Array.from({ length: WRITERS }, () => writer()));
      told = await countEvents(tenant.id);
      if (breaks < BREAKS && told > (EVENTS / (BREAKS + 1)) * (breaks + 1)) await takeBreak(`Break ${++breaks}`);
      for (const follower of followers) {
        // Some stay away for a while, so that what they missed is more than the next moment.
        if (!follower.isOpen) await (random() < 0.6 ? follower.connect() : undefined);
        else if (follower.cuts < CUTS && random() < 0.5) follower.cut();
      }
    }
    for (const follower of followers) if (!follower.isOpen) await follower.connect();
    await app.as(admin).call(createLabel, { body: { name: 'The end', hue: 60 } });
    const seconds = (performance.now() - began) / 1000;

    for (const follower of followers) {
      const { member, screen } = follower;
      await waitFor(`the last event to reach the ${member.role}`, () => follower.last === 'The end');
      const fresh = await Screen.fetch(app.as(member), member.id);
      expect(screen.shown(), `seed ${seed}, ${member.role}`).toEqual(fresh.shown(screen));
      expect(follower.cuts).toBe(CUTS);
      const { conversations: seen, threads, messages } = screen.size;
      console.log(
        `${member.role}: ${follower.cuts} cuts, ${follower.frames} frames, ${follower.removed} conversations taken away; ` +
          `final state equals a fresh fetch: ${seen} conversations, ${threads} open threads, ${messages} messages`,
      );
      follower.end();
    }
    console.log(
      `${await countEvents(tenant.id)} events in ${seconds.toFixed(1)} s, ${WRITERS} writers, 2 api processes, seed ${seed}`,
    );
  },
);

interface Cast {
  tenant: TestTenant;
  admin: TestMember;
  manager: TestMember;
  agents: TestMember[];
  conversations: TestConversation[];
  labelId: string;
}

/** Each call does one thing that somebody in an inbox does; half of them move a conversation to somebody else. */
function writerOf({ tenant, admin, manager, agents, conversations, labelId }: Cast): () => Promise<void> {
  const sent: string[] = [];
  const moving = conversations.slice(STAYING);
  const boss = () => app.as(oneOf([admin, manager]));
  const acts: (() => Promise<unknown>)[] = [
    async () => {
      const memberId = oneOf([null, ...agents.map(({ id }) => id)]);
      await boss().call(assignConversation, { params: { id: oneOf(moving).id }, body: { memberId } });
    },
    () =>
      app
        .as(oneOf(agents))
        .call(assignConversation, { params: { id: oneOf(moving).id }, body: { memberId: oneOf(agents).id } }), // some they do not see
    () => customers.write(oneOf(conversations), `Question ${random()}`),
    async () => {
      const content = { type: 'text' as const, text: `Answer ${random()}` };
      const { status, body } = await app
        .as(oneOf([...agents, manager]))
        .call(sendMessage, { body: { conversationId: oneOf(conversations).id, content } });
      if (status === 202) sent.push(body.messageId);
    },
    async () => {
      const id = sent.shift();
      if (id) await customers.settle(tenant.id, id, oneOf(['sent', 'delivered', 'read', 'failed']));
    },
    () =>
      boss().call(setConversationStatus, {
        params: { id: oneOf(conversations).id },
        body: { status: oneOf(['open', 'pending', 'resolved']) },
      }),
    () =>
      app.as(oneOf([...agents, admin])).call(markConversationRead, {
        params: { id: oneOf(conversations).id },
        body: { seen: Math.floor(random() * 100) },
      }),
    () =>
      boss().call(setConversationLabels, {
        params: { id: oneOf(conversations).id },
        body: { labelIds: oneOf([[], [labelId]]) },
      }),
    () =>
      boss().call(updateContact, {
        params: { id: oneOf(conversations).contactId },
        body: { name: `Rita ${Math.floor(random() * 1e6)}` },
      }),
  ];
  return async () => void (await (random() < 0.5 ? oneOf(acts.slice(0, 2)) : oneOf(acts))());
}

async function countEvents(tenantId: string): Promise<number> {
  const [row] = await app.sql<
    { count: number }[]
  >`select count(*)::int count from events where tenant_id = ${tenantId}`;
  return row?.count ?? 0;
}

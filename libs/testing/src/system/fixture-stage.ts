import { fixtures, type Fixture } from '@parley/channels/testing/fixtures';
import type { ChannelEvent, ChatRef } from '@parley/channels/provider';
import type { ProviderName } from '@parley/contracts/accounts';
import type { TestAccount } from '../account';
import { messageCall, postAs, untilApplied } from './provider-calls';
import type { System } from './system';
import type { TestMember, TestTenant } from '../tenant';

/** Ids that the fixtures are written with, in the order of the accounts that stand for them. */
const written = {
  evolution: [{ instance: 't42-sales', apiKey: 'inst-7f3c9a52' }],
  'cloud-api': [
    { phoneNumberId: '419027735610882', wabaId: '271650338812904' },
    { phoneNumberId: '500000000000001', wabaId: '990000000000001' },
  ],
  'green-api': [{ idInstance: '7103000123' }],
  slack: [{ teamId: 'T0ACME0001' }],
} satisfies Record<ProviderName, Record<string, string>[]>;

interface Place {
  tenant: TestTenant;
  admin: TestMember;
  account: TestAccount;
}

/** One fixture on tenants and accounts of its own, so that nothing of another is in its way. */
export class FixtureStage {
  private constructor(
    private readonly system: System,
    readonly provider: ProviderName,
    private readonly fixture: Fixture,
    readonly places: Place[],
  ) {}

  static async open(system: System, provider: ProviderName, fixture: Fixture): Promise<FixtureStage> {
    const text = Buffer.from(fixture.call.body).toString();
    const needed = written[provider].filter((ids, i) => i === 0 || Object.values(ids).some((id) => text.includes(id)));
    const places = await Promise.all(needed.map(() => newPlace(system, provider)));
    return new FixtureStage(system, provider, fixture, places);
  }

  /** Messages that the fixture's events are about, told before it. Answers how many. */
  async setTheScene(): Promise<number> {
    const scene = sceneOf(this.provider, this.fixture.events);
    for (const { id, chat, own, image } of scene) {
      await this.post(
        image ? this.image(id) : messageCall(this.account, chat, { id, text: `message ${id}`, at: EARLIER, own }),
      );
    }
    await this.applied();
    return scene.length;
  }

  /** What it tells, of these accounts. */
  get events(): ChannelEvent[] {
    const text = this.addressed(JSON.stringify(this.fixture.events));
    const times = new Set(['at', 'sentAt']);
    const revive = (name: string, value: unknown) =>
      times.has(name) && typeof value === 'string' ? new Date(value) : value;
    return JSON.parse(text, revive) as ChannelEvent[]; // as they were written, but for the ids
  }

  /** The recorded call, for these accounts. Answers the status, and the bytes that went out. */
  async play(): Promise<{ status: number; body: string }> {
    const body = this.readdressed(this.fixture);
    const status = await this.post(body);
    await this.applied();
    return { status, body };
  }

  private get account(): TestAccount {
    const [first] = this.places;
    if (!first) throw new Error('no account');
    return first.account;
  }

  private post(body: string): Promise<number> {
    return postAs(this.system, this.account, body);
  }

  private applied(): Promise<void> {
    return untilApplied(
      this.system,
      this.places.map(({ account }) => account),
    );
  }

  private image(id: string): string {
    const [, fixture] = fixtures(this.provider).find(([name]) => name === 'image') ?? [];
    const [event] = fixture?.events ?? [];
    if (!fixture || event?.type !== 'message.received') throw new Error('there is no picture among the fixtures');
    return this.readdressed(fixture).replaceAll(event.externalId, id);
  }

  private readdressed({ call }: Fixture): string {
    return this.addressed(Buffer.from(call.body).toString());
  }

  private addressed(call: string): string {
    let text = call;
    for (const [i, ids] of written[this.provider].entries()) {
      const config = this.places[i]?.account.config;
      for (const [field, id] of Object.entries(ids)) if (config) text = text.replaceAll(id, String(config[field]));
    }
    return text;
  }
}

async function newPlace(system: System, provider: ProviderName): Promise<Place> {
  const { tenant, owner: admin } = await system.app.newTenant();
  const account = await tenant.newAccount(provider);
  await system.app.sql`update accounts set state_at = ${EARLIER} where id = ${account.id}`;
  return { tenant, admin, account };
}

/** Before whatever a fixture tells. */
const EARLIER = new Date('2025-12-31T10:00:00.000Z');
const someone: Record<ProviderName, ChatRef> = {
  evolution: { kind: 'direct', addresses: [{ kind: 'phone', address: '+15550107788' }] },
  'cloud-api': { kind: 'direct', addresses: [{ kind: 'phone', address: '+15550182236' }] },
  'green-api': { kind: 'direct', addresses: [{ kind: 'phone', address: '+15550107788' }] },
  slack: { kind: 'group', externalId: 'C0SUPPORT1' },
};

interface Scene {
  id: string;
  chat: ChatRef;
  own?: boolean;
  image?: boolean;
}

function sceneOf(provider: ProviderName, events: ChannelEvent[]): Scene[] {
  const told = new Set(events.flatMap((event) => (event.type === 'message.received' ? [event.externalId] : [])));
  const scene = new Map<string, Scene>();
  for (const event of events) {
    const one = sceneFor(event, someone[provider]);
    if (one && !told.has(one.id) && !scene.has(one.id)) scene.set(one.id, one);
  }
  return [...scene.values()];
}

function sceneFor(event: ChannelEvent, chat: ChatRef): Scene | null {
  switch (event.type) {
    case 'message.received':
      return event.quote ? { id: event.quote.externalId, chat: event.chat } : null;
    case 'message.edited':
      return { id: event.externalId, chat: event.chat ?? chat, image: event.content.type === 'media' };
    case 'message.deleted':
    case 'message.reacted':
      return { id: event.externalId, chat: event.chat ?? chat };
    case 'delivery.updated':
      return { id: event.externalId, chat, own: true };
    case 'participants.changed':
    case 'chat.renamed':
    case 'typing.changed':
      return { id: 'BEFORE', chat: event.chat };
    case 'contact.named':
      return { id: 'BEFORE', chat: { kind: 'direct', addresses: event.addresses } };
    case 'contact.linked':
      return { id: 'BEFORE', chat: { kind: 'direct', addresses: [event.known] } };
    case 'account.changed':
    case 'account.noted':
    case 'templates.changed':
      return null;
  }
}

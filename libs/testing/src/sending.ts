import { createHmac } from 'node:crypto';
import { Readable } from 'node:stream';
import type { AccountState, ProviderName } from '@parley/contracts/accounts';
import type { Content } from '@parley/contracts/content';
import { createPool } from '@parley/db/pools';
import { uuid7 } from '@parley/db/uuid';
import type { MemberContext } from '@parley/inbox/context';
import { closed } from '@parley/inbox/conversations/sight';
import { lockAny } from '@parley/inbox/conversations/locked-conversation';
import { storageKey } from '@parley/inbox/files/file-links';
import { Retry } from '@parley/inbox/lanes/batch';
import { IntakeService } from '@parley/inbox/intake/intake.service';
import { NamesService } from '@parley/inbox/names/names.service';
import { LanesService } from '@parley/inbox/lanes/lanes.service';
import { appendOutbound } from '@parley/inbox/messages/append';
import { DeliveriesService } from '@parley/inbox/sending/deliveries.service';
import { Pacer } from '@parley/inbox/sending/pacer';
import { Results } from '@parley/inbox/sending/results';
import { SenderService } from '@parley/inbox/sending/sender.service';
import { TrafficService } from '@parley/inbox/upkeep/traffic.service';
import { Bells } from '@parley/platform/bells';
import { CredentialBox } from '@parley/platform/credentials';
import { createEgress } from '@parley/platform/egress';
import { LocalFiles } from '@parley/platform/local-files';
import { Metrics } from '@parley/platform/metrics';
import { createRedis } from '@parley/platform/platform.module';
import { RealtimeBus } from '@parley/platform/realtime-bus';
import { steadyPool, SteadyPool } from '@parley/platform/steady-pool';
import { TenantDb, type TenantTx } from '@parley/platform/tenant-db';
import { Tracing } from '@parley/platform/tracing';
import { providerOf } from '@parley/channels/registry';
import { Logger } from '@nestjs/common';
import { startApp, type TestApp } from './app';
import type { TestAccount } from './account';
import type { TestConversation } from './conversation';
import { ScriptedProvider } from './scripted-provider';
import type { TestTenant } from './tenant';
import { waitFor } from './wait-for';

/** An account of a new tenant at the scripted provider, with chats to write to. */
export interface Desk {
  tenant: TestTenant;
  account: TestAccount;
  member: MemberContext;
  newChat(phone?: string): Promise<TestConversation>;
  /** Writes and queues a message; answers its id. Nothing goes out before `send`. */
  write(chat: TestConversation, text: string): Promise<string>;
  /** The same with a file of some bytes. */
  writeFile(chat: TestConversation, fileName: string): Promise<string>;
  react(chat: TestConversation, messageId: string, emoji: string): Promise<string>;
  inTransaction<T>(work: (tx: TenantTx<MemberContext>) => Promise<T>): Promise<T>;
}

export interface DeliveryState {
  status: number;
  head: boolean;
  tries: number;
  reason: string | null;
  due_ms: number;
  expires_ms: number;
  /** What the message shows. */
  shown: number | null;
  shown_detail: string | null;
}

/** The sending half of the worker, on a database of its own, facing a provider that does as told. */
export interface SendingWorld {
  app: TestApp;
  provider: ScriptedProvider;
  sender: SenderService;
  deliveries: DeliveriesService;
  lanes: LanesService;
  /** One more sender, as another worker would be. */
  newSender(options?: { redisUrl?: string; databaseUrl?: string }): SenderService;
  newDesk(options?: { provider?: ProviderName; pacing?: Pacing }): Promise<Desk>;
  /** Starts what may start now, and waits until the calls ended and everything was stored. */
  send(desk: Desk): Promise<void>;
  stateOf(deliveryId: string): Promise<DeliveryState>;
  accountState(desk: Desk): Promise<{ state: AccountState; paused: boolean }>;
  /** Posts a webhook's body as the provider would, and applies what does not wait. */
  receive(desk: Desk, body: object): Promise<void>;
  /** Applies webhooks that waited, as if a second had passed. */
  applyWaiting(desk: Desk): Promise<void>;
  close(): Promise<void>;
}

interface Pacing {
  account: { perSecond: number; burst: number };
  chat?: { perSecond: number; burst: number };
}

/** Fast enough that a test never waits for it. */
const UNPACED: Pacing = { account: { perSecond: 1000, burst: 1000 } };

export async function startSending(): Promise<SendingWorld> {
  Logger.overrideLogger(false);
  const provider = new ScriptedProvider();
  await provider.listen();
  const app = await startApp({ env: { EGRESS_ALLOW: `127.0.0.1:${provider.port}` } });
  const { env, clock, sql } = app;
  const redis = createRedis(env.REDIS_URL);
  const bus = new RealtimeBus(redis);
  const bells = new Bells(env.REDIS_URL, env.REDIS_PREFIX);
  const box = new CredentialBox(env.CREDENTIALS_KEYS, env.CREDENTIALS_KEY_ID);
  const http = createEgress({ allow: env.EGRESS_ALLOW });
  const files = new LocalFiles(env.FILES_DIR);
  const tenants = steadyPool(env.DATABASE_URL, 'parley_app', { max: 4 });
  const db = new TenantDb(tenants, bus, clock);
  const poolOf = (databaseUrl: string) =>
    new SteadyPool({
      connect: (onClose) => createPool(databaseUrl, 'parley_worker', { max: 1, onClose }),
      max: 4,
      alsoRetry: (error) => error instanceof Retry,
    });
  const steady = poolOf(env.DATABASE_URL);
  const [metrics, tracing] = [new Metrics(), new Tracing()];
  const closing: (() => Promise<unknown> | void)[] = [() => tenants.close()];

  const newSender: SendingWorld['newSender'] = ({ redisUrl, databaseUrl } = {}) => {
    const own = redisUrl ? createRedis(redisUrl) : redis;
    if (own !== redis) closing.push(() => own.disconnect());
    const pool = databaseUrl ? poolOf(databaseUrl) : steady;
    if (pool !== steady) closing.push(() => pool.close());
    const results = new Results(pool, bus, clock, () => {});
    const pacer = new Pacer(own, env.REDIS_PREFIX, clock);
    const made = new SenderService(pool, results, pacer, box, metrics, tracing, http, clock, http, files);
    closing.push(() => {
      made.endIn(0);
      return made.beforeApplicationShutdown();
    });
    return made;
  };
  const sender = newSender();
  const results = new Results(steady, bus, clock, () => {});
  const deliveries = new DeliveriesService(steady, results, bells, box, http, clock);
  const intake = new IntakeService(env, clock, box, bells, metrics, tracing);
  const names = new NamesService(steady, box, intake, http, clock);
  const lanes = new LanesService(env, bus, bells, metrics, tracing, new TrafficService(steady), names);

  const newDesk: SendingWorld['newDesk'] = async ({ provider: name = 'evolution', pacing = UNPACED } = {}) => {
    const { tenant, owner } = await app.newTenant();
    const account = await tenant.newAccount(name, { baseUrl: provider.url });
    await sql`update accounts set pacing = ${sql.json(pacing as never)} where tenant_id = ${tenant.id} and id = ${account.id}`;
    const member: MemberContext = {
      tenantId: tenant.id,
      correlationId: null,
      actorId: owner.id,
      credential: owner.sessionId,
      memberId: owner.id,
      memberName: owner.name,
      role: owner.role,
      permissions: new Set(),
      sight: { memberId: owner.id, all: true, ...closed, teams: new Set(), within: null },
      rightsSeq: 0,
    };
    const inTransaction: Desk['inTransaction'] = (work) => db.transaction(member, work);
    const queue = (
      chat: TestConversation,
      id: string,
      more:
        | { kind: 'message'; messageId: string; content: Content }
        | { kind: 'reaction'; messageId: string; emoji: string },
    ) => {
      const { id: conversationId, chatId, accountId } = chat;
      return inTransaction(async (tx) => {
        await lockAny(tx, conversationId);
        const { kind, messageId } = more;
        if (more.kind === 'message')
          await appendOutbound(tx, { id, conversationId, chatId, accountId, content: more.content, quote: null });
        const emoji = more.kind === 'reaction' ? { emoji: more.emoji } : {};
        await deliveries.queue(tx, {
          deliveryId: id,
          kind,
          messageId,
          conversationId,
          chatId,
          accountId,
          memberId: owner.id,
          ...emoji,
        });
      });
    };
    return {
      tenant,
      account,
      member,
      inTransaction,
      newChat: (phone) => tenant.newConversation({ accountId: account.id, ...(phone ? { phone } : {}) }),
      async write(chat, text) {
        const id = uuid7();
        await queue(chat, id, { kind: 'message', messageId: id, content: { type: 'text', text } });
        return id;
      },
      async writeFile(chat, fileName) {
        const id = uuid7();
        const [fileId, bytes] = [uuid7(), Buffer.from('these are the words of a file')];
        await files.put(storageKey({ tenantId: tenant.id, id: fileId }), Readable.from([bytes]));
        const file = { id: fileId, state: 'ready' as const, suspicious: false, detail: null };
        const unknown = { caption: null, durationMs: null, width: null, height: null };
        const said = { fileName, mimeType: 'text/plain', sizeBytes: bytes.length };
        const content: Content = { type: 'media', kind: 'document', file, ...said, ...unknown };
        await queue(chat, id, { kind: 'message', messageId: id, content });
        await sql`insert into attachments (tenant_id, id, message_id, account_id, kind, state, size_bytes, due_at, expires_at)
          values (${tenant.id}, ${fileId}, ${id}, ${account.id}, 'document', 'ready', ${bytes.length}, now(), now())`;
        return id;
      },
      async react(chat, messageId, emoji) {
        const id = uuid7();
        await queue(chat, id, { kind: 'reaction', messageId, emoji });
        return id;
      },
    };
  };

  const apply = ({ account }: Desk) =>
    waitFor('webhooks to be applied', async () => {
      const rows = await sql<{ lane: number }[]>`
        select lane from pending where account_id = ${account.id} and dead is null and (due_at is null or due_at <= now())`;
      for (const { lane } of rows) lanes.ring(lane);
      await lanes.settled();
      return rows.length === 0;
    });

  return {
    app,
    provider,
    sender,
    deliveries,
    lanes,
    newSender,
    newDesk,
    async send(desk) {
      await sender.sendHeads(desk.account.id);
      await sender.settled();
    },
    async stateOf(id) {
      const [row] = await sql<DeliveryState[]>`
        select d.status, d.head, d.tries, d.reason, extract(epoch from d.due_at)::float8 * 1000 due_ms,
          extract(epoch from d.expires_at)::float8 * 1000 expires_ms, m.delivery shown, m.delivery_detail shown_detail
        from deliveries d left join messages m on m.tenant_id = d.tenant_id and m.id = d.id where d.id = ${id}`;
      if (!row) throw new Error(`no delivery ${id}`);
      return row;
    },
    async accountState({ account }) {
      const [row] = await sql<{ state: AccountState; paused: boolean }[]>`
        select state, paused_at is not null paused from accounts where id = ${account.id}`;
      if (!row) throw new Error('no account');
      return row;
    },
    async receive(desk, said) {
      const adapter = providerOf(desk.account.provider);
      const token = adapter.ingress.by === 'token' ? (desk.account.webhookPath.split('/').at(-1) ?? '') : '';
      const body = Buffer.from(JSON.stringify(said));
      const signature = createHmac('sha256', env.CLOUD_API_APP_SECRET ?? '')
        .update(body)
        .digest('hex');
      const headers = {
        'x-parley-secret': String(desk.account.config.webhookSecret),
        'x-hub-signature-256': `sha256=${signature}`,
      };
      const taken = await intake.take(adapter, token, { headers, body }, 'test');
      if (taken.outcome !== 'kept' || taken.nobodys)
        throw new Error(`the webhook was not kept: ${JSON.stringify(taken)}`);
      await apply(desk);
    },
    async applyWaiting(desk) {
      await sql`update pending set due_at = null where account_id = ${desk.account.id}`;
      await apply(desk);
    },
    async close() {
      await Promise.allSettled(closing.map((close) => close()));
      await provider.close();
      await lanes.beforeApplicationShutdown();
      await intake.onApplicationShutdown();
      await bells.close();
      redis.disconnect();
      await steady.close();
      await app.close();
    },
  };
}

import { Redis } from 'ioredis';
import postgres from 'postgres';
import { bareSettings, channels } from './bare-settings';
import { tellLag } from './tell-lag';
import '../with-parent';

/** The bare pipeline's worker: one transaction a batch of one lane, by arrival, under the lane's lock. */
const { databaseUrl, redisUrl } = bareSettings();
const SLOTS = 2;
const BATCH = 200;

interface Item {
  seq: string;
  tenant: number;
  account: string;
  chat: string;
  name: string;
  externalId: string;
  text: string;
  at: number;
}

interface Call {
  entry: {
    changes: {
      value: {
        contacts: { profile: { name: string } }[];
        messages: { id: string; from: string; timestamp: string; text: { body: string } }[];
      };
    }[];
  }[];
}

const sql = postgres(databaseUrl, { max: SLOTS + 1, onnotice() {} });
const redis = new Redis(redisUrl);
const wake = new Redis(redisUrl);
/** Ids of conversations by account and chat. */
const conversations = new Map<string, string>();
const waiting = new Set<number>();
const running = new Set<number>();

const chatOf = ({ account, chat }: Pick<Item, 'account' | 'chat'>) => `${account} ${chat}`;

const NEW_CHATS = `with i as (select * from unnest($1::int[], $2::text[], $3::text[], $4::text[]) u(tenant, account, chat, name)),
  c as (insert into contacts (tenant, phone, name) select distinct on (tenant, chat) tenant, chat, name from i
    order by tenant, chat on conflict (tenant, phone) do update set name = excluded.name returning id, tenant, phone)
  insert into conversations (tenant, account, chat, contact_id)
    select i.tenant, i.account, i.chat, c.id from i join c on c.tenant = i.tenant and c.phone = i.chat
    on conflict (account, chat) do update set contact_id = excluded.contact_id returning id, account, chat`;

const WRITE = `with i as (
    select * from unnest($1::int[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::float8[])
      with ordinality u(tenant, conversation, account, external_id, body, at, place)),
  m as (insert into messages (tenant, conversation_id, account, external_id, body, sent_at)
    select tenant, conversation, account, external_id, body, to_timestamp(at) from i order by place
    on conflict (account, external_id) do nothing returning id, conversation_id, external_id, body, sent_at),
  s as (select conversation_id, count(*) n, max(sent_at) at, (array_agg(body order by id desc))[1] body from m group by 1),
  u as (update conversations c set last_at = s.at, preview = left(s.body, 120), unread = unread + s.n
    from s where c.id = s.conversation_id),
  d as (delete from inbox where seq = any($7::bigint[]))
  select id, external_id "externalId" from m`;

function itemOf(row: { seq: string; tenant: number; account: string; body: string }): Item[] {
  const { seq, tenant, account, body } = row;
  const { value } = (JSON.parse(body) as Call).entry[0]?.changes[0] ?? {};
  const [message] = value?.messages ?? [];
  if (!message) return [];
  const { id: externalId, from: chat, timestamp, text } = message;
  const name = value?.contacts[0]?.profile.name ?? '';
  return [{ seq, tenant, account, chat, name, externalId, text: text.body, at: Number(timestamp) }];
}

async function drain(lane: number): Promise<void> {
  for (let size = BATCH; size === BATCH;) size = await drainBatch(lane);
}

/** Answers how many rows it took. */
async function drainBatch(lane: number): Promise<number> {
  const applied = await sql.begin(async (tx) => {
    const [, rows] = await Promise.all([
      tx`select pg_advisory_xact_lock(7002, ${lane})`,
      tx<
        Parameters<typeof itemOf>[0][]
      >`select seq, tenant, account, body from inbox where lane = ${lane} order by seq limit ${BATCH}`,
    ]);
    const items = rows.flatMap(itemOf);
    if (!items.length) return [];
    await meet(tx, items);
    const column = <T>(of: (item: Item) => T) => items.map(of);
    const written = await tx.unsafe<{ id: string; externalId: string }[]>(
      WRITE,
      [
        column((item) => item.tenant),
        column((item) => conversations.get(chatOf(item)) ?? ''),
        column((item) => item.account),
        column((item) => item.externalId),
        column((item) => item.text),
        column((item) => item.at),
        column((item) => item.seq),
      ],
      { prepare: true },
    );
    const ids = new Map(written.map((row) => [row.externalId, row.id]));
    return items.map((item) => ({ ...item, id: ids.get(item.externalId) }));
  });
  await publish(applied.filter((item) => item.id !== undefined));
  return applied.length;
}

async function meet(tx: postgres.TransactionSql, items: Item[]): Promise<void> {
  const unknown = new Map(items.filter((item) => !conversations.has(chatOf(item))).map((item) => [chatOf(item), item]));
  if (!unknown.size) return;
  const column = (name: 'tenant' | 'account' | 'chat' | 'name') => [...unknown.values()].map((item) => item[name]);
  const rows = await tx.unsafe<{ id: string; account: string; chat: string }[]>(
    NEW_CHATS,
    [column('tenant'), column('account'), column('chat'), column('name')],
    { prepare: true },
  );
  for (const row of rows) conversations.set(chatOf(row), row.id);
}

async function publish(items: (Item & { id: string | undefined })[]): Promise<void> {
  const byTenant = new Map<number, string>();
  for (const { id, tenant, account, chat, text, at } of items) {
    const conversationId = conversations.get(chatOf({ account, chat }));
    const data = JSON.stringify({ type: 'message.created', message: { id, conversationId, chat, text, at } });
    byTenant.set(tenant, `${byTenant.get(tenant) ?? `${tenant}\n`}id: ${id}\ndata: ${data}\n\n`);
  }
  const pipeline = redis.pipeline();
  for (const frames of byTenant.values()) pipeline.publish(channels.frames, frames);
  await pipeline.exec();
}

function pump(): void {
  for (const lane of waiting) {
    if (running.size >= SLOTS) return;
    if (running.has(lane)) continue;
    waiting.delete(lane);
    running.add(lane);
    drain(lane)
      .catch(() => setTimeout(() => ring([lane]), 200))
      .finally(() => {
        running.delete(lane);
        setImmediate(pump);
      });
  }
}

function ring(lanes: number[]): void {
  for (const lane of lanes) waiting.add(lane);
  pump();
}

wake.on('message', (_channel, lanes: string) => ring(lanes.split(',').map(Number)));
await wake.subscribe(channels.wake);
setInterval(() => {
  const forgotten = sql<
    { lane: number }[]
  >`select distinct lane from inbox where received_at < now() - interval '500 ms'`;
  forgotten.then((rows) => ring(rows.map((row) => row.lane))).catch(() => {}); // the next look is in a second
}, 1000);
tellLag();
process.send?.('ready');

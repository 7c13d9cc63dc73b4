import { Redis } from 'ioredis';
import postgres from 'postgres';
import { Pool } from 'undici';
import { bareSendSettings, sendChannels } from './send-schema';
import { tellLag } from './tell-lag';
import '../with-parent';

/** The bare way out, second half: the oldest of each chat is marked, called for, and its result stored. No pace. */
const { databaseUrl, redisUrl, providerUrl } = bareSendSettings();
const SLOTS = 64;

interface Head {
  id: string;
  account: string;
  chat: string;
  body: string;
}

const sql = postgres(databaseUrl, { max: 2, onnotice() {} });
const redis = new Redis(redisUrl);
const wake = new Redis(redisUrl);
const provider = new Pool(providerUrl, { connections: SLOTS, pipelining: 1 });

const CLAIM = `update outbox o set status = 1, begun_at = now() from (
    select id from (select distinct on (account, chat) id, status from outbox where status < 2 order by account, chat, id) h
    where status = 0 limit $1) h
  where o.id = h.id and o.status = 0 returning o.id, o.account, o.chat, o.body`;
const STORE = `update outbox o set status = 2, external_id = u.external_id
  from unnest($1::bigint[], $2::text[]) u(id, external_id) where o.id = u.id`;

let underWay = 0;
let claiming = false;
let again = false;
let storing = false;
const results: { id: string; externalId: string }[] = [];

async function claim(): Promise<void> {
  again = true;
  if (claiming) return;
  claiming = true;
  while (again && underWay < SLOTS) {
    again = false;
    const heads = await sql.unsafe<Head[]>(CLAIM, [SLOTS - underWay], { prepare: true });
    underWay += heads.length;
    for (const head of heads) void call(head);
  }
  claiming = false;
}

async function call({ id, account, chat, body }: Head): Promise<void> {
  const answer = await provider.request({
    path: `/v23.0/${account}/messages`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ messaging_product: 'whatsapp', to: chat, type: 'text', text: { body } }),
  });
  const sent = (await answer.body.json()) as { messages: { id: string }[] };
  results.push({ id, externalId: sent.messages[0]?.id ?? '' });
  if (!storing) await store();
}

async function store(): Promise<void> {
  storing = true;
  for (let batch = results.splice(0); batch.length; batch = results.splice(0)) {
    await sql.unsafe(STORE, [batch.map((one) => one.id), batch.map((one) => one.externalId)], { prepare: true });
    underWay -= batch.length;
    const frames = batch.map(
      ({ id }) => `data: ${JSON.stringify({ type: 'delivery.updated', id, status: 'accepted' })}\n\n`,
    );
    void redis.publish(sendChannels.frames, frames.join(''));
    void claim();
  }
  storing = false;
}

wake.on('message', () => void claim());
await wake.subscribe(sendChannels.wake);
setInterval(() => void claim(), 1000);
tellLag();
process.send?.('ready');

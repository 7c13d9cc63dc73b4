import { deliveryRank as rank } from '@parley/db/delivery-rank';
import { waitFor } from '../wait-for';
import type { Fleet } from './fleet';
import type { Load } from './load';
import { verdictOf, type Facts, type Marks, type Row, type Verdict } from './verdict';
import type { Watchers } from './watchers';

export type { Marks, Verdict } from './verdict';

/** Longer than a chat is held for what is unknown. */
const PATIENCE_MS = 150_000;
const CATCH_UP_MS = 30_000;
/** Providers' waits between tries, and customers' between ticks, pass so much faster once all is said. */
const HURRY = 20;

interface Run {
  fleet: Fleet;
  load: Load;
  watchers: Watchers;
  marks: Marks;
}

/** Waits until all that was said is where it should be, or nothing more happens; stops the clients; joins what everybody saw. */
export async function judge(run: Run): Promise<Verdict> {
  const { fleet, load, watchers } = run;
  await load.done;
  await settle(fleet);
  await allCaughtUp(fleet, watchers).catch(() => {}); // then the figures tell what is missing
  load.backlog.stop();
  await watchers.stop();
  return examine(run);
}

/** The verdict on what is there now. */
export async function examine({ fleet, load, watchers, marks }: Run): Promise<Verdict> {
  return verdictOf({ ...(await gather(fleet, load, watchers)), marks });
}

/** Nothing is on its way any more: no webhook, no row that waits, no send. Gives up, without an error, after 150 s. */
export async function settle(fleet: Fleet): Promise<void> {
  await fleet.simulator.setClock({ scale: HURRY });
  const isQuiet = async () => {
    await fleet.journal.catchUp();
    if (fleet.journal.pending > 0 || Date.now() - fleet.journal.changedAt < 1_000) return false;
    return (await unfinished(fleet)) === 0;
  };
  await waitFor('everything to settle', () => isQuiet().catch(() => false), { timeoutMs: PATIENCE_MS, everyMs: 200 })
    .catch(() => {}) // then the figures tell what is left
    .finally(() => fleet.simulator.setClock({ scale: 1 }));
}

async function unfinished({ sql }: Fleet): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select (select count(*)::int from pending where dead is null)
      + (select count(*)::int from deliveries
         where status < ${rank.unknown} or (status = ${rank.unknown} and head)) as n`;
  return row?.n ?? 0;
}

async function allCaughtUp(fleet: Fleet, { clients }: Watchers): Promise<void> {
  const heads = new Map(
    (
      await fleet.sql<{ id: string; head: number }[]>`
        select tenant_id id, max(seq) head from events where member_id is null group by 1`
    ).map(({ id, head }) => [id, head]),
  );
  const isThere = ({ member, from, frames }: Watchers['clients'][number]) =>
    (frames.at(-1)?.seq ?? from) >= (heads.get(member.tenantId) ?? 0);
  await waitFor('the clients to have seen all', () => clients.every(isThere), { timeoutMs: CATCH_UP_MS });
}

async function gather(fleet: Fleet, load: Load, watchers: Watchers): Promise<Omit<Facts, 'marks'>> {
  const { journal } = fleet;
  const { chats, written, intents, backlog } = load;
  const wanted = new Set(intents.map(({ text }) => text));
  const isWanted = (text: string | undefined): text is string => text !== undefined && wanted.has(text);
  return {
    chats,
    written,
    intents,
    hooks: [...journal.hooks.values()].filter(({ sentAt }) => sentAt >= load.startedAt),
    called: [...journal.calls.values()].map(({ words }) => words).filter(isWanted),
    arrived: (await arrivals(fleet)).filter(({ text }) => isWanted(text)),
    inbound: await rowsOf(fleet, 'inbound', `in ${load.run} `),
    outbound: await rowsOf(fleet, 'outbound', `out ${load.run} `),
    tenants: await Promise.all(fleet.tenants.map(({ tenant }) => streamOf(fleet, tenant.id, watchers))),
    backlog: backlog.samples,
  };
}

async function arrivals({ simulator, tenants }: Fleet): Promise<{ text: string; to: string }[]> {
  const all: { text: string; to: string }[] = [];
  for (const { provider, ref } of tenants.flatMap(({ accounts }) => accounts))
    for (const { text = '', to } of await simulator.sent(provider, ref)) all.push({ text, to });
  return all;
}

function rowsOf({ sql }: Fleet, direction: 'inbound' | 'outbound', beginning: string): Promise<Row[]> {
  return sql<Row[]>`
    select m.id, m.tenant_id as "tenantId", c.account_id as "accountId", c.external_id as phone,
      m.conversation_id as "conversationId", m.content->>'text' as text, m.position, m.delivery
    from messages m join chats c on c.tenant_id = m.tenant_id and c.id = m.chat_id
    where m.direction = ${direction} and starts_with(m.content->>'text', ${beginning})
    order by m.conversation_id, m.position, m.id`;
}

/** An owner sees everything but what is another member's own. */
async function streamOf({ sql }: Fleet, tenantId: string, { clients }: Watchers): Promise<Facts['tenants'][number]> {
  const mine = clients.filter(({ member }) => member.tenantId === tenantId);
  const owners = mine.map(({ member }) => member.id);
  const from = mine.length ? Math.min(...mine.map((client) => client.from)) : 0;
  const rows = await sql<{ seq: number; member_id: string | null; message: string | null }[]>`
    select seq, member_id, case when type = 'message.created' then ('{' || data || '}')::json->'message'->>'id' end message
    from events where tenant_id = ${tenantId} and seq > ${from} order by seq`;
  const isHidden = ({ member_id }: (typeof rows)[number]) => member_id !== null && !owners.includes(member_id);
  const hidden = new Set(rows.filter(isHidden).map(({ seq }) => seq));
  const numbers = Array.from({ length: (rows.at(-1)?.seq ?? from) - from }, (_, i) => from + 1 + i); // also those that no event has
  return {
    tenantId,
    seqs: numbers.filter((seq) => !hidden.has(seq)),
    announced: new Set(rows.flatMap(({ message }) => message ?? [])),
    clients: mine,
  };
}

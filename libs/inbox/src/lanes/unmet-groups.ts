import type { Address } from '@parley/channels/provider';
import { columns, run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';
import { groupBy } from './batch';
import type { Chats } from './chats';
import { chatOf, isTold, type Told, type ToldOf } from './told';

type Member = ToldOf<'participants.changed'>['event']['members'][number];

/** What is known of a group that nobody has written in yet. */
interface GroupFacts {
  title?: string;
  /** By the first of their addresses. */
  members?: Record<string, Member>;
  /** These are all of them. */
  whole?: boolean;
}

interface UnmetGroup {
  tenantId: string;
  accountId: string;
  groupId: string;
}

/** They stand among the provider's ids, like everything that comes before what it is about, and leave with those. Fenced like `LOCK`. */
const FIND = `select a account_id, e external_id, x.waiting facts from unnest($1::uuid[], $2::uuid[], $3::text[]) u(t, a, e)
  cross join lateral (select x.waiting from externals x where x.tenant_id = t and x.account_id = a and x.scope = '' and x.external_id = e offset 0) x`;
const KEEP = `insert into externals as x (tenant_id, account_id, external_id, waiting)
    select t, a, e, w::jsonb from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) u(t, a, e, w) order by 1, 2, 3
  on conflict (tenant_id, account_id, scope, external_id) do update set waiting = excluded.waiting, seen_at = now()`;

/** Keeps what is told of groups without a conversation: their name and members are told once, mostly before any message. */
export async function rememberGroups(sql: Sql, told: Told[], chats: Chats): Promise<void> {
  const unmet = told.filter(isOfGroup).filter((one) => !chats.of(one));
  if (!unmet.length) return;
  const byGroup = [...groupBy(unmet, (one) => keyOf(groupOf(one))).values()].flatMap((list) =>
    list[0] ? [{ group: groupOf(list[0]), list }] : [],
  );
  const known = await findFacts(
    sql,
    byGroup.map(({ group }) => group),
  );
  await run(
    sql,
    KEEP,
    columns(
      byGroup,
      ({ group }) => group.tenantId,
      ({ group }) => group.accountId,
      ({ group }) => externalIdOf(group),
      ({ group, list }) => JSON.stringify(list.reduce(withFact, known.get(keyOf(group)) ?? {})),
    ),
  );
}

/** What was told of the groups that this batch meets first, told again. */
export async function recallGroups(sql: Sql, told: Told[], chats: Chats): Promise<Told[]> {
  const meetings = told.filter((one) => {
    const chat = chats.of(one);
    return chat?.kind === 'group' && chats.isFresh(chat) && !isOfGroup(one) && chatOf(one)?.kind === 'group';
  });
  const first = new Map(meetings.map((one) => [keyOf(groupOf(one)), one] as const).reverse());
  if (!first.size) return [];
  const facts = await findFacts(sql, [...first.values()].map(groupOf));
  return [...first].flatMap(([key, one]) => retold(one, facts.get(key) ?? {}));
}

function retold(one: Told, { title, members, whole }: GroupFacts): Told[] {
  const chat = chatOf(one);
  if (chat?.kind !== 'group') return [];
  const told: Told[] = [];
  if (title !== undefined) told.push({ ...one, event: { type: 'chat.renamed', chat, title } });
  if (members) {
    const list = Object.values(members);
    const action = whole ? 'replace' : 'add';
    told.push({ ...one, event: { type: 'participants.changed', chat, action, members: list, at: null } });
  }
  return told;
}

async function findFacts(sql: Sql, groups: UnmetGroup[]): Promise<Map<string, GroupFacts>> {
  const rows = await run<{ account_id: string; external_id: string; facts: GroupFacts | null }>(
    sql,
    FIND,
    columns(
      groups,
      (g) => g.tenantId,
      (g) => g.accountId,
      externalIdOf,
    ),
  );
  return new Map(rows.map((row) => [`${row.account_id} ${row.external_id}`, row.facts ?? {}]));
}

type OfGroup = ToldOf<'chat.renamed'> | ToldOf<'participants.changed'>;

function isOfGroup(one: Told): one is OfGroup {
  return isTold('chat.renamed')(one) || isTold('participants.changed')(one);
}

function withFact(facts: GroupFacts, one: OfGroup): GroupFacts {
  if (isTold('chat.renamed')(one)) return { ...facts, title: one.event.title };
  if (!isTold('participants.changed')(one)) return facts;
  const { action, members } = one.event;
  const left = action === 'replace' ? {} : { ...facts.members };
  for (const member of members) {
    const address = addressOf(member);
    if (address === undefined) continue;
    if (action === 'remove') delete left[address];
    else left[address] = { ...left[address], ...member, ...adminBy(action) };
  }
  return { ...facts, members: left, ...(action === 'replace' && { whole: true }) };
}

const addressOf = ({ addresses: [first] }: { addresses: Address[] }) => first?.address;

function adminBy(action: 'add' | 'promote' | 'demote' | 'replace'): { admin?: boolean } {
  if (action === 'promote') return { admin: true };
  return action === 'demote' ? { admin: false } : {};
}

function groupOf(one: Told): UnmetGroup {
  const chat = chatOf(one);
  const groupId = chat?.kind === 'group' ? chat.externalId : '';
  return { tenantId: one.tenantId, accountId: one.accountId, groupId };
}

const externalIdOf = ({ groupId }: UnmetGroup) => `group:${groupId}`;
const keyOf = (group: UnmetGroup) => `${group.accountId} ${externalIdOf(group)}`;

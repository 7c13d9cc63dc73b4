import { columns, run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';
import { searchTextOf } from '../conversations/search-text';
import type { ChatState } from './batch';
import type { Chats } from './chats';
import { isTold, type Told, type ToldOf } from './told';

interface Seat {
  tenantId: string;
  conversationId: string;
  address: string;
  name: string | null;
  admin: boolean | null;
  left: boolean;
}

/** Who came, and was there already, keeps the rank. */
const SEAT = `insert into participants as p (tenant_id, conversation_id, address, name, admin, left_at)
    select t, c, a, n, coalesce(ad, (select o.admin from participants o
        where o.tenant_id = t and o.conversation_id = c and o.address = a and o.left_at is null), false), case when l then now() end
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::boolean[], $6::boolean[]) u(t, c, a, n, ad, l) order by 1, 2, 3
  on conflict (tenant_id, conversation_id, address) do update
    set name = coalesce(excluded.name, p.name), left_at = excluded.left_at, admin = excluded.admin`;
const CLEAR = `update participants set left_at = now() where left_at is null and (tenant_id, conversation_id) in
  (select * from unnest($1::uuid[], $2::uuid[]))`;

/** So that a later list tells by what it differs who came and went, and nobody asks again so soon. */
const LISTED = `update chats c set members_at = now() from unnest($1::uuid[], $2::uuid[]) u(t, i) where c.tenant_id = u.t and c.id = u.i`;

/** Who sits in the groups now. Of those that nobody has written in `rememberGroups` keeps it. */
export async function applyParticipants(
  sql: Sql,
  told: ToldOf<'participants.changed'>[],
  chats: Chats,
  nowMs: number,
): Promise<void> {
  const replaced = new Set<ChatState>();
  const seats = new Map<string, Seat>();
  for (const one of told) {
    const chat = chats.of(one);
    if (!chat) continue;
    const { action, members } = one.event;
    if (action === 'replace') {
      replaced.add(chat);
      for (const [key, seat] of seats) if (seat.conversationId === chat.conversation.id) seats.delete(key);
    }
    for (const member of members) {
      const address = member.addresses[0]?.address;
      if (!address) continue;
      const admin = action === 'promote' ? true : action === 'demote' ? false : (member.admin ?? null);
      const { tenantId, conversation } = chat;
      seats.set(`${conversation.id} ${address}`, {
        tenantId,
        conversationId: conversation.id,
        address,
        name: member.name ?? null,
        admin,
        left: action === 'remove',
      });
    }
  }
  if (replaced.size) {
    const lists = [...replaced];
    const [tenants, conversations, ids] = columns(
      lists,
      (c) => c.tenantId,
      (c) => c.conversation.id,
      (c) => c.id,
    );
    await Promise.all([run(sql, CLEAR, [tenants, conversations]), run(sql, LISTED, [tenants, ids])]);
    for (const chat of lists) chat.membersMs = nowMs;
  }
  if (seats.size) {
    await run(
      sql,
      SEAT,
      columns(
        [...seats.values()],
        (s) => s.tenantId,
        (s) => s.conversationId,
        (s) => s.address,
        (s) => s.name,
        (s) => s.admin,
        (s) => s.left,
      ),
    );
  }
}

/** The first list of members makes no line: who looks hears of it by its conversation. */
export function touchListed(told: Told[], chats: Chats): void {
  for (const one of told) {
    const chat = isTold('participants.changed')(one) && one.event.action === 'replace' ? chats.of(one) : undefined;
    if (!chat || chat.membersMs !== null) continue;
    chat.conversation.touched = true;
    chat.conversation.correlationId = one.correlationId;
  }
}

/** A group's new subject. */
export function applyTitles(told: Told[], chats: Chats): void {
  for (const one of told) {
    const title = isTold('chat.renamed')(one) ? one.event.title : undefined;
    const chat = title ? chats.of(one) : undefined;
    if (!chat || !title || chat.conversation.title === title) continue;
    chat.conversation.title = title;
    chat.conversation.searchText = searchTextOf([title]);
    chat.conversation.touched = true;
    chat.conversation.correlationId = one.correlationId;
  }
}

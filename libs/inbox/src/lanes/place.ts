import { columns, run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';
import type { ChatState } from './batch';

/** A message that looks for its place in its thread. Dates and positions in µs. */
export interface Placed {
  chat: ChatState;
  /** The provider's date, clamped; without one, when we learnt of it. */
  dated: number;
  /** The provider dates it. What it does not, a line of ours or what nobody can read, stands where it came. */
  hasDate: boolean;
  position: number;
  /** It stands before messages that were here first, and an answer of ours or a minute lies between; or we had to ask for it. */
  late: boolean;
  /** It became the last of its conversation. */
  last: boolean;
}

/** Room between two messages, so that a late one finds a place in between. */
const GAP_US = 1000;
const MINUTE_US = 60e6;

/**
 * Of each: does the chat hold a message dated later, where is the last one dated not later, what follows it, and did we
 * answer since (asked only where the dates alone do not make it late). The place is fenced: under row-level security an
 * expression in a condition would read the whole thread instead of an index.
 */
const FIND_PLACES = `select u.i::int i,
    exists (select from messages m where m.tenant_id = t and m.chat_id = ch and m.dated > d) later,
    a.position "after",
    (select min(m.position) from messages m where m.tenant_id = t and m.conversation_id = cv and m.position > f.p) "next",
    case when near then exists (select from messages m where m.tenant_id = t and m.conversation_id = cv and m.position > f.p
      and m.origin = 'agent') else false end answered
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::boolean[]) with ordinality u(t, cv, ch, d, near, i)
  left join lateral (select m.position from messages m where m.tenant_id = t and m.chat_id = ch and m.dated <= d
    order by m.dated desc, m.position desc limit 1) a on true
  cross join lateral (select coalesce(a.position, 0) p offset 0) f`;

interface Place {
  i: number;
  later: boolean;
  after: number | null;
  next: number | null;
  answered: boolean;
}

/**
 * Gives each message its place, in order of arrival; conversations are locked. At the end, unless the chat already holds
 * one that the provider dates later: then right after the last one not dated later. A skewed clock never puts an answer
 * above its question, and ties keep arrival. Dates of the provider meet each other alone.
 */
export async function placeMessages(sql: Sql, news: Placed[]): Promise<void> {
  const places = await findPlaces(sql, news);
  const mates = new Map<string, Mate[]>();
  for (const message of news) {
    const own = mates.get(message.chat.id) ?? [];
    mates.set(message.chat.id, own);
    const next = settle(message, own, places.get(message));
    own.push({ message, next });
  }
}

/** One of the same batch and chat that has its place, and what of the thread follows it. */
interface Mate {
  message: Placed;
  next: number;
}

/** Only those below the greatest date of their conversation can be late; the others need no look at the thread. */
async function findPlaces(sql: Sql, news: Placed[]): Promise<Map<Placed, Place>> {
  const greatest = new Map<string, number>();
  const suspects = news.filter(({ chat, dated, hasDate }) => {
    if (!hasDate) return false;
    const most = greatest.get(chat.conversation.id) ?? chat.conversation.dated;
    greatest.set(chat.conversation.id, Math.max(most, dated));
    return dated < most;
  });
  if (!suspects.length) return new Map();
  const rows = await run<Place>(
    sql,
    FIND_PLACES,
    columns(
      suspects,
      (m) => m.chat.tenantId,
      (m) => m.chat.conversation.id,
      (m) => m.chat.id,
      (m) => m.dated,
      (m) => m.chat.conversation.dated - m.dated < MINUTE_US,
    ),
  );
  return new Map(
    rows.flatMap((row) => {
      const message = suspects[row.i - 1];
      return message ? [[message, row] as const] : [];
    }),
  );
}

/** Answers the position of what follows it, as far as that stood in the thread before this batch. */
function settle(message: Placed, mates: Mate[], place: Place | undefined): number {
  const { conversation } = message.chat;
  const isLaterMate = ({ message: m }: Mate) => message.hasDate && m.hasDate && m.dated > message.dated;
  let next = Infinity;
  if (!place || (!place.later && !mates.some(isLaterMate))) {
    message.position = Math.max(message.dated, conversation.newest + GAP_US);
    message.last = true;
  } else {
    const before = mates.filter(({ message: m }) => m.hasDate && m.dated <= message.dated);
    const after = Math.max(place.after ?? 0, ...before.map(({ message: m }) => m.position));
    const behind = (positions: number[]) => Math.min(...positions.filter((position) => position > after));
    next = behind([place.next ?? Infinity, ...mates.map((mate) => mate.next)]);
    message.position = between(after, Math.min(next, behind(mates.map(({ message: m }) => m.position))));
    message.late ||= place.answered || conversation.dated - message.dated >= MINUTE_US;
    message.last = message.position > conversation.newest;
  }
  conversation.newest = Math.max(conversation.newest, message.position);
  if (message.hasDate) conversation.dated = Math.max(conversation.dated, message.dated);
  return next;
}

function between(after: number, next: number): number {
  if (next === Infinity) return after + GAP_US;
  if (after === 0) return next - GAP_US;
  return Math.floor((after + next) / 2);
}

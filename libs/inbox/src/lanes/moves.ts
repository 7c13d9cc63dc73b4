import type { Address, Sender } from '@parley/channels/provider';
import { columns, run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';
import { joinSeatPerson } from '../conversations/seat-person';
import { groupBy, uniqueBy, type ChatState } from './batch';
import type { Chats } from './chats';
import { isTold, type Told, type ToldOf } from './told';

type Change = ToldOf<'participants.changed'>;
type Member = Change['event']['members'][number];

/** Of somebody who is in a group, or was and is named now. */
interface Seat {
  address: string;
  name: string | null;
  admin: boolean;
  left: boolean;
}

/** Who left stays as a row: over the years more than are there. */
const SEATS = `select p.conversation_id id, p.address, coalesce(k.name, p.name) "name", p.admin, p.left_at is not null "left"
  from unnest($1::uuid[], $2::uuid[]) u(t, c) join participants p on p.tenant_id = t and p.conversation_id = c
    and (p.left_at is null or p.address = any($3::text[]))
  ${joinSeatPerson('p')}`;

/**
 * What really changed in groups, for the lines that tell it: of somebody who was there already it is told once that they
 * came, and a list of all members says who came and went since the one before it.
 */
export async function readMoves(sql: Sql, told: Told[], chats: Chats): Promise<Map<Told, Change[]>> {
  const changes = told.filter(isTold('participants.changed')).flatMap((one) => {
    const chat = chats.of(one);
    return chat ? [{ one, chat }] : [];
  });
  const groups = uniqueBy(
    changes.map(({ chat }) => chat),
    (chat) => chat.id,
  );
  const named = changes.flatMap(({ one }) => one.event.members.flatMap(({ addresses }) => addresses));
  const seats = await readSeats(
    sql,
    groups,
    uniqueBy(named, ({ address }) => address),
  );
  const seatings = new Map(groups.map((chat) => [chat, new Seating(chat, seats.get(chat.conversation.id) ?? [])]));
  return new Map(changes.map(({ one, chat }) => [one, seatings.get(chat)?.after(one) ?? []]));
}

/** Of each who is there, and who is named. */
async function readSeats(sql: Sql, groups: ChatState[], named: Address[]): Promise<Map<string, Seat[]>> {
  if (!groups.length) return new Map();
  const rows = await run<Seat & { id: string }>(sql, SEATS, [
    ...columns(
      groups,
      (chat) => chat.tenantId,
      (chat) => chat.conversation.id,
    ),
    ...columns(named, ({ address }) => address),
  ]);
  return groupBy(rows, (row) => row.id);
}

/** Who is in a group while a batch is applied, one change after the other. */
class Seating {
  private readonly seats = new Map<string, Seat>();
  /** All who are in it were told once: before that, who is new in a list was there perhaps. */
  private isWhole: boolean;

  constructor(chat: ChatState, seats: Seat[]) {
    this.isWhole = chat.membersMs !== null;
    for (const seat of seats) this.seats.set(seat.address, seat);
  }

  /** The changes that it makes, each of those alone whom it concerns. */
  after(one: Change): Change[] {
    const { action, members } = one.event;
    if (action === 'replace') return this.compare(one);
    const moved = members.filter((member) => this.isMoved(action, this.seatOf(member)));
    for (const member of members) this.sit(member, action);
    return part(one, action, moved);
  }

  private isMoved(action: 'add' | 'remove' | 'promote' | 'demote', seat: Seat | undefined): boolean {
    if (!seat) return true;
    if (action === 'add') return seat.left;
    if (action === 'remove') return !seat.left;
    return !this.isWhole || seat.admin !== (action === 'promote');
  }

  private compare(one: Change): Change[] {
    const { members } = one.event;
    const present = (seat: Seat | undefined) => seat !== undefined && !seat.left;
    const named = new Set(members.map((member) => this.seatOf(member)));
    const gone = [...this.seats.values()].filter((seat) => !seat.left && !named.has(seat));
    const came = members.filter((member) => member.addresses.length > 0 && !present(this.seatOf(member)));
    const turned = (admin: boolean) =>
      members.filter((member) => {
        const seat = this.seatOf(member);
        return seat && !seat.left && seat.admin !== admin && (member.admin ?? false) === admin;
      });
    const changes = [
      ...part(one, 'add', came),
      ...part(
        one,
        'remove',
        gone.map(({ address, name }) => ({ addresses: [], name: name ?? address })),
      ),
      ...part(one, 'promote', turned(true)),
      ...part(one, 'demote', turned(false)),
    ];
    const told = this.isWhole ? changes : [];
    for (const seat of gone) seat.left = true;
    for (const member of members) this.sit(member, 'replace');
    this.isWhole = true;
    return told;
  }

  private seatOf({ addresses }: Sender): Seat | undefined {
    for (const { address } of addresses) {
      const seat = this.seats.get(address);
      if (seat) return seat;
    }
    return undefined;
  }

  private sit(member: Member, action: Change['event']['action']): void {
    const [first] = member.addresses;
    if (!first) return;
    const seat = this.seatOf(member);
    const kept = action === 'add' && seat?.left === false && seat.admin;
    const admin = action === 'promote' || (action !== 'demote' && (member.admin ?? kept));
    const now = { address: first.address, name: member.name ?? seat?.name ?? null, admin, left: action === 'remove' };
    if (seat) Object.assign(seat, now);
    else this.seats.set(first.address, now);
  }
}

function part(one: Change, action: Change['event']['action'], members: Member[]): Change[] {
  return members.length ? [{ ...one, event: { ...one.event, action, members } }] : [];
}

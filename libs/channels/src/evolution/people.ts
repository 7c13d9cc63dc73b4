import { peek } from '../json-body';
import type { ChannelEvent, ChatRef, Sender } from '../provider';
import { addressesOf, addressOf, isNobody, isGroup } from '../whatsapp-jid';
import { Contact, Group, GroupParticipants, Presence, type Participant } from './evolution.payloads';
import { direct } from './identity';

type GroupRef = ChatRef & { kind: 'group' };
type Member = Sender & { admin?: boolean };

/** `contacts.upsert`, `contacts.update`: the name somebody gave themselves. */
export function toContactName(data: unknown, own: string | null | undefined): ChannelEvent[] {
  const contact = Contact.parse(data);
  const [address, ...others] = addressesOf([contact.remoteJid, contact.id, contact.remoteJidAlt]);
  const name = contact.pushName;
  if (!address || name === null || isOwnNumber(address.address, own)) return [];
  // Where no name is known, Evolution writes the number in its place.
  if (/^\+?\d+$/.test(name.replace(/[\s()-]/g, ''))) return [];
  return [{ type: 'contact.named', addresses: [address, ...others], name }];
}

const isOwnNumber = (address: string, own: string | null | undefined) =>
  own != null && addressOf(own)?.address === address;

/** `presence.update`. Whoever stops typing shows as `available`. */
export function toTyping(data: unknown, own: string | null | undefined): ChannelEvent[] {
  const id = peek(data, 'id');
  if (typeof id === 'string' && isNobody(id)) return [];
  const presence = Presence.parse(data);
  const chat: ChatRef = isGroup(presence.id)
    ? { kind: 'group', externalId: presence.id }
    : direct([presence.id, ...Object.keys(presence.presences)], own);
  const states = Object.values(presence.presences).map((one) => peek(one, 'lastKnownPresence'));
  return [
    { type: 'typing.changed', chat, typing: states.some((state) => state === 'composing' || state === 'recording') },
  ];
}

/** `groups.upsert`, `groups.update`: as much of the group as it tells. */
export function toGroup(data: unknown): ChannelEvent[] {
  const group = Group.parse(data);
  const chat: GroupRef = { kind: 'group', externalId: group.id };
  const events: ChannelEvent[] = [];
  if (group.subject !== null) events.push({ type: 'chat.renamed', chat, title: group.subject });
  if (group.participants && group.participants.length > 0) {
    const members = group.participants.map((one) => memberOf(one));
    events.push({ type: 'participants.changed', chat, action: 'replace', members, at: null });
  }
  return events;
}

const actions = ['add', 'remove', 'promote', 'demote'] as const;

/** `group-participants.update`. `modify` (a member's number changed) does not tell what it was. */
export function toParticipants(data: unknown): ChannelEvent[] {
  const update = GroupParticipants.parse(data);
  const action = actions.find((known) => known === update.action);
  if (!action) return [];
  const by = addressesOf([update.author, update.authorPn]);
  const names: Names = new Map(update.participantsData?.map((one) => [one.jid ?? '', one]));
  return [
    {
      type: 'participants.changed',
      chat: { kind: 'group', externalId: update.id },
      action,
      members: update.participants.map((one) => memberOf(one, names)),
      ...(by.length > 0 && { by: { addresses: by } }),
      at: null,
    },
  ];
}

type Name = NonNullable<ReturnType<typeof GroupParticipants.parse>['participantsData']>[number];
/** By JID. */
type Names = ReadonlyMap<string, Name>;

function memberOf(participant: Participant, names: Names = new Map()): Member {
  const jids = [participant.id, participant.jid, participant.phoneNumber];
  const more = jids.flatMap((jid) => (jid ? (names.get(jid) ?? []) : []))[0];
  const name = participant.name ?? more?.name;
  return {
    addresses: addressesOf([...jids, more?.phoneNumber]),
    ...(name && { name }),
    ...(participant.admin && { admin: true }),
  };
}

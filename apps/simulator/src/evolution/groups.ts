import type { Chat } from '../world/chats';
import { randomDigits } from '../world/ids';
import { nameFor } from '../world/names';
import { isGroup, lidOf, phoneJid } from './addresses';
import type { Instance } from './instance';
import type { Server } from './server';

/** The group of that id or name, made if there is none, with those people in it. */
export function groupOf(
  server: Server,
  instance: Instance,
  idOrName: string,
  people: { phone: string; name?: string }[],
): Chat {
  const { chats, clock } = server.world;
  const known = isGroup(idOrName)
    ? chats.find(instance, idOrName)
    : [...chats.of(instance)].find((chat) => chat.group && chat.name === idOrName);
  const members = people.map(({ phone, name }) => ({ phone, name: name ?? nameFor(phone), admin: !known }));
  if (!known) {
    const name = isGroup(idOrName) ? 'Group' : idOrName;
    const group = chats.open(instance, isGroup(idOrName) ? idOrName : `120363${randomDigits(12)}@g.us`, {
      name,
      group: { members, createdAt: clock.now() },
    });
    for (const { phone } of members) server.rememberLid(phone);
    void server.events.emit(instance, 'groups.upsert', [groupInfo(server, instance, group, true)]);
    return group;
  }
  const joined = members.filter((member) => !known.group?.members.some((each) => each.phone === member.phone));
  for (const { phone } of joined) server.rememberLid(phone);
  return joined.length && known.group
    ? chats.change(known, { group: { ...known.group, members: [...known.group.members, ...joined] } })
    : known;
}

/** A group as groups.upsert and the group calls tell it. */
export function groupInfo(server: Server, instance: Instance, chat: Chat, withParticipants: boolean) {
  const members = chat.group?.members ?? [];
  const form = instance.settings.addresses;
  const participants = [
    { id: phoneJid(instance.phone), phoneNumber: phoneJid(instance.phone), admin: null, name: instance.name },
    ...members.map((member) => ({
      id: form === 'none' ? phoneJid(member.phone) : lidOf(member.phone),
      phoneNumber: phoneJid(member.phone),
      admin: member.admin ? 'admin' : null,
      name: member.name,
    })),
  ];
  return {
    id: chat.key,
    subject: chat.name,
    subjectOwner: null,
    size: participants.length,
    creation: Math.floor((chat.group?.createdAt ?? 0) / 1000),
    owner: members[0] ? phoneJid(members[0].phone) : null,
    desc: null,
    pictureUrl: null,
    announce: false,
    restrict: false,
    isCommunity: false,
    ...(withParticipants && { participants: participants.map((each) => ({ ...each, imgUrl: null })) }),
  };
}

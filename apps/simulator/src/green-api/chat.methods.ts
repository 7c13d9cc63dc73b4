import { z } from 'zod';
import { keyOf } from '../world/account';
import type { Chat, Message } from '../world/chats';
import { nameFor } from '../world/names';
import { digits, type Cloud } from './cloud';
import { bad } from './errors';
import type { Instance } from './instance';
import { magicOf } from './magic';
import { parsed, type Called, type Method, type Methods } from './methods';
import { record } from './wire';

const OfChat = z.object({ chatId: z.string() });
const OfMessage = OfChat.extend({ idMessage: z.string() });
const History = OfChat.extend({ count: z.int().min(1).max(1_000).default(100) });
const Typing = OfChat.extend({ typingTime: z.int().min(1_000).max(20_000).default(1_000) });
const Edit = OfMessage.extend({ message: z.string().min(1) });
const PhoneNumber = z.object({ phoneNumber: z.int().min(1e10).max(1e16) });
const OfGroup = z.object({ groupId: z.string() });
const OfMember = OfGroup.extend({ participantChatId: z.string() });
const NewGroup = z.object({ groupName: z.string().min(1), chatIds: z.array(z.string()).min(1) });
const GroupName = OfGroup.extend({ groupName: z.string().min(1) });

const EDITABLE_MS = 15 * 60_000;

/** What is asked about chats, people, groups and the past, and done to messages that are out. */
export function chatMethods(cloud: Cloud): Methods {
  const { chats, clock } = cloud.world;
  const post = (perSecond: number, run: Method['run']): Method => ({ verb: 'POST', perSecond, run });
  const get = (perSecond: number, run: Method['run']): Method => ({ verb: 'GET', perSecond, run });

  function chatIn({ instance, body }: Called): Chat {
    const chat = cloud.chatOf(instance, parsed(OfChat, body).chatId);
    if (!chat) throw bad('bad request data');
    return chat;
  }

  function messageIn({ instance, body }: Called): Message {
    const message = chats.message(instance, parsed(OfMessage, body).idMessage);
    if (!message) throw bad('bad request data');
    return message;
  }

  const recordOf = (instance: Instance, message: Message) => {
    const chat = chats.find(instance, message.chat);
    return chat ? [record(cloud, instance, chat, message)] : [];
  };

  /** Of the last minutes, newest first. */
  function lately({ instance, request }: Called, ours: boolean) {
    const minutes = Number((request.query as { minutes?: string }).minutes ?? 1440);
    const since = clock.now() - minutes * 60_000;
    return [...chats.messagesOf(instance)]
      .filter((message) => message.ours === ours && message.at >= since)
      .sort((a, b) => b.at - a.at)
      .flatMap((message) => recordOf(instance, message));
  }

  /** Changes the members of a group; without one the bare words of a refusal, with 200. */
  const regroup = (name: string, change: (chat: Chat, phone: string) => NonNullable<Chat['group']>['members']) =>
    post(10, ({ instance, body }) => {
      const { groupId, participantChatId } = parsed(OfMember, body);
      const chat = chats.find(instance, groupId);
      if (!chat?.group) return { [name]: false };
      chats.change(chat, { group: { ...chat.group, members: change(chat, digits(participantChatId)) } });
      return { [name]: true };
    });
  const others = (chat: Chat, phone: string) => (chat.group?.members ?? []).filter((member) => member.phone !== phone);
  const member = (chat: Chat, phone: string) => chat.group?.members.find((one) => one.phone === phone);

  return {
    readChat: post(10, (called) => {
      const chat = chatIn(called);
      const one = z.object({ idMessage: z.string().optional() }).parse(called.body).idMessage;
      for (const message of chats.history(chat)) {
        if (!message.ours && message.status !== 'read' && (one === undefined || message.id === one))
          chats.setStatus(message, 'read');
      }
      return { setRead: true };
    }),
    sendTyping: post(10, (called) => {
      const chat = chatIn(called);
      const { typingTime } = parsed(Typing, called.body);
      const of = { account: keyOf(called.instance), chat: chat.key };
      cloud.world.bus.publish({ type: 'typing', ...of, typing: true });
      clock.after(typingTime, () => cloud.world.bus.publish({ type: 'typing', ...of, typing: false }));
      return '';
    }),
    checkWhatsapp: post(10, ({ body }) => {
      const { phoneNumber } = parsed(PhoneNumber, body);
      return { existsWhatsapp: magicOf(String(phoneNumber)) !== '0404' };
    }),
    getAvatar: post(10, () => ({ urlAvatar: '', available: false })),
    getContactInfo: post(1, (called) => {
      const chat = chatIn(called);
      const chatId = cloud.chatId(called.instance, chat);
      return {
        avatar: '',
        name: chat.name,
        contactName: '',
        email: '',
        category: '',
        description: '',
        chatId,
        products: [],
      };
    }),
    getContacts: get(1, ({ instance }) =>
      [...chats.of(instance)].map((chat) => ({
        id: cloud.chatId(instance, chat),
        name: chat.name,
        contactName: '',
        type: chat.group ? 'group' : 'user',
      })),
    ),
    getChats: get(1, ({ instance }) =>
      [...chats.of(instance)].map((chat) => ({ id: cloud.chatId(instance, chat), name: chat.name, archive: false })),
    ),
    getGroupData: post(1, ({ instance, body }) => {
      const chat = chats.find(instance, parsed(OfGroup, body).groupId);
      return chat?.group ? groupData(chat, instance) : JSON.stringify('Error: item-not-found'); // with 200
    }),
    createGroup: post(1, ({ instance, body }) => {
      const { groupName, chatIds } = parsed(NewGroup, body);
      const people = chatIds.map((chatId) => ({ phone: digits(chatId) }));
      return { created: true, chatId: cloud.group(instance, groupName, people).key, groupInviteLink: '' };
    }),
    updateGroupName: post(1, ({ instance, body }) => {
      const { groupId, groupName } = parsed(GroupName, body);
      const chat = chats.find(instance, groupId);
      if (chat) chats.change(chat, { name: groupName });
      return { updateGroupName: chat !== undefined };
    }),
    addGroupParticipant: regroup('addParticipant', (chat, phone) => [
      ...others(chat, phone),
      member(chat, phone) ?? { phone, name: nameFor(phone), admin: false },
    ]),
    removeGroupParticipant: regroup('removeParticipant', others),
    setGroupAdmin: regroup('setGroupAdmin', (chat, phone) => withAdmin(chat, phone, true)),
    removeAdmin: regroup('removeAdmin', (chat, phone) => withAdmin(chat, phone, false)),
    leaveGroup: post(10, ({ instance, body }) => ({
      leaveGroup: chats.find(instance, parsed(OfGroup, body).groupId) !== undefined,
    })),
    editMessage: post(1, (called) => {
      const message = messageIn(called);
      if (!message.ours || clock.now() - message.at > EDITABLE_MS) throw bad('bad request data');
      chats.edit(message, parsed(Edit, called.body).message);
      return { idMessage: message.id };
    }),
    deleteMessage: post(10, (called) => {
      chats.remove(messageIn(called));
      return '';
    }),
    downloadFile: post(5, (called) => {
      const downloadUrl = cloud.fileUrl(called.instance, messageIn(called));
      if (downloadUrl === undefined) throw bad('bad request data');
      return { downloadUrl };
    }),
    getChatHistory: post(1, (called) => {
      const chat = chatIn(called);
      const newest = chats.history(chat).slice(-parsed(History, called.body).count).toReversed();
      return newest.map((message) => record(cloud, called.instance, chat, message));
    }),
    getMessage: post(10, (called) => recordOf(called.instance, messageIn(called))[0]),
    lastIncomingMessages: get(1, (called) => lately(called, false)),
    lastOutgoingMessages: get(1, (called) => lately(called, true)),
    showMessagesQueue: get(1, ({ instance }) =>
      instance.queue
        .slice(0, 100)
        .map(({ id: messageID, chat: chatId, content }) => ({ messageID, type: content.kind, body: { chatId } })),
    ),
    clearMessagesQueue: get(1, ({ instance }) => {
      instance.queue = [];
      cloud.touch(instance);
      return { isCleared: true };
    }),
  };
}

const withAdmin = ({ group }: Chat, phone: string, admin: boolean) =>
  (group?.members ?? []).map((one) => (one.phone === phone ? { ...one, admin } : one));

function groupData({ key, name, group }: Chat, { phone }: Instance) {
  const members = group?.members ?? [];
  return {
    groupId: key,
    owner: `${members[0]?.phone ?? phone}@c.us`,
    subject: name,
    creation: Math.floor((group?.createdAt ?? 0) / 1000),
    participants: [
      { id: `${phone}@c.us`, isAdmin: false, isSuperAdmin: false },
      ...members.map((one, index) => ({
        id: `${one.phone}@c.us`,
        isAdmin: one.admin,
        isSuperAdmin: one.admin && index === 0,
      })),
    ],
    groupInviteLink: 'https://chat.whatsapp.com/simulated',
  };
}

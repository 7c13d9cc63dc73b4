import type { Chat, Message } from '../world/chats';
import { isMedia } from '../world/content';
import type { World } from '../world/world';

/** A chat as the page lists it. */
export function shownChat(world: World, chat: Chat) {
  const { key, name, phone, hidden, username, group, lastAt, blocked } = chat;
  const last = chat.last ? world.chats.messageOf(chat.account, chat.last) : undefined;
  return {
    account: chat.account,
    key,
    name,
    phone: phone && `+${phone}`,
    hidden,
    username,
    blocked,
    members: group?.members.map((member) => ({ ...member, phone: `+${member.phone}` })),
    lastAt,
    last: last && { id: last.id, ours: last.ours, status: last.status, content: last.content, deleted: last.deleted },
    answers: chat.answers.length,
  };
}

/** A message as the page draws it, its file by address. */
export function shownMessage(world: World, message: Message) {
  const { steps: _steps, tag: _tag, ...known } = message;
  const id = isMedia(message.content) || message.content.kind === 'template' ? message.content.media : undefined;
  const file = id ? world.media.find(id) : undefined;
  return {
    ...known,
    ...(file && {
      file: { url: `/phone/media/${file.id}`, mimeType: file.mimeType, name: file.fileName, sizeBytes: file.sizeBytes },
    }),
  };
}

import type { Account } from '../world/account';
import type { Chat, Message } from '../world/chats';
import { textOf } from '../world/content';
import type { World } from '../world/world';

/** What reached customers through the account, oldest first: messages and reactions that Parley sent. */
export function sentBy(world: World, account: Account) {
  const sent: { chat: Chat; message: Message }[] = [];
  for (const chat of world.chats.of(account)) {
    for (const message of world.chats.history(chat))
      if (message.via === 'api' && message.status !== 'failed') sent.push({ chat, message });
  }
  return sent.sort((a, b) => a.message.at - b.message.at).map(({ chat, message }) => shown(chat, message));
}

function shown(chat: Chat, message: Message) {
  const { content } = message;
  return {
    to: addressOf(chat),
    kind: content.kind,
    text: textOf(content),
    externalId: message.id,
    at: new Date(message.at).toISOString(),
    status: message.status,
    ...(message.quoted && { replyTo: message.quoted }),
    ...(content.kind === 'reaction' && { target: content.target }),
    ...(content.kind === 'template' && { template: content.name, language: content.language }),
    ...(message.edited && { edited: true }),
    ...(message.deleted && { deleted: true }),
    ...(message.tag && { tag: message.tag }),
  };
}

/** Who a chat is with: E.164, or the provider's id of a group or of somebody without a number. */
export const addressOf = (chat: Chat) => (chat.phone ? `+${chat.phone}` : chat.key);

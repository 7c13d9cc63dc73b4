import type { LiveAccount } from '../system/system';

/** One customer's chat with one account. */
export interface LoadChat {
  account: LiveAccount;
  /** E.164. */
  phone: string;
}

/** What a customer wrote. `text` is there once in the whole install. */
export interface Written {
  /** Index in the load's chats. */
  chat: number;
  /** Its number inside the chat, from 0. */
  k: number;
  text: string;
  externalId: string;
}

/** What an agent said, and the api took (202). `text` is there once in the whole install. */
export interface Intent {
  messageId: string;
  chat: number;
  text: string;
  /** When the agent pressed the key, and when the api had taken it; epoch ms. */
  wantedAt: number;
  acceptedAt: number;
  /** Calls until the api took it. */
  tries: number;
}

export function chatAt(chats: LoadChat[], index: number): LoadChat {
  const chat = chats[index];
  if (!chat) throw new Error(`no chat ${index}`);
  return chat;
}

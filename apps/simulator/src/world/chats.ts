import { keyOf, type Account } from './account';
import type { Bus } from './bus';
import { type Content, withText } from './content';
import { nameFor } from './names';
import type { Store, Table } from './store';

/** What a tick shows: of the customer's own messages whether Parley took them and read them, of ours what the phone did. */
export type Status = 'pending' | 'sent' | 'delivered' | 'read' | 'played' | 'failed';

/** A status that is still to come. `afterMs` counts from the message's own time. */
export interface Step {
  status: Status;
  afterMs: number;
  error?: number;
}

export interface Message {
  id: string;
  account: string;
  chat: string;
  /** The business wrote it. */
  ours: boolean;
  /** How it came here. Only `api` counts as sent by Parley. */
  via: 'api' | 'device' | 'customer' | 'history';
  /** Digits of the member of a group who wrote it. */
  author?: string;
  content: Content;
  /** Milliseconds since 1970. */
  at: number;
  quoted?: string;
  status: Status;
  steps: Step[];
  /** By whom: the business is `''`. */
  reactions: Record<string, string>;
  edited?: boolean;
  deleted?: boolean;
  error?: number;
  /** What the sender wants to see again in every status. */
  tag?: string;
}

interface Member {
  phone: string;
  name: string;
  admin: boolean;
}

export interface Chat {
  account: string;
  key: string;
  name: string;
  /** Digits; missing in groups and where only another id is known. */
  phone?: string;
  username?: string;
  /** The provider's own id of the person, where it is not the one made from the number. */
  alias?: string;
  /** The provider tells the business nothing but an id. */
  hidden?: boolean;
  group?: { members: Member[]; createdAt: number };
  blocked?: boolean;
  lastInboundAt?: number;
  lastAt: number;
  last?: string;
  /** Texts with which the customer answers what comes next. */
  answers: string[];
  /** The business has asked to be told when the customer types. */
  watched?: boolean;
}

/** The customers' side of every chat: what stands on their phones. */
export class Chats {
  private readonly chats: Table<Chat>;
  private readonly messages: Table<Message>;
  private readonly byAccount = new Map<string, Set<Chat>>();
  private readonly byChat = new Map<string, Message[]>();

  constructor(
    store: Store,
    private readonly bus: Bus,
  ) {
    this.chats = store.table('chats');
    this.messages = store.table('messages');
    for (const chat of this.chats.values()) this.listed(chat.account).add(chat);
    for (const message of this.messages.values()) this.log(message.account, message.chat).push(message);
    for (const log of this.byChat.values()) log.sort((a, b) => a.at - b.at);
  }

  find(account: Account, key: string): Chat | undefined {
    return this.chats.get(chatId(keyOf(account), key));
  }

  /** The chat, made if nobody wrote in it yet. A name that is given replaces the one known. */
  open(
    account: Account,
    key: string,
    known: Partial<Pick<Chat, 'name' | 'phone' | 'username' | 'alias' | 'hidden' | 'group'>>,
  ): Chat {
    const found = this.find(account, key);
    if (!found) return this.create(account, key, known);
    if (Object.entries(known).every(([name, value]) => value === undefined || found[name as keyof Chat] === value))
      return found;
    return this.change(found, known);
  }

  change(chat: Chat, change: Partial<Chat>): Chat {
    for (const [name, value] of Object.entries(change)) if (value !== undefined) Object.assign(chat, { [name]: value });
    this.chats.touch(chatId(chat.account, chat.key));
    this.bus.publish({ type: 'chat', account: chat.account, chat });
    return chat;
  }

  /** Every chat of the account, in no order. */
  of(account: Account): Iterable<Chat> {
    return this.listed(keyOf(account));
  }

  message(account: Account, id: string): Message | undefined {
    return this.messages.get(messageId(keyOf(account), id));
  }

  /** The same, where only the account's key is at hand. */
  messageOf(accountKey: string, id: string): Message | undefined {
    return this.messages.get(messageId(accountKey, id));
  }

  /** The messages of a chat, oldest first. */
  history(chat: Chat): readonly Message[] {
    return this.log(chat.account, chat.key);
  }

  /** Every message of the account, in no order. */
  *messagesOf(account: Account): Iterable<Message> {
    for (const chat of this.of(account)) yield* this.history(chat);
  }

  /** Every message, of every account. */
  all(): Iterable<Message> {
    return this.messages.values();
  }

  add(chat: Chat, draft: Omit<Message, 'account' | 'chat' | 'reactions' | 'steps'> & { steps?: Step[] }): Message {
    const message: Message = { steps: [], reactions: {}, ...draft, account: chat.account, chat: chat.key };
    this.messages.set(messageId(chat.account, message.id), message);
    insertByTime(this.log(chat.account, chat.key), message);
    if (message.at >= chat.lastAt) {
      chat.lastAt = message.at;
      chat.last = message.id;
    }
    this.chats.touch(chatId(chat.account, chat.key));
    this.publish(message);
    return message;
  }

  /** Says that a message was changed in place. */
  touch(message: Message): void {
    this.messages.touch(messageId(message.account, message.id));
    this.publish(message);
  }

  edit(message: Message, text: string): void {
    message.content = withText(message.content, text);
    message.edited = true;
    this.touch(message);
  }

  remove(message: Message): void {
    message.deleted = true;
    this.touch(message);
  }

  /** Sets or, with an empty emoji, takes back a reaction. `by` is `''` for the business. */
  react(message: Message, by: string, emoji: string): void {
    if (emoji) message.reactions[by] = emoji;
    else delete message.reactions[by];
    this.touch(message);
  }

  setStatus(message: Message, status: Status): void {
    message.status = status;
    this.touch(message);
  }

  /** Forgets the chats of one account, or of all. */
  forget(account?: Account): void {
    const keys = account ? [keyOf(account)] : [...this.byAccount.keys()];
    for (const key of keys) for (const chat of this.listed(key)) this.forgetChat(chat);
    for (const key of keys) this.byAccount.delete(key);
  }

  private forgetChat(chat: Chat): void {
    for (const message of this.history(chat)) this.messages.delete(messageId(chat.account, message.id));
    this.byChat.delete(chatId(chat.account, chat.key));
    this.chats.delete(chatId(chat.account, chat.key));
  }

  private create(account: Account, key: string, known: Partial<Chat>): Chat {
    const chat: Chat = { account: keyOf(account), key, name: nameFor(key), lastAt: 0, answers: [] };
    for (const [name, value] of Object.entries(known)) if (value !== undefined) Object.assign(chat, { [name]: value });
    this.listed(chat.account).add(chat);
    return this.chats.set(chatId(chat.account, key), chat);
  }

  private publish(message: Message): void {
    const chat = this.chats.get(chatId(message.account, message.chat));
    if (chat) this.bus.publish({ type: 'message', account: message.account, chat, message });
  }

  private listed(account: string): Set<Chat> {
    const known = this.byAccount.get(account) ?? new Set<Chat>();
    this.byAccount.set(account, known);
    return known;
  }

  private log(account: string, chat: string): Message[] {
    const id = chatId(account, chat);
    const known = this.byChat.get(id) ?? [];
    this.byChat.set(id, known);
    return known;
  }
}

const chatId = (account: string, key: string) => `${account} ${key}`;
const messageId = (account: string, id: string) => `${account} ${id}`;

/** Nearly always the newest, so the end is tried first. */
function insertByTime(log: Message[], message: Message): void {
  let at = log.length;
  while (at > 0 && (log[at - 1]?.at ?? 0) > message.at) at -= 1;
  log.splice(at, 0, message);
}

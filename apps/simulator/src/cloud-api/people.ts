import { digitsOf } from '../world/ids';
import type { Chat } from '../world/chats';
import { magicOf } from './magic';
import type { Line, State, Waba } from './state';

const countries: [string, string][] = [['1', 'US'], ['351', 'PT'], ['55', 'BR'], ['44', 'GB'], ['40', 'RO'], ['34', 'ES'], ['49', 'DE']]; // prettier-ignore

/** Business-scoped user ids: `CC.` and digits, or letters. */
export const isUserId = (text: string) => /^[A-Z]{2}\.[A-Za-z0-9.]+$/.test(text);

/** The customers of a business, under the ids that Meta gives them. */
export class People {
  /** Chat keys by number and user id. */
  private readonly keys = new Map<string, string>();

  constructor(private readonly state: State) {
    for (const line of state.lines.values()) for (const chat of state.world.chats.of(line)) this.remember(line, chat);
  }

  /** The chat with whoever that is: a phone number, or a user id. Made if nobody wrote in it yet. */
  chat(line: Line, address: string, name?: string): Chat {
    const { chats } = this.state.world;
    const known = this.keys.get(`${line.ref} ${address}`);
    const phone = isUserId(address) ? undefined : address.replace(/\D/g, '');
    const key = known ?? (phone ? waIdOf(phone) : address);
    const hidden = magicOf(phone) === '9063' || phone === undefined ? true : undefined;
    const found = chats.find(line, key);
    const chat = chats.open(line, key, { name, ...(!found && { phone, hidden }) });
    this.remember(line, chat);
    return chat;
  }

  /** The known customer of that user id. */
  byUserId(line: Line, userId: string): Chat | undefined {
    const key = this.keys.get(`${line.ref} ${userId}`);
    return key ? this.state.world.chats.find(line, key) : undefined;
  }

  userIdOf(line: Line, chat: Chat): string {
    return chat.alias ?? (isUserId(chat.key) ? chat.key : userId(this.state.waba(line), chat.key));
  }

  /** The same person under a new user id: what a new number, or a reset, brings. */
  rename(line: Line, chat: Chat, alias: string): void {
    this.state.world.chats.change(chat, { alias });
    this.remember(line, chat);
  }

  remember(line: Line, chat: Chat): void {
    if (!chat.group) this.keys.set(`${line.ref} ${this.userIdOf(line, chat)}`, chat.key);
  }
}

/** The id of a person whom the business knows by number: the same on every number of the portfolio. */
export function userId(waba: Waba, phone: string): string {
  const country = countries.find(([prefix]) => phone.startsWith(prefix))?.[1] ?? 'US';
  return `${country}.${digitsOf(`${waba.portfolio} ${phone}`, 16)}`;
}

/** WhatsApp's own spelling of a number. Only a magic recipient's differs (a dropped digit, as in Brazil). */
export const waIdOf = (phone: string) => (magicOf(phone) === '9062' ? phone.slice(0, 4) + phone.slice(5) : phone);

import type { Chat, Message } from '../world/chats';
import { digitsOf, hexOf, randomDigits, randomHex } from '../world/ids';
import { nameFor } from '../world/names';
import { isMedia } from '../world/content';
import type { Table } from '../world/store';
import type { World } from '../world/world';
import type { Instance } from './instance';
import { magicOf } from './magic';
import { Notifications } from './notifications';

/** Everything that the vendor keeps, and how it writes addresses. */
export class Cloud {
  readonly instances: Table<Instance>;
  readonly notifications: Notifications;
  /** Calls to numbers that fail so many times, by instance and number. */
  readonly tries = new Map<string, number>();

  constructor(readonly world: World) {
    this.instances = world.store.table('green-api');
    this.notifications = new Notifications(world);
  }

  byId(idInstance: string): Instance | undefined {
    for (const instance of this.instances.values()) if (instance.idInstance === idInstance) return instance;
    return undefined;
  }

  touch(instance: Instance): void {
    this.instances.touch(instance.ref);
  }

  directChat(instance: Instance, phone: string, name?: string): Chat {
    return this.world.chats.open(instance, phone, { phone, name });
  }

  /** The group of that id or name, made if there is none, with those people in it. Nothing tells of it (contract §3.3). */
  group(instance: Instance, idOrName: string, people: { phone: string; name?: string }[]): Chat {
    const { chats, clock } = this.world;
    const isId = idOrName.endsWith('@g.us');
    const known = isId
      ? chats.find(instance, idOrName)
      : [...chats.of(instance)].find((chat) => chat.group && chat.name === idOrName);
    const members = people.map(({ phone, name }) => ({ phone, name: name ?? nameFor(phone), admin: !known }));
    if (!known?.group) {
      const key = isId ? idOrName : `120363${randomDigits(12)}@g.us`;
      return chats.open(instance, key, { name: isId ? 'Group' : idOrName, group: { members, createdAt: clock.now() } });
    }
    const joined = members.filter((member) => !known.group?.members.some((each) => each.phone === member.phone));
    if (joined.length === 0) return known;
    return chats.change(known, { group: { ...known.group, members: [...known.group.members, ...joined] } });
  }

  /** The chat that a call names. `undefined` where nobody can be meant. */
  chatOf(instance: Instance, chatId: string): Chat | undefined {
    if (chatId.endsWith('@g.us')) return this.world.chats.find(instance, chatId);
    if (chatId.endsWith('@lid')) {
      return [...this.world.chats.of(instance)].find((chat) => chat.phone && lidOf(chat.phone) === chatId);
    }
    const [, phone] = /^(\d{7,16})@c\.us$/.exec(chatId) ?? [];
    return phone === undefined ? undefined : this.directChat(instance, phone);
  }

  /** How the instance names a chat; `lid` where that form is asked for. */
  chatId(instance: Instance, chat: Chat, lid = false): string {
    if (chat.group) return chat.key;
    return this.personId(instance, chat.key, lid);
  }

  personId({ settings }: Instance, phone: string, lid = false): string {
    return lid || settings.lidMode || magicOf(phone) === '0414' ? lidOf(phone) : `${phone}@c.us`;
  }

  /** Public for as long as such a link lives; a new one is made each time it is asked for. */
  fileUrl(instance: Instance, message: Pick<Message, 'content'>): string | undefined {
    const { content } = message;
    if (!isMedia(content)) return undefined;
    const file = this.world.media.find(content.media);
    const until = Math.floor(this.world.clock.now() + instance.settings.fileLinkMs);
    return file && `${this.world.origin}/green-api/files/${until}/${file.id}/${encodeURIComponent(file.fileName)}`;
  }
}

export const lidOf = (phone: string) => `${digitsOf(`lid of ${phone}`, 14)}@lid`;
export const tokenOf = (ref: string) => hexOf(`token of ${ref}`, 50);
export const idOf = (ref: string) => `7103${digitsOf(`instance ${ref}`, 6)}`;
/** What the API sends, and what phones write. */
export const newApiId = () => `BAE5${randomHex(16)}`;
export const newPhoneId = () => `3A${randomHex(18)}`;
export const digits = (address: string) => address.replace(/@.*$/, '').replace(/\D/g, '');

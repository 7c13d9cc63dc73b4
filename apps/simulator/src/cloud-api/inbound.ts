import { compose } from '../compose';
import { ControlError } from '../provider';
import type { Receive } from '../receive';
import type { Chat, Message } from '../world/chats';
import { isMedia, type Content } from '../world/content';
import type { About } from '../world/journal';
import { hexOf, randomHex } from '../world/ids';
import type { HeldFiles } from './files';
import { adReferral, contextOf, failedMedia, senderFields, toWire, unsupported } from './inbound-wire';
import { isUserId, type People } from './people';
import type { Line, State } from './state';
import type { MetaWebhooks } from './webhooks';

type Json = Record<string, unknown>;

/** Where something happens: the chat, and the person in it who does it. */
export interface Scene {
  line: Line;
  event: Receive;
  chat: Chat;
  person: Chat;
}

export const metadataOf = (line: Line) => ({ display_phone_number: line.phone, phone_number_id: line.id });

/** Turns what customers do into webhooks of field `messages` (contract §3). */
export class Inbound {
  constructor(
    private readonly state: State,
    private readonly people: People,
    private readonly files: HeldFiles,
    private readonly webhooks: MetaWebhooks,
  ) {}

  /** Throws ControlError when the event names nobody. */
  scene(line: Line, event: Receive): Scene {
    const target = event.target ? this.state.world.chats.message(line, event.target) : undefined;
    const address = event.from ?? (target ? (target.author ?? target.chat) : undefined);
    if (!address) throw new ControlError(422, 'Say who it is from');
    if (!isUserId(address) && !/\d/.test(address)) throw new ControlError(422, `${address} is no phone number`);
    const person = this.people.chat(line, address, event.name);
    if (event.hidePhone !== undefined || event.username) {
      this.state.world.chats.change(person, { hidden: event.hidePhone ?? person.hidden, username: event.username });
    }
    return { line, event, person, chat: event.group ? this.group(line, event.group, person) : person };
  }

  /** A message, or a reaction; the business's own from its phone is an echo. */
  write({ line, event, chat, person }: Scene, externalId: string): void {
    const { chats, clock, media } = this.state.world;
    const content = compose(event, media);
    const at = event.at ?? clock.now();
    if (content.kind === 'reaction') this.react(line, content, event.fromMe ? '' : person.key);
    const message = chats.add(chat, {
      id: externalId,
      ours: event.fromMe,
      via: event.fromMe ? 'device' : 'customer',
      author: chat.group && !event.fromMe ? person.key : undefined,
      content,
      at,
      quoted: event.replyTo,
      status: 'sent',
    });
    if (event.fromMe) return this.echo({ line, event, chat, person }, this.typed(line, message));
    chats.change(chat, { lastInboundAt: Math.max(at, chat.lastInboundAt ?? 0), ...(event.person && { answers: [] }) });
    if (chat.blocked) return; // a blocked person's messages reach nobody
    if (content.kind === 'system') return this.changeNumber({ line, event, chat, person }, message, content);
    const referral = event.referral ? { referral: event.referral === true ? adReferral : event.referral } : {};
    const typed = event.code && isMedia(content) ? failedMedia(content.kind, event.code) : this.typed(line, message);
    this.emit({ line, event, chat, person }, message, {
      ...contextOf(this.state, this.people, line, message),
      ...typed,
      ...referral,
    });
  }

  /** Only numbers that also live in the Business app tell of edits; others send something that is not supported. */
  edit(scene: Scene, target: Message, externalId: string): void {
    const { line, event } = scene;
    const text = event.text ?? '';
    this.state.world.chats.edit(target, text);
    if (!line.settings.coexistence) return this.emit(scene, { id: externalId }, unsupported('edit'));
    const context = { from: line.phone, id: `wamid.${hexOf(externalId, 24)}` }; // a dummy, as observed over there
    const message = { context, ...withWords(this.typed(line, target), text) };
    const edit = { type: 'edit', edit: { original_message_id: target.id, message } };
    if (target.ours) this.echo(scene, { id: externalId, ...edit });
    else this.emit(scene, { id: externalId }, edit);
  }

  /** Invisible to ordinary numbers. */
  remove(scene: Scene, target: Message, externalId: string): void {
    this.state.world.chats.remove(target);
    if (!scene.line.settings.coexistence) return;
    const revoke = { type: 'revoke', revoke: { original_message_id: target.id } };
    if (target.ours) this.echo(scene, { id: externalId, ...revoke });
    else this.emit(scene, { id: externalId }, revoke);
  }

  /** Throws nothing away: a number change has no contacts, and the person goes on under the new number. */
  private changeNumber(
    { line, event, person, chat }: Scene,
    message: Message,
    content: Extract<Content, { kind: 'system' }>,
  ): void {
    const wa_id = (content.newPhone ?? '').replace(/\D/g, '') || undefined;
    const userId = `US.${hexOf(`${person.key} ${message.id}`, 16).toUpperCase()}`;
    const identity = content.event === 'customer_identity_changed';
    const body =
      content.text ||
      (identity
        ? `Security code changed for ${person.name}`
        : `User ${person.name} changed from ${person.key} to ${wa_id ?? 'a new number'}`);
    const system = identity
      ? {
          body,
          identity: { acknowledged: false, created_timestamp: seconds(message.at), hash: hexOf(message.id, 12) },
          type: content.event,
        }
      : { body, ...(wa_id && { wa_id }), ...(line.settings.userIds && { user_id: userId }), type: content.event };
    const sender = senderFields(this.state, this.people, line, person);
    const object = {
      ...sender.message,
      id: message.id,
      timestamp: this.timestamp(event, message.at),
      type: 'system',
      system,
    };
    if (!identity && wa_id) this.people.rename(line, this.people.chat(line, wa_id, person.name), userId);
    this.send(
      { line, event, chat, person },
      { ...(identity && { contacts: [sender.contact] }), messages: [object] },
      message.id,
    );
  }

  private emit(scene: Scene, message: Pick<Message, 'id'> & Partial<Message>, typed: Json): void {
    const { line, event, chat, person } = scene;
    const sender = senderFields(this.state, this.people, line, person);
    const object = {
      ...sender.message,
      ...(chat.group && { group_id: chat.key }),
      id: message.id,
      timestamp: this.timestamp(event, message.at ?? event.at),
      ...typed,
    };
    this.send(scene, { contacts: [sender.contact], messages: [object] }, message.id);
  }

  /** smb_message_echoes: what the business wrote on its own phone. */
  private echo({ line, event, chat, person }: Scene, typed: Json & { id: string }): void {
    const userId = line.settings.userIds ? { to_user_id: this.people.userIdOf(line, person) } : {};
    const to = person.hidden ? {} : { to: chat.key };
    const echo = { from: line.phone, ...to, ...userId, ...typed, timestamp: this.timestamp(event, event.at) };
    const about: About[] = [{ what: 'echo', externalId: typed.id, chat: chat.key }];
    const value = { messaging_product: 'whatsapp', metadata: metadataOf(line), message_echoes: [echo] };
    void this.webhooks.emit({
      line,
      field: 'smb_message_echoes',
      value,
      about,
      phone: person.phone,
      copies: event.dup,
    });
  }

  private send({ line, event, chat, person }: Scene, part: Json, externalId: string): void {
    const value = { messaging_product: 'whatsapp', metadata: metadataOf(line), ...part };
    const about: About[] = [{ what: 'message', externalId, chat: chat.key }];
    const { dup: copies, unheard } = event;
    void this.webhooks.emit({ line, field: 'messages', value, about, phone: person.phone, copies, unheard });
  }

  private typed(line: Line, message: Message): Json & { id: string } {
    return { id: message.id, ...toWire(message.content, line, this.files) };
  }

  private react(line: Line, content: Extract<Content, { kind: 'reaction' }>, by: string): void {
    const target = this.state.world.chats.message(line, content.target);
    if (target) this.state.world.chats.react(target, by, content.text);
  }

  private group(line: Line, idOrName: string, person: Chat): Chat {
    const { chats, clock } = this.state.world;
    const known =
      chats.find(line, idOrName) ?? [...chats.of(line)].find((chat) => chat.group && chat.name === idOrName);
    const member = { phone: person.key, name: person.name, admin: false };
    const id = idOrName.startsWith('Z3J')
      ? idOrName
      : Buffer.from(`grp:${randomHex(8)}:1`)
          .toString('base64')
          .replaceAll('=', '');
    const group =
      known ?? chats.open(line, id, { name: idOrName, group: { members: [member], createdAt: clock.now() } });
    const members = group.group?.members ?? [];
    if (members.some((each) => each.phone === member.phone)) return group;
    return chats.change(group, {
      group: { createdAt: group.group?.createdAt ?? clock.now(), members: [...members, member] },
    });
  }

  private timestamp(event: Receive, at = this.state.world.clock.now()): string | number {
    return event.ts === 'number' ? Math.floor(at / 1000) : seconds(at);
  }
}

const seconds = (at: number) => String(Math.floor(at / 1000));

/** The same message with other words: the body of a text, the caption of a file. */
function withWords(typed: Json, text: string): Json {
  const { id: _id, ...rest } = typed;
  const type = String(rest.type);
  if (type === 'text') return { type, text: { body: text } };
  return { ...rest, [type]: { ...(rest[type] as Json), caption: text } };
}

/** Like Meta's: opaque, and holding the number in a form that nobody should read. */
export function newMessageId(phone: string, ours: boolean): string {
  const number = Buffer.from(phone);
  const head = Buffer.from([
    0x1c,
    0x18,
    number.length,
    ...number,
    0x15,
    0x02,
    0x00,
    ours ? 0x11 : 0x12,
    0x18,
    ours ? 0x12 : 0x14,
  ]);
  return `wamid.${Buffer.concat([head, Buffer.from(randomHex(ours ? 18 : 20)), Buffer.from([0])]).toString('base64')}`;
}

import { compose } from '../compose';
import { ControlError } from '../provider';
import { words, type Receive } from '../receive';
import type { Chat, Message } from '../world/chats';
import { digits, newPhoneId, type Cloud } from './cloud';
import { isLinked, type Instance } from './instance';
import { copiesFor } from './magic';
import { messageData, messageNotification, reactionData, type Look } from './wire';

/** Where something happens. */
export interface Scene {
  cloud: Cloud;
  instance: Instance;
  chat: Chat;
  event: Receive;
}

/** The chat that an event is about. Throws ControlError when it names none. */
export function sceneOf(cloud: Cloud, instance: Instance, event: Receive): Scene {
  return { cloud, instance, event, chat: chatOf(cloud, instance, event) };
}

function chatOf(cloud: Cloud, instance: Instance, event: Receive): Chat {
  if (event.group) {
    const people = event.from && !event.fromMe ? [{ phone: digits(event.from), name: event.name }] : [];
    return cloud.group(instance, event.group, people);
  }
  const target = event.target ? cloud.world.chats.message(instance, event.target) : undefined;
  const known = target && !event.from ? cloud.world.chats.find(instance, target.chat) : undefined;
  if (known) return known;
  if (!event.from) throw new ControlError(422, 'Say who it is from');
  const byLid = event.from.endsWith('@lid') ? cloud.chatOf(instance, event.from) : undefined;
  if (byLid) return byLid;
  const phone = digits(event.from);
  if (!/^\d{7,16}$/.test(phone)) throw new ControlError(422, `${event.from} is no phone number`);
  return cloud.directChat(instance, phone, event.name);
}

/** A message by the customer, or by the business on its own phone. */
export function write(scene: Scene, id: string): void {
  const { cloud, instance, chat, event } = scene;
  const content = compose(event, cloud.world.media);
  const at = event.at ?? cloud.world.clock.now();
  const author = chat.group && !event.fromMe ? digits(event.from ?? '') : undefined;
  const via = event.fromMe ? 'device' : 'customer';
  const draft = { id, ours: event.fromMe, via, author, content, at, quoted: event.replyTo, status: 'sent' } as const;
  if (content.kind === 'reaction') {
    const target = cloud.world.chats.message(instance, content.target);
    if (target) cloud.world.chats.react(target, event.fromMe ? '' : digits(event.from ?? target.chat), content.text);
    return tell(scene, draft, reactionData(cloud, instance, chat, content.text, content.target));
  }
  const message = cloud.world.chats.add(chat, draft);
  if (!event.fromMe) {
    const lastInboundAt = Math.max(at, chat.lastInboundAt ?? 0);
    cloud.world.chats.change(chat, { lastInboundAt, ...(event.person && { answers: [] }) });
  }
  tell(scene, message, messageData(cloud, instance, chat, message));
}

/** An edit, a deletion: a message of its own that names the other. */
export function change(scene: Scene, target: Message): void {
  const { cloud, event } = scene;
  if (event.kind === 'edit') {
    cloud.world.chats.edit(target, event.text ?? '');
    const name = target.content.kind === 'text' ? 'textMessage' : 'caption';
    const editedMessageData = { [name]: event.text ?? '', stanzaId: target.id };
    return act(scene, target, 'editedMessageWebhook', { typeMessage: 'editedMessage', editedMessageData });
  }
  cloud.world.chats.remove(target);
  const deletedMessageData = { stanzaId: target.id };
  act(scene, target, 'deletedMessageWebhook', { typeMessage: 'deletedMessage', deletedMessageData });
}

/** A vote tells all the votes that the poll now has. */
export function vote(scene: Scene, poll: Message): void {
  const { cloud, instance, chat, event } = scene;
  if (poll.content.kind !== 'poll') throw new ControlError(422, 'The target is no poll');
  const chosen = event.options ?? poll.content.options.slice(0, 1);
  const voter = event.from ? cloud.personId(instance, digits(event.from)) : cloud.chatId(instance, chat);
  const votes = poll.content.options.map((optionName) => ({
    optionName,
    optionVoters: chosen.includes(optionName) ? [voter] : [],
  }));
  const { text: name, selectable } = poll.content;
  const pollMessageData = { stanzaId: poll.id, name, votes, multipleAnswers: selectable !== 1 };
  act(scene, { ...poll, ours: false }, 'pollMessageWebhook', { typeMessage: 'pollUpdateMessage', pollMessageData });
}

function act(scene: Scene, target: Message, flag: string, data: object): void {
  if (scene.instance.wa[flag] !== 'yes') return;
  const { event, cloud } = scene;
  const at = event.at ?? cloud.world.clock.now();
  const author = scene.chat.group && event.from ? digits(event.from) : target.author;
  tell(scene, { id: newPhoneId(), ours: target.ours, via: target.ours ? 'device' : 'customer', at, author }, data);
}

/** The customer of a recorded chat answers by itself. */
export function writeAsCustomer(cloud: Cloud, instance: Instance, chat: Chat, text: string): void {
  write({ cloud, instance, chat, event: words(text) }, newPhoneId());
}

type Told = Parameters<typeof messageNotification>[3];

function tell({ cloud, instance, chat, event }: Scene, message: Told, data: object): void {
  if (!isLinked(instance)) return; // it stays on the phone, whose history has it later
  if (instance.wa[message.ours ? 'outgoingMessageWebhook' : 'incomingWebhook'] !== 'yes') return;
  const look: Look = { lid: event.lid !== undefined, textTime: event.ts === 'string' };
  const body = messageNotification(cloud, instance, chat, message, data, look);
  const phone = chat.group ? undefined : chat.key;
  const about = [{ what: 'message' as const, externalId: message.id, chat: chat.key }];
  const copies = copiesFor(phone, event.dup);
  cloud.notifications.add(instance, body.typeWebhook, body, { about, phone, copies, unheard: event.unheard });
}

import { ControlError } from '../provider';
import type { Receive } from '../receive';
import { keyOf } from '../world/account';
import type { Status, Step } from '../world/chats';
import { nameFor } from '../world/names';
import { addressOf, phoneJid } from './addresses';
import type { Connections } from './connection';
import { groupInfo } from './groups';
import { digits, edit, emitInLine, newInboundId, remove, sceneOf, typeIn, vote, write, type Scene } from './inbound';
import type { Instance } from './instance';
import { messageData } from './messages';
import { emitStatus } from './sends';
import type { Server } from './server';

const connections = ['open', 'connecting', 'close', 'drop', 'logout', 'remove'] as const;

/** Everything that can happen on the other side of an instance, from the customers' phones to the server itself. */
export class Happenings {
  constructor(
    private readonly server: Server,
    private readonly links: Connections,
    private readonly removeInstance: (instance: Instance) => void,
  ) {}

  happen(instance: Instance, event: Receive): { externalId: string | null } {
    switch (event.kind) {
      case 'connection':
        return this.connection(instance, event);
      case 'qr':
        this.links.renewCode(instance);
        return this.note(instance, event, null, null);
      case 'raw':
        return this.raw(instance, event);
      case 'status':
        return this.status(instance, event);
      case 'contact-update':
      case 'call':
      case 'participants':
      case 'group':
        return this.people(sceneOf(this.server, instance, event));
      case 'typing':
        return this.typing(sceneOf(this.server, instance, event));
      case 'user-id-update':
      case 'preference':
      case 'account-event':
      case 'template-status':
      case 'welcome':
        throw new ControlError(422, `Evolution has no "${event.kind}"`);
      case 'history-sync':
        return this.historySync(sceneOf(this.server, instance, event));
      default:
        return this.message(sceneOf(this.server, instance, event));
    }
  }

  private message(scene: Scene): { externalId: string } {
    const { instance, event } = scene;
    const [externalId, act] = this.act(scene);
    const lost = instance.state === 'close' ? 'the phone is not linked' : undefined;
    this.note(instance, event, externalId, scene.chat.key, lost);
    if (event.delayMs) this.server.world.clock.after(event.delayMs, act);
    else act();
    return { externalId };
  }

  /** The id under which it will be known, and what will happen. */
  private act(scene: Scene): [string, () => void] {
    const { event } = scene;
    const own = newInboundId();
    if (event.kind !== 'edit' && event.kind !== 'delete' && event.kind !== 'vote')
      return [own, () => write(scene, own)];
    const target = this.server.world.chats.message(scene.instance, event.target ?? '');
    if (!target) throw new ControlError(404, 'No such message to act on');
    if (event.kind === 'edit') return [target.id, () => edit(scene, target)];
    if (event.kind === 'delete') return [target.id, () => remove(scene, target)];
    return [own, () => vote(scene, target, own)];
  }

  private connection(instance: Instance, event: Receive) {
    const state = connections.find((each) => each === (event.state ?? 'open'));
    if (!state) throw new ControlError(422, `state is one of ${connections.join(', ')}`);
    if (state === 'open') this.links.open(instance);
    else if (state === 'connecting') this.links.start(instance, event.from);
    else if (state === 'drop') this.links.drop(instance, event.code);
    else if (state === 'remove') this.removeInstance(instance);
    else this.links.lose(instance, event.code);
    return this.note(instance, event, null, null);
  }

  /** `data` alone goes out in the envelope under `event`; a `body` goes out as it is. */
  private raw(instance: Instance, event: Receive) {
    const name = event.event ?? 'messages.upsert';
    if (event.body === undefined)
      void this.server.events.emit(instance, name, event.data ?? null, { copies: event.dup });
    else
      void this.server.events.raw(
        instance,
        name,
        typeof event.body === 'string' ? event.body : JSON.stringify(event.body),
        event.headers,
      );
    return this.note(instance, event, null, null);
  }

  private status(instance: Instance, event: Receive) {
    const message = this.server.world.chats.message(instance, event.target ?? '');
    if (!message) throw new ControlError(404, 'No such message to tell a status of');
    const step: Step = { status: statusOf(event.status), afterMs: 0 };
    if (event.fromMe === false && message.ours) this.server.world.chats.setStatus(message, step.status);
    void emitStatus(this.server, instance, message, step);
    return this.note(instance, event, message.id, message.chat);
  }

  private typing(scene: Scene) {
    typeIn(this.server, scene.instance, scene.chat, scene.event.state ?? 'composing');
    return { externalId: null };
  }

  private people(scene: Scene) {
    const { instance, chat, event } = scene;
    if (event.kind === 'participants') this.participants(scene);
    else if (event.kind === 'call') emitInLine(scene, 'call', callData(scene), other(scene));
    else if (event.kind === 'group')
      emitInLine(scene, 'groups.upsert', [groupInfo(this.server, instance, chat, true)], other(scene));
    else
      emitInLine(
        scene,
        'contacts.update',
        { remoteJid: phoneJid(chat.key), pushName: chat.name, profilePicUrl: null, instanceId: instance.id },
        other(scene),
      );
    return this.note(instance, event, null, chat.key);
  }

  private participants(scene: Scene): void {
    const { chat, event, look } = scene;
    if (!chat.group) throw new ControlError(422, 'Say which group');
    const changed = (event.participants ?? []).map(digits);
    for (const phone of changed) this.server.rememberLid(phone);
    this.server.world.chats.change(chat, {
      group: { ...chat.group, members: membersAfter(chat.group.members, event.action, changed) },
    });
    const data = {
      id: chat.key,
      author: event.from ? addressOf(look.addresses, digits(event.from)) : null,
      ...(event.from && { authorPn: phoneJid(digits(event.from)) }),
      participants: changed.map((phone) => ({
        id: addressOf(look.addresses, phone),
        phoneNumber: phoneJid(phone),
        admin: event.action === 'promote' ? 'admin' : null,
      })),
      action: event.action,
    };
    emitInLine(scene, 'group-participants.update', data, other(scene));
  }

  private historySync(scene: Scene) {
    const { instance, chat } = scene;
    const records = this.server.world.chats
      .history(chat)
      .map((message) => messageData(this.server, instance, chat, message, scene.look));
    const extra = { isLatest: true, progress: 100 };
    this.server.inLine(
      instance,
      () => void this.server.events.emit(instance, 'messages.set', records, { about: other(scene), extra }),
    );
    return this.note(instance, scene.event, null, chat.key);
  }

  private note(instance: Instance, event: Receive, externalId: string | null, chat: string | null, silent?: string) {
    this.server.world.journal.add({
      type: 'happened',
      accounts: [keyOf(instance)],
      kind: event.kind,
      externalId,
      chat,
      text: event.text,
      silent,
    });
    return { externalId };
  }
}

type Members = { phone: string; name: string; admin: boolean }[];

function membersAfter(members: Members, action: Receive['action'], changed: string[]): Members {
  switch (action) {
    case 'add':
      return [
        ...members,
        ...changed
          .filter((phone) => !members.some((each) => each.phone === phone))
          .map((phone) => ({ phone, name: nameFor(phone), admin: false })),
      ];
    case 'remove':
      return members.filter((member) => !changed.includes(member.phone));
    case 'promote':
    case 'demote':
      return members.map((member) =>
        changed.includes(member.phone) ? { ...member, admin: action === 'promote' } : member,
      );
  }
}

function callData({ chat, event, look, server }: Scene) {
  return {
    chatId: chat.group ? chat.key : phoneJid(chat.key),
    from: addressOf(look.addresses, digits(event.from ?? chat.key)),
    id: event.id ?? newInboundId().slice(0, 8),
    date: new Date(server.world.clock.now()).toISOString(),
    offline: false,
    status: event.state ?? 'offer',
    isVideo: event.type === 'video',
    isGroup: Boolean(chat.group),
  };
}

const other = ({ chat }: Scene) => [{ what: 'other' as const, externalId: null, chat: chat.key }];

function statusOf(word: string | undefined): Status {
  const known: Status[] = ['pending', 'sent', 'delivered', 'read', 'played', 'failed'];
  return known.find((status) => status === word) ?? 'read';
}

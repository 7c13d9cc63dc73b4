import { ControlError } from '../provider';
import type { Receive } from '../receive';
import { keyOf } from '../world/account';
import type { Status } from '../world/chats';
import { nameFor } from '../world/names';
import { digits, newPhoneId, type Cloud } from './cloud';
import type { Connections } from './connections';
import { change, sceneOf, vote, write, type Scene } from './inbound';
import { isLinked, states, type Instance, type State } from './instance';
import type { Sends } from './sends';
import { envelope } from './wire';

/** The words of the other simulated providers, and the vendor's own. */
const becomes: Record<string, State> = {
  open: 'authorized',
  connecting: 'starting',
  close: 'notAuthorized',
  drop: 'starting',
  logout: 'notAuthorized',
  banned: 'blocked',
  ...Object.fromEntries(states.map((state) => [state, state])),
};

/** How long a dropped instance is away. */
const DROP_MS = 1_500;

/** Everything that can happen on the other side of an instance. */
export class Happenings {
  constructor(
    private readonly cloud: Cloud,
    private readonly connections: Connections,
    private readonly sends: Sends,
  ) {}

  happen(instance: Instance, event: Receive): { externalId: string | null } {
    switch (event.kind) {
      case 'connection':
        return this.connection(instance, event);
      case 'qr':
        instance.qr = null;
        this.connections.code(instance);
        return this.note(instance, event, null, null);
      case 'raw':
        return this.raw(instance, event);
      case 'status':
        return this.status(instance, event);
      case 'call':
        return this.call(sceneOf(this.cloud, instance, event));
      case 'participants':
      case 'group':
      case 'typing':
      case 'contact-update':
        return this.silently(sceneOf(this.cloud, instance, event));
      case 'account-event':
        return this.quota(instance, event);
      case 'order':
      case 'system':
      case 'welcome':
      case 'user-id-update':
      case 'preference':
      case 'template-status':
      case 'history-sync':
        throw new ControlError(422, `GREEN-API has no "${event.kind}"`);
      default:
        return this.message(sceneOf(this.cloud, instance, event));
    }
  }

  private message(scene: Scene): { externalId: string } {
    const { instance, event } = scene;
    const [externalId, act] = this.act(scene);
    this.note(instance, event, externalId, scene.chat.key, isLinked(instance) ? undefined : 'the phone is not linked');
    if (event.delayMs) this.cloud.world.clock.after(event.delayMs, act);
    else act();
    return { externalId };
  }

  /** The id under which it will be known, and what will happen. */
  private act(scene: Scene): [string, () => void] {
    const { event, instance } = scene;
    const own = newPhoneId();
    if (event.kind !== 'edit' && event.kind !== 'delete' && event.kind !== 'vote')
      return [own, () => write(scene, own)];
    const target = this.cloud.world.chats.message(instance, event.target ?? '');
    if (!target) throw new ControlError(404, 'No such message to act on');
    return [target.id, () => (event.kind === 'vote' ? vote(scene, target) : change(scene, target))];
  }

  private connection(instance: Instance, event: Receive) {
    const wanted = event.state ?? 'open';
    const state = Object.hasOwn(becomes, wanted) ? becomes[wanted] : undefined;
    if (!state) throw new ControlError(422, `state is one of ${Object.keys(becomes).join(', ')}`);
    this.connections.become(instance, state);
    if (wanted === 'drop') this.cloud.world.clock.after(DROP_MS, () => this.connections.become(instance, 'authorized'));
    return this.note(instance, event, null, null);
  }

  /** `data` goes out in the envelope under `event`; a `body` goes out as it is. */
  private raw(instance: Instance, event: Receive) {
    const name = event.event ?? 'incomingMessageReceived';
    const { body, dup: copies, headers: given, signature } = event;
    const headers = { ...given, ...(signature && signature !== 'good' && { authorization: wrongly[signature] ?? '' }) };
    if (body !== undefined) this.cloud.notifications.add(instance, name, body, { copies, headers });
    else {
      const data = typeof event.data === 'object' && event.data !== null ? event.data : {};
      this.cloud.notifications.add(instance, name, envelope(this.cloud, instance, name, data), { copies, headers });
    }
    return this.note(instance, event, null, null);
  }

  private status(instance: Instance, event: Receive) {
    const message = this.cloud.world.chats.message(instance, event.target ?? '');
    const chat = message && this.cloud.world.chats.find(instance, message.chat);
    if (!message || !chat) throw new ControlError(404, 'No such message to tell a status of');
    const known: Status[] = ['sent', 'delivered', 'read', 'failed'];
    const status = known.find((one) => one === event.status);
    if (status && message.ours) this.cloud.world.chats.setStatus(message, status);
    this.sends.status(instance, chat, message.id, event.status ?? 'read', message.via === 'api');
    return this.note(instance, event, message.id, message.chat);
  }

  private call(scene: Scene) {
    const { instance, event, chat } = scene;
    const idMessage = event.id ?? newPhoneId().slice(2);
    const status = event.state ?? 'offer';
    if (isLinked(instance) && instance.wa.incomingWebhook === 'yes' && instance.wa.incomingCallWebhook === 'yes') {
      const from = this.cloud.chatId(instance, chat);
      this.cloud.notifications.add(
        instance,
        'incomingCall',
        envelope(this.cloud, instance, 'incomingCall', { from, status, idMessage }),
      );
    }
    return this.note(instance, event, idMessage, chat.key);
  }

  private quota(instance: Instance, event: Receive) {
    const status = 'CORRESPONDENTS_QUOTA_EXCEEDED';
    const quotaData = {
      method: 'correspondents',
      used: 3,
      total: 3,
      status,
      description: 'Monthly quota has been exceeded',
    };
    const body = envelope(this.cloud, instance, 'quotaExceeded', { quotaData });
    this.cloud.notifications.add(instance, 'quotaExceeded', body);
    return this.note(instance, event, null, null);
  }

  /** No notification tells who came and went, what a group is called, or that somebody types (contract §3.3). */
  private silently({ instance, chat, event }: Scene) {
    if (event.kind === 'participants' && chat.group) {
      const changed = (event.participants ?? []).map(digits);
      this.cloud.world.chats.change(chat, {
        group: { ...chat.group, members: membersAfter(chat.group.members, event.action, changed) },
      });
    }
    return this.note(instance, event, null, chat.key, 'GREEN-API does not tell of it');
  }

  private note(instance: Instance, event: Receive, externalId: string | null, chat: string | null, silent?: string) {
    const { kind, text } = event;
    this.cloud.world.journal.add({
      type: 'happened',
      accounts: [keyOf(instance)],
      kind,
      externalId,
      chat,
      text,
      silent,
    });
    return { externalId };
  }
}

const wrongly: Record<string, string> = { bad: 'Bearer wrong', missing: '' };

type Members = { phone: string; name: string; admin: boolean }[];

function membersAfter(members: Members, action: Receive['action'], changed: string[]): Members {
  const isChanged = ({ phone }: { phone: string }) => changed.includes(phone);
  switch (action) {
    case 'add': {
      const known = new Set(members.map(({ phone }) => phone));
      const joined = changed.filter((phone) => !known.has(phone));
      return [...members, ...joined.map((phone) => ({ phone, name: nameFor(phone), admin: false }))];
    }
    case 'remove':
      return members.filter((member) => !isChanged(member));
    default:
      return members.map((member) => (isChanged(member) ? { ...member, admin: action === 'promote' } : member));
  }
}

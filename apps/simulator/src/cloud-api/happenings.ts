import { ControlError } from '../provider';
import type { Receive } from '../receive';
import { keyOf } from '../world/account';
import type { Status } from '../world/chats';
import type { AccountEvents } from './account-events';
import { newMessageId, type Inbound, type Scene } from './inbound';
import type { Line, State } from './state';
import type { Statuses } from './statuses';
import type { Templates } from './templates';
import type { MetaWebhooks } from './webhooks';

type Result = { externalId: string | null };

interface Parts {
  inbound: Inbound;
  statuses: Statuses;
  templates: Templates;
  events: AccountEvents;
  webhooks: MetaWebhooks;
}

/** Everything that can happen on the other side of a number. */
export class Happenings {
  constructor(
    private readonly state: State,
    private readonly parts: Parts,
  ) {}

  happen(line: Line, event: Receive): Result {
    const { events, inbound } = this.parts;
    switch (event.kind) {
      case 'raw':
        return this.raw(line, event);
      case 'status':
        return this.status(line, event);
      case 'connection':
        return this.connection(line, event);
      case 'template-status':
        return this.quietly(line, event, () => this.parts.templates.setStatus(line, event));
      case 'account-event':
        return this.quietly(line, event, () => events.any(line, event));
      case 'preference':
        return this.quietly(line, event, () => events.preference(line, event));
      case 'user-id-update':
        return this.quietly(line, event, () => events.userIdUpdate(line, event));
      case 'participants':
        return this.quietly(line, event, () => events.participants(line, event));
      case 'typing':
      case 'vote':
      case 'qr':
      case 'call':
      case 'contact-update':
      case 'group':
      case 'history-sync':
        throw new ControlError(422, `Cloud API has no "${event.kind}"`);
      default:
        return this.message(inbound.scene(line, event));
    }
  }

  private message(scene: Scene): Result {
    const { line, event } = scene;
    const externalId = newMessageId(scene.person.key, event.fromMe);
    const act = this.act(scene, externalId);
    const silent = scene.chat.blocked ? 'the business has blocked this person' : this.silence(line, event);
    this.note(line, event, externalId, scene.chat.key, silent);
    if (event.delayMs) this.state.world.clock.after(event.delayMs, act);
    else act();
    return { externalId };
  }

  private act(scene: Scene, externalId: string): () => void {
    const { line, event } = scene;
    const { inbound } = this.parts;
    if (event.kind !== 'edit' && event.kind !== 'delete') return () => inbound.write(scene, externalId);
    const target = this.state.world.chats.message(line, event.target ?? '');
    if (!target) throw new ControlError(404, 'No such message to act on');
    return () =>
      event.kind === 'edit' ? inbound.edit(scene, target, externalId) : inbound.remove(scene, target, externalId);
  }

  private silence(line: Line, event: Receive): string | undefined {
    return event.kind === 'delete' && !line.settings.coexistence
      ? 'ordinary numbers are not told of deletions'
      : undefined;
  }

  private raw(line: Line, event: Receive): Result {
    if (event.body === undefined) throw new ControlError(422, 'Say which body');
    const body = typeof event.body === 'string' ? event.body : JSON.stringify(event.body);
    for (let copy = 0; copy < event.dup; copy += 1)
      void this.parts.webhooks.raw(line, body, event.signature ?? 'good', event.headers);
    return this.note(line, event, null, null);
  }

  private status(line: Line, event: Receive): Result {
    const message = this.state.world.chats.message(line, event.target ?? '');
    if (!message) throw new ControlError(404, 'No such message to tell a status of');
    const status = statuses.find((each) => each === event.status) ?? 'read';
    this.state.world.chats.setStatus(message, status);
    const error = status === 'failed' ? (event.code ?? 131026) : undefined;
    void this.parts.statuses.emit(line, message, { status, afterMs: 0, error });
    return this.note(line, event, message.id, message.chat);
  }

  /** Numbers have no socket to lose: they are banned, or back. */
  private connection(line: Line, event: Receive): Result {
    const banned = event.state !== 'open';
    line.status = banned ? 'BANNED' : 'CONNECTED';
    this.state.touch(line);
    const value = banned
      ? { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'DISABLE', waba_ban_date: 'January 5, 2026' } }
      : { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'REINSTATE', waba_ban_date: 'January 5, 2026' } };
    return this.quietly(line, event, () => this.parts.events.ofWaba(line, 'account_update', value));
  }

  private quietly(line: Line, event: Receive, act: () => void): Result {
    act();
    return this.note(line, event, null, null);
  }

  private note(line: Line, event: Receive, externalId: string | null, chat: string | null, silent?: string): Result {
    this.state.world.journal.add({
      type: 'happened',
      accounts: [keyOf(line)],
      kind: event.kind,
      externalId,
      chat,
      text: event.text,
      silent,
    });
    return { externalId };
  }
}

const statuses: Status[] = ['sent', 'delivered', 'read', 'played', 'failed'];

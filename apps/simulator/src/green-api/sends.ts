import { judgeSend } from '../world/call-faults';
import type { Chat, Message, Step } from '../world/chats';
import type { Content } from '../world/content';
import { textOf } from '../world/content';
import { newApiId, type Cloud } from './cloud';
import type { Connections } from './connections';
import { bad, badGateway, callsExceeded, correspondentsExceeded, refusals, tooMany, unauthorized } from './errors';
import { writeAsCustomer } from './inbound';
import type { Instance, Waiting } from './instance';
import { copiesFor, magicOf, stepsOf } from './magic';
import { envelope, messageData, messageNotification } from './wire';

const HANGS_MS = 60_000;
/** What waited for a phone for longer never leaves. */
const KEPT_MS = 24 * 3_600_000;

/** What the instance does with a message for a customer: take it, answer, and let it out in its turn. */
export class Sends {
  /** Instances whose queue is being emptied. */
  private readonly busy = new Set<string>();

  constructor(
    private readonly cloud: Cloud,
    private readonly connections: Connections,
  ) {}

  /** Takes it into the queue. Resolves with the answer, which says nothing of what becomes of it. */
  async send(instance: Instance, chat: Chat, content: Content, quoted?: string): Promise<{ idMessage: string }> {
    if (instance.state === 'starting') throw bad('instance in starting process try later');
    const { world } = this.cloud;
    const phone = chat.group ? undefined : chat.key;
    const verdict = await judgeSend(world, instance, phone, refusals);
    this.refuseMagic(instance, phone);
    const id = newApiId();
    if (verdict.lie) return { idMessage: id };
    instance.queue.push({
      id,
      chat: chat.key,
      content,
      quoted,
      at: world.clock.now(),
      ...(verdict.silent && { silent: true }),
    });
    this.cloud.touch(instance);
    if (magicOf(phone) === '0503') this.connections.become(instance, 'notAuthorized');
    void this.release(instance);
    if (magicOf(phone) === '0408') await world.clock.sleep(HANGS_MS);
    if (verdict.answerAfterMs) await world.clock.sleep(verdict.answerAfterMs);
    return { idMessage: id };
  }

  /** Lets out what waits, one in each `delaySendMessagesMilliseconds`, while a phone is linked. */
  async release(instance: Instance): Promise<void> {
    if (this.busy.has(instance.ref)) return;
    this.busy.add(instance.ref);
    try {
      while (instance.queue.length > 0 && (instance.state === 'authorized' || instance.state === 'suspended')) {
        const [next] = instance.queue.splice(0, 1);
        this.cloud.touch(instance);
        if (!next || this.cloud.world.clock.now() - next.at > KEPT_MS) continue;
        this.leave(instance, next);
        await this.cloud.world.clock.sleep(Number(instance.wa.delaySendMessagesMilliseconds) || 500);
      }
    } finally {
      this.busy.delete(instance.ref);
    }
  }

  private leave(instance: Instance, { id, chat: key, content, quoted, silent }: Waiting): void {
    const { world } = this.cloud;
    const chat = world.chats.find(instance, key);
    if (!chat) return;
    const phone = chat.group ? undefined : key;
    if (magicOf(phone) === '0404') return this.status(instance, chat, id, 'noAccount');
    if (magicOf(phone) === '0499') return this.suspend(instance, chat, id);
    const message = world.chats.add(chat, {
      id,
      ours: true,
      via: 'api',
      content,
      at: world.clock.now(),
      quoted,
      status: 'pending',
      steps: silent ? [] : stepsOf(phone, instance.settings),
    });
    this.echo(instance, chat, message);
    world.progress.follow(message);
    if (textOf(content) !== undefined && magicOf(phone) !== '0410') {
      world.answers.next(chat, {
        type: () => undefined, // no notification tells of it
        write: (to, text) => writeAsCustomer(this.cloud, instance, to, text),
      });
    }
  }

  private echo(instance: Instance, chat: Chat, message: Message): void {
    if (instance.wa.outgoingAPIMessageWebhook !== 'yes') return;
    const data = messageData(this.cloud, instance, chat, message);
    const body = messageNotification(this.cloud, instance, chat, message, data);
    const phone = chat.group ? undefined : chat.key;
    const about = [{ what: 'echo' as const, externalId: message.id, chat: chat.key }];
    this.cloud.notifications.add(instance, body.typeWebhook, body, { about, phone, copies: copiesFor(phone) });
  }

  /** The number is restricted, and the message stays where it is. */
  private suspend(instance: Instance, chat: Chat, id: string): void {
    this.status(instance, chat, id, 'suspended');
    this.connections.become(instance, 'suspended');
  }

  /** outgoingMessageStatus. The two that say why nothing came cannot be switched off. */
  status(instance: Instance, chat: Chat, id: string, status: string, sendByApi = true): void {
    const always = status === 'failed' || status === 'noAccount';
    if (!always && instance.wa.outgoingWebhook !== 'yes') return;
    const chatId = this.cloud.chatId(instance, chat);
    const more = status === 'failed' && { description: 'The message was not sent' };
    const body = envelope(this.cloud, instance, 'outgoingMessageStatus', {
      chatId,
      idMessage: id,
      status,
      sendByApi,
      ...more,
    });
    const phone = chat.group ? undefined : chat.key;
    const about = [{ what: 'status' as const, externalId: id, chat: chat.key, status }];
    this.cloud.notifications.add(instance, 'outgoingMessageStatus', body, { about, phone, copies: copiesFor(phone) });
  }

  private refuseMagic(instance: Instance, phone: string | undefined): void {
    switch (magicOf(phone)) {
      case '0401':
        throw unauthorized();
      case '0429':
        throw tooMany(0);
      case '0466':
        throw correspondentsExceeded();
      case '1466':
        throw callsExceeded();
      case '0500':
        if (this.failsAgain(`${instance.ref} ${phone}`, 2)) throw badGateway();
        return;
    }
  }

  /** Fails so many times, then lets one through, then starts anew. */
  private failsAgain(key: string, times: number): boolean {
    const tries = this.cloud.tries.get(key) ?? 0;
    if (tries < times) this.cloud.tries.set(key, tries + 1);
    else this.cloud.tries.delete(key);
    return tries < times;
  }
}

/** The next status of a message, as its customer's phone tells it. */
export function emitStatus(sends: Sends, cloud: Cloud, instance: Instance, message: Message, step: Step): void {
  const chat = cloud.world.chats.find(instance, message.chat);
  if (chat)
    sends.status(instance, chat, message.id, step.status === 'played' ? 'read' : step.status, message.via === 'api');
}

import type { FastifyReply, FastifyRequest } from 'fastify';
import { judgeSend, neverAnswer, type Refusals } from '../world/call-faults';
import type { Chat, Message, Step } from '../world/chats';
import type { Content } from '../world/content';
import { textOf } from '../world/content';
import { randomHex } from '../world/ids';
import { addressOf, isGroup, lidOf, phoneJid, toJid } from './addresses';
import type { Connections } from './connection';
import { connectionClosed, gatewayTimeout, numberUnknown, serverError, tooMany, unauthorized } from './errors';
import { typeIn, writeAsCustomer } from './inbound';
import type { Instance } from './instance';
import { copiesFor, magicOf, reachesCustomer, stepsOf } from './magic';
import { sentData } from './messages';
import type { Server } from './server';
import { rowId } from './wire';

export const refusals: Refusals = {
  serverError: () => serverError('Internal server error'),
  unauthorized,
  tooMany,
  gatewayTimeout,
};

/** How long send.message may keep the answer of its own send waiting. */
const FIRST_EVENT_MS = 3_000;

export interface Outgoing {
  content: Content;
  quoted?: string;
}

export interface Call {
  request: FastifyRequest;
  reply: FastifyReply;
}

/** Everything that the server does with a message for a customer, up to the answer of the call. */
export class Sends {
  constructor(
    private readonly server: Server,
    private readonly connections: Connections,
  ) {}

  /** The chat that `number` means. Throws the 400 of a number that is not on WhatsApp. */
  resolve(instance: Instance, number: string): Chat {
    const jid = toJid(number);
    if (isGroup(jid)) return this.group(instance, jid);
    const phone = jid.endsWith('@lid') ? this.server.phoneOfLid(jid) : jid.replace(/@.*$/, '');
    if (!phone || !/^\d{7,15}$/.test(phone) || magicOf(phone) === '0404') throw numberUnknown(jid, number);
    return this.server.directChat(instance, phone);
  }

  /** Sends, answers, and lets the message go its way. */
  async send(instance: Instance, chat: Chat, outgoing: Outgoing, { request, reply }: Call): Promise<unknown> {
    if (instance.state !== 'open') throw connectionClosed();
    const phone = chat.group ? undefined : chat.key;
    const verdict = await judgeSend(this.server.world, instance, phone, refusals);
    this.refuseMagic(instance, phone);
    const message = this.accept(instance, chat, outgoing, verdict);
    reply.status(201);
    reply.externalId = message.id;
    const data = sentData(this.server, instance, chat, message);
    if (verdict.lie) return data;
    const told = this.tell(instance, chat, message, data);
    if (instance.settings.statusFirst) await this.server.world.clock.atMost(FIRST_EVENT_MS, told);
    if (magicOf(phone) === '0408') return neverAnswer(this.server.world, request, reply);
    if (verdict.answerAfterMs) await this.server.world.clock.sleep(verdict.answerAfterMs);
    return data;
  }

  private accept(
    instance: Instance,
    chat: Chat,
    { content, quoted }: Outgoing,
    verdict: { lie: boolean; silent: boolean },
  ): Message {
    const { world } = this.server;
    const id = `3EB0${randomHex(18)}`;
    const at = world.clock.now();
    const draft = { id, ours: true, via: 'api', content, at, quoted, status: 'pending' } as const;
    if (verdict.lie) return { ...draft, account: chat.account, chat: chat.key, steps: [], reactions: {} };
    const target = content.kind === 'reaction' ? world.chats.message(instance, content.target) : undefined;
    if (target && content.kind === 'reaction') world.chats.react(target, '', content.text);
    return world.chats.add(chat, { ...draft, steps: verdict.silent ? [] : this.steps(instance, chat, content) });
  }

  /** Groups tell that the server has it and no more: receipts of members are never sent. */
  private steps(instance: Instance, chat: Chat, content: Content): Step[] {
    const steps = stepsOf(chat.group ? undefined : chat.key, content.kind, instance.settings);
    return chat.group || content.kind === 'reaction' ? steps.slice(0, 1) : steps;
  }

  private tell(instance: Instance, chat: Chat, message: Message, data: unknown): Promise<void> {
    const phone = chat.group ? undefined : chat.key;
    const about = [{ what: 'echo' as const, externalId: message.id, chat: chat.key }];
    const told = this.server.events.emit(instance, 'send.message', data, { about, phone, copies: copiesFor(phone) });
    this.server.world.progress.follow(message);
    if (textOf(message.content) !== undefined && message.content.kind !== 'reaction' && reachesCustomer(phone))
      this.answer(instance, chat);
    return told;
  }

  private answer(instance: Instance, chat: Chat): void {
    this.server.world.answers.next(chat, {
      type: (to) => typeIn(this.server, instance, to, 'composing'),
      write: (to, text) => writeAsCustomer(this.server, instance, to, text),
    });
  }

  private group(instance: Instance, jid: string): Chat {
    const chat = this.server.world.chats.find(instance, jid);
    if (!chat) throw numberUnknown(jid, jid);
    return chat;
  }

  private refuseMagic(instance: Instance, phone: string | undefined): void {
    switch (magicOf(phone)) {
      case '0401':
        throw unauthorized();
      case '0429':
        throw tooMany(2000);
      case '0500':
        if (this.failsAgain(`${instance.ref} ${phone}`, 2)) throw serverError('Internal server error');
        return;
      case '0503':
        this.connections.lose(instance);
        throw connectionClosed();
    }
  }

  /** Fails so many times, then lets one through, then starts anew. */
  private failsAgain(key: string, times: number): boolean {
    const tries = this.server.tries.get(key) ?? 0;
    if (tries < times) this.server.tries.set(key, tries + 1);
    else this.server.tries.delete(key);
    return tries < times;
  }
}

const words = {
  pending: 'PENDING',
  sent: 'SERVER_ACK',
  delivered: 'DELIVERY_ACK',
  read: 'READ',
  played: 'PLAYED',
  failed: 'ERROR',
};

/** messages.update (contract §3.6): keyed by `keyId`, under either address of the customer. */
export function emitStatus(server: Server, instance: Instance, message: Message, step: Step): Promise<void> {
  const chat = server.world.chats.find(instance, message.chat);
  if (!chat) return Promise.resolve();
  const phone = chat.group ? undefined : chat.key;
  const data = {
    keyId: message.id,
    remoteJid: chat.group ? chat.key : statusAddress(server, instance, chat),
    fromMe: true,
    participant: chat.group ? phoneJid(instance.phone) : '',
    status: words[step.status],
    pollUpdates: null,
    instanceId: instance.id,
    messageId: rowId(message.id),
  };
  const about = [{ what: 'status' as const, externalId: message.id, chat: chat.key, status: step.status }];
  return server.events.emit(instance, 'messages.update', data, { about, phone, copies: copiesFor(phone) });
}

function statusAddress(server: Server, instance: Instance, chat: Chat): string {
  const form = server.formOf(instance, chat);
  if (form === 'none') return phoneJid(chat.key);
  const { statusAddress: wanted } = instance.settings;
  if (form === 'only' || form === '2.2') return addressOf(form, chat.key);
  const byLid = wanted === 'random' ? Math.random() < 0.5 : wanted === 'lid';
  return byLid ? lidOf(chat.key) : phoneJid(chat.key);
}

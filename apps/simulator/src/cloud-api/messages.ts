import type { FastifyReply, FastifyRequest } from 'fastify';
import { words } from '../receive';
import { judgeSend, neverAnswer, type Refusals, type Verdict } from '../world/call-faults';
import type { Chat, Message } from '../world/chats';
import { textOf, type Content } from '../world/content';
import { fetchFile } from '../world/fetch-file';
import {
  badValue,
  gatewayTimeout,
  missingParameter,
  notRegistered,
  numberLimit,
  parameter,
  toOneself,
  tokenMissing,
  wentWrong,
  windowClosed,
} from './errors';
import { checkFile, type HeldFiles } from './files';
import { newMessageId, type Inbound } from './inbound';
import type { Limits } from './limits';
import { type MagicRefusals, magicOf, stepsOf } from './magic';
import { isUserId, type People } from './people';
import { checkSend, type Draft } from './send-check';
import type { Line, State } from './state';
import type { Templates } from './templates';

type Json = Record<string, unknown>;

const WINDOW_MS = 24 * 3_600_000;
const TYPING_MS = 25_000;
/** How long the first status may keep the answer of its own send waiting. */
const FIRST_STATUS_MS = 3_000;

export const refusals: Refusals = {
  serverError: wentWrong,
  unauthorized: tokenMissing,
  tooMany: numberLimit,
  gatewayTimeout,
};

interface Desks {
  people: People;
  files: HeldFiles;
  templates: Templates;
  limits: Limits;
  magic: MagicRefusals;
  inbound: Inbound;
}

/** `POST /{phoneId}/messages`: sends, reads and typing (contract §4.1). */
export class Messages {
  private readonly typing = new Map<Chat, () => void>();

  constructor(
    private readonly state: State,
    private readonly desks: Desks,
  ) {}

  async post(line: Line, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const body = (request.body ?? {}) as Json;
    if (body.status === 'read') return this.markRead(line, body);
    if (!line.registered || line.status !== 'CONNECTED') throw notRegistered();
    const draft = checkSend({ line, files: this.desks.files, templates: this.desks.templates }, body);
    const { chat, input } = this.recipient(line, body);
    const verdict = await judgeSend(this.state.world, line, chat.phone, refusals);
    this.desks.magic.check(line.ref, chat.phone);
    const closed = !this.isOpen(chat) && draft.content.kind !== 'template' && !chat.group;
    if (closed && line.settings.windowErrors === 'sync') throw windowClosed();
    this.desks.limits.takeSend(line, chat.key);
    const message = await this.accept(line, chat, draft, verdict, closed ? 131047 : undefined);
    reply.externalId = message.id;
    if (magicOf(chat.phone) === '9504') return neverAnswer(this.state.world, request, reply);
    if (verdict.answerAfterMs) await this.state.world.clock.sleep(verdict.answerAfterMs);
    return this.answer(chat, input, message);
  }

  /** `to` wins over `recipient`. Throws when the number writes to itself, or the group is not known. */
  private recipient(line: Line, body: Json): { chat: Chat; input: string } {
    const input = String(body.to ?? body.recipient);
    if (body.recipient_type === 'group') {
      const group = this.state.world.chats.find(line, input);
      if (!group?.group) throw badValue(`No group ${input}`);
      return { chat: group, input };
    }
    if (body.to === undefined && !isUserId(input)) throw badValue('recipient must be a user id');
    const digits = input.replace(/\D/g, '');
    if (!isUserId(input) && !/^\d{6,15}$/.test(digits)) throw badValue(`${input} is no phone number`);
    if (digits === line.phone) throw toOneself();
    return { chat: this.desks.people.chat(line, isUserId(input) ? input : digits), input };
  }

  private async accept(
    line: Line,
    chat: Chat,
    draft: Draft,
    verdict: Verdict,
    failure: number | undefined,
  ): Promise<Message> {
    const { world } = this.state;
    const { content } = draft;
    const base = {
      id: newMessageId(chat.key, true),
      ours: true,
      via: 'api',
      content,
      at: world.clock.now(),
      quoted: draft.quoted,
      status: 'pending',
      tag: draft.tag,
    } as const;
    if (verdict.lie) return { ...base, account: chat.account, chat: chat.key, steps: [], reactions: {} };
    const error = failure ?? (content.kind === 'reaction' ? this.reactionError(line, content) : undefined);
    const steps = verdict.silent ? [] : stepsOf(chat.phone, content.kind, line.settings, error);
    const message = world.chats.add(chat, { ...base, steps });
    const fails = steps.some((step) => step.status === 'failed');
    if (!fails) this.reach(line, chat, message);
    if (draft.link) void this.fetchLink(message, draft.link);
    if (line.settings.statusFirst) await world.clock.atMost(FIRST_STATUS_MS, world.progress.advance(message));
    else world.progress.follow(message);
    return message;
  }

  /** It is on the customer's phone. */
  private reach(line: Line, chat: Chat, message: Message): void {
    const { world } = this.state;
    this.typing.get(chat)?.();
    if (message.content.kind === 'reaction') {
      const target = world.chats.message(line, message.content.target);
      if (target) world.chats.react(target, '', message.content.text);
      return;
    }
    if (textOf(message.content) === undefined) return;
    world.answers.next(chat, {
      type: () => undefined, // customers' typing is never told
      write: (to, text) => this.customerWrites(line, to, text),
    });
  }

  private customerWrites(line: Line, chat: Chat, text: string): void {
    this.desks.inbound.write({ line, event: words(text), chat, person: chat }, newMessageId(chat.key, false));
  }

  /** Reactions to what is too old, deleted or unknown fail later. */
  private reactionError(line: Line, content: Extract<Content, { kind: 'reaction' }>): number | undefined {
    const target = this.state.world.chats.message(line, content.target);
    const tooOld = target && this.state.world.clock.now() - target.at > 30 * 24 * 3_600_000;
    return !target || target.deleted || tooOld ? 131009 : undefined;
  }

  /** Meta fetches what a link names after it accepted the message: what cannot be had fails by then. */
  private async fetchLink(message: Message, link: string): Promise<void> {
    const { media, chats } = this.state.world;
    try {
      const { bytes, mimeType = '', fileName = 'file' } = await fetchFile(link);
      checkFile(mimeType, bytes.length);
      const file = media.keep(bytes, { mimeType, fileName });
      if ('media' in message.content) message.content = { ...message.content, media: file.id };
      chats.touch(message);
    } catch {
      message.steps = [{ status: 'failed', afterMs: 0, error: 131053 }];
      await this.state.world.progress.advance(message);
    }
  }

  private answer(chat: Chat, input: string, message: Message) {
    const contact = chat.group ? { input } : isUserId(input) ? { input, user_id: input } : { input, wa_id: chat.key };
    const status = message.content.kind === 'template' ? { message_status: 'accepted' } : {};
    const group = chat.group ? { group_id: chat.key } : {};
    return { messaging_product: 'whatsapp', contacts: [contact], messages: [{ id: message.id, ...group, ...status }] };
  }

  private isOpen(chat: Chat): boolean {
    return chat.lastInboundAt !== undefined && this.state.world.clock.now() - chat.lastInboundAt < WINDOW_MS;
  }

  /** Marks everything up to that message. Typing ends with our answer, or after 25 s. */
  private markRead(line: Line, body: Json): { success: true } {
    const { chats } = this.state.world;
    if (body.messaging_product !== 'whatsapp') throw parameter('The parameter messaging_product is required.');
    if (body.message_id === undefined) throw missingParameter('Parameter message_id is required');
    const message = chats.message(line, String(body.message_id));
    const chat = message && chats.find(line, message.chat);
    if (!message || message.ours || !chat) throw parameter('message_id does not exist');
    for (const each of chats.history(chat)) {
      if (!each.ours && each.at <= message.at && each.status !== 'read') chats.setStatus(each, 'read');
    }
    if (body.typing_indicator) this.showTyping(chat);
    return { success: true };
  }

  private showTyping(chat: Chat): void {
    const { bus, clock } = this.state.world;
    this.typing.get(chat)?.();
    bus.publish({ type: 'typing', account: chat.account, chat: chat.key, typing: true });
    const stop = () => {
      timer.cancel();
      this.typing.delete(chat);
      bus.publish({ type: 'typing', account: chat.account, chat: chat.key, typing: false });
    };
    const timer = clock.after(TYPING_MS, stop);
    this.typing.set(chat, stop);
  }
}

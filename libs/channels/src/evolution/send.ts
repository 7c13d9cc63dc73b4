import { peekName } from '../json-body';
import type { Capabilities } from '@parley/contracts/accounts';
import type { MessageRef, Outbound, SendResult } from '../provider';
import type { Answer } from '../http-answer';
import { postForm } from '../post-file';
import { addressesOf } from '../whatsapp-jid';
import { detailOf, failure, notSent } from './errors';
import { addressOf, post } from './evolution-http';
import type { EvolutionConfig } from './evolution.config';
import { jidOf } from './identity';

type To = Outbound['to'];

const MB = 2 ** 20;
const WORDS = 1024;

/** What WhatsApp shows as what; all else, and what is too large for that, goes as a document (contract §4.1, §4.4). */
export const FILES: Capabilities['files'] = [
  { kind: 'image', types: ['image/jpeg', 'image/png', 'image/webp'], maxBytes: 16 * MB, maxCaption: WORDS },
  { kind: 'video', types: ['video/mp4', 'video/3gpp'], maxBytes: 16 * MB, maxCaption: WORDS },
  {
    kind: 'audio',
    types: ['audio/mpeg', 'audio/ogg', 'audio/mp4', 'audio/aac', 'audio/amr'],
    maxBytes: 16 * MB,
    maxCaption: 0,
  },
  { kind: 'document', types: ['*/*'], maxBytes: 64 * MB, maxCaption: WORDS },
];

/** All sends answer 201 with the message. There is no idempotency key, so an unclear answer stays `unknown`. */
export async function send(message: Outbound, config: EvolutionConfig, http: typeof fetch): Promise<SendResult> {
  const [chat] = chatJids(message.to);
  if (chat === undefined)
    return { outcome: 'refused', reason: 'recipient', detail: 'no address that Evolution can send to' };
  const { content } = message;
  if (content.type === 'template')
    return { outcome: 'refused', reason: 'template', detail: 'Evolution has no templates' };
  if (content.type === 'media' && !FILES.some(({ kind }) => kind === content.kind))
    return { outcome: 'refused', reason: 'content', detail: `nothing is sent as ${content.kind}` };
  const answer = await ask(chat, content, config, http);
  if (!answer.ok) return notSent(answer);
  const externalId = peekName(answer.json, 'key', 'id');
  if (externalId === undefined) return { outcome: 'unknown', detail: detailOf(answer) };
  const addresses = message.to.kind === 'direct' ? addressesOf([peekName(answer.json, 'key', 'remoteJid')]) : [];
  return { outcome: 'accepted', externalId, ...(addresses.length > 0 && { addresses }) };
}

function ask(
  chat: string,
  content: Exclude<Outbound['content'], { type: 'template' }>,
  config: EvolutionConfig,
  http: typeof fetch,
): Promise<Answer> {
  switch (content.type) {
    case 'reaction':
      return post(http, config, 'message/sendReaction', { key: keyOf(content.target, chat), reaction: content.emoji });
    case 'text':
      return post(http, config, 'message/sendText', {
        number: numberOf(chat),
        text: content.text,
        ...(content.quote && { quoted: quoted(content.quote, chat) }),
      });
    case 'media':
      return sendFile(chat, content, config, http);
  }
}

/** As a form: inside of JSON it would be a third longer, and in memory on both sides. */
function sendFile(
  chat: string,
  { kind, file, caption, quote }: Extract<Outbound['content'], { type: 'media' }>,
  config: EvolutionConfig,
  http: typeof fetch,
): Promise<Answer> {
  const fields = {
    number: numberOf(chat),
    mediatype: kind,
    mimetype: file.mimeType,
    fileName: file.name,
    caption: caption ?? undefined,
    quoted: quote && JSON.stringify(quoted(quote, chat)),
  };
  return postForm(http, addressOf(config, 'message/sendMedia'), { headers: { apikey: config.apiKey }, fields, file });
}

/** Shows "typing…". The server holds the answer for as long as it shows. */
export async function typing(to: To, config: EvolutionConfig, http: typeof fetch): Promise<void> {
  const [chat] = chatJids(to);
  if (chat === undefined) return;
  const body = { number: numberOf(chat), presence: 'composing', delay: TYPING_MS };
  throwUnlessOk(await post(http, config, 'chat/sendPresence', body));
}

/** As often as an agent's browser says that somebody types. */
const TYPING_MS = 3_000;

/** Keys with a `@lid` are dropped silently by the server (contract §4.2). */
export async function markRead(
  to: To,
  messages: MessageRef[],
  config: EvolutionConfig,
  http: typeof fetch,
): Promise<void> {
  const [chat] = chatJids(to);
  if (chat === undefined || messages.length === 0) return;
  throwUnlessOk(
    await post(http, config, 'chat/markMessageAsRead', { readMessages: messages.map((one) => keyOf(one, chat)) }),
  );
}

/** All JIDs of a chat, the one to send to first: a phone, for not every version can send to a `@lid`. */
export function chatJids(to: To): string[] {
  if (to.kind === 'group') return [to.externalId];
  const phones = to.addresses.filter((address) => address.kind === 'phone');
  const others = to.addresses.filter((address) => address.kind !== 'phone');
  return [...phones, ...others].flatMap((address) => jidOf(address) ?? []);
}

/** Digits for a person; groups and `@lid` as they are. */
const numberOf = (jid: string) => jid.replace(/@s\.whatsapp\.net$/, '');

function keyOf({ externalId, own, author }: MessageRef, remoteJid: string) {
  const participant = remoteJid.endsWith('@g.us') && author ? jidOf(author) : undefined;
  return { id: externalId, remoteJid, fromMe: own, ...(participant !== undefined && { participant }) };
}

/** Without the words the server looks into its own store, and sends unquoted if the message is not there. */
function quoted(quote: MessageRef, chat: string) {
  return { key: keyOf(quote, chat), ...(quote.text !== undefined && { message: { conversation: quote.text } }) };
}

function throwUnlessOk(answer: Answer) {
  if (!answer.ok) throw failure(answer);
}

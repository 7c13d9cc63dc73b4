import { peekName } from '../json-body';
import type { MessageRef, Outbound, SendResult } from '../provider';
import type { Answer } from '../http-answer';
import { addressesOf } from '../whatsapp-jid';
import { detailOf, failure, notSent } from './errors';
import { post } from './evolution-http';
import type { EvolutionConfig } from './evolution.config';
import { jidOf } from './identity';

type To = Outbound['to'];

/** All sends answer 201 with the message. There is no idempotency key, so an unclear answer stays `unknown`. */
export async function send(message: Outbound, config: EvolutionConfig, http: typeof fetch): Promise<SendResult> {
  const [chat] = chatJids(message.to);
  if (chat === undefined)
    return { outcome: 'refused', reason: 'recipient', detail: 'no address that Evolution can send to' };
  const { content } = message;
  if (content.type === 'template')
    return { outcome: 'refused', reason: 'template', detail: 'Evolution has no templates' };
  const answer =
    content.type === 'reaction'
      ? await post(http, config, 'message/sendReaction', { key: keyOf(content.target, chat), reaction: content.emoji })
      : await post(http, config, 'message/sendText', {
          number: numberOf(chat),
          text: content.text,
          ...(content.quote && { quoted: quoted(content.quote, chat) }),
        });
  if (!answer.ok) return notSent(answer);
  const externalId = peekName(answer.json, 'key', 'id');
  if (externalId === undefined) return { outcome: 'unknown', detail: detailOf(answer) };
  const addresses = message.to.kind === 'direct' ? addressesOf([peekName(answer.json, 'key', 'remoteJid')]) : [];
  return { outcome: 'accepted', externalId, ...(addresses.length > 0 && { addresses }) };
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

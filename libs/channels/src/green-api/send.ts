import { peekName } from '../json-body';
import type { MessageRef, Outbound, SendResult } from '../provider';
import { failure, notSent } from './errors';
import { post } from './green-api-http';
import type { GreenApiConfig } from './green-api.config';
import { chatIdOf, externalIdOf, idMessageOf } from './identity';

type To = Outbound['to'];

/**
 * A 200 says that it is in the instance's queue, which holds it for a day while no phone is linked: what becomes of it comes
 * as statuses (contract §4). There is no idempotency key, so an unclear answer stays `unknown`.
 */
export async function send(message: Outbound, config: GreenApiConfig, http: typeof fetch): Promise<SendResult> {
  const { content } = message;
  if (content.type === 'template') return refused('template', 'GREEN-API has no templates');
  if (content.type === 'reaction') return refused('content', 'GREEN-API has no way to react');
  const chatId = chatIdFor(message.to);
  if (chatId === undefined) return refused('recipient', 'no address that GREEN-API can send to');
  const answer = await post(http, config, 'sendMessage', {
    chatId,
    message: content.text,
    ...(content.quote && { quotedMessageId: idMessageOf(content.quote.externalId) }),
  });
  const idMessage = answer.ok ? peekName(answer.json, 'idMessage') : undefined;
  if (idMessage === undefined) return notSent(answer);
  return { outcome: 'accepted', externalId: externalIdOf(chatId, idMessage) };
}

const refused = (reason: 'template' | 'content' | 'recipient', detail: string): SendResult => ({
  outcome: 'refused',
  reason,
  detail,
});

/** Shows "typing…" for as long as an agent's browser says it at a time. */
const TYPING_MS = 3_000;

export async function typing(to: To, config: GreenApiConfig, http: typeof fetch): Promise<void> {
  const chatId = chatIdFor(to);
  if (chatId === undefined) return;
  const answer = await post(http, config, 'sendTyping', { chatId, typingTime: TYPING_MS });
  if (!answer.ok) throw failure(answer);
}

/** One, or with several the whole chat: ten calls a second are all that the instance takes. */
export async function markRead(
  to: To,
  messages: MessageRef[],
  config: GreenApiConfig,
  http: typeof fetch,
): Promise<void> {
  const chatId = chatIdFor(to);
  const newest = messages.at(-1);
  if (chatId === undefined || !newest) return;
  const one = messages.length === 1 && { idMessage: idMessageOf(newest.externalId) };
  const answer = await post(http, config, 'readChat', { chatId, ...one });
  if (!answer.ok) throw failure(answer);
}

/** A phone before a lid, to which sends may hang (issue 812). */
export function chatIdFor(to: To): string | undefined {
  if (to.kind === 'group') return to.externalId;
  const phone = to.addresses.find(({ kind }) => kind === 'phone') ?? to.addresses.find(({ kind }) => kind === 'lid');
  return phone && chatIdOf(phone);
}

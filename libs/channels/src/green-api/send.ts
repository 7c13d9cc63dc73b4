import type { Capabilities } from '@parley/contracts/accounts';
import { peekName } from '../json-body';
import type { MessageRef, Outbound, OutboundFile, SendResult } from '../provider';
import { failure, notSent } from './errors';
import { post, postFile } from './green-api-http';
import type { GreenApiConfig } from './green-api.config';
import { chatIdOf, externalIdOf, idMessageOf } from './identity';

type To = Outbound['to'];

const MAX_BYTES = 100 * 2 ** 20;
const WORDS = 1024;

/** The ending of its name decides what a file is over there; only pictures and films have words (contract §4). */
export const FILES: Capabilities['files'] = [
  { kind: 'image', types: ['image/*'], maxBytes: MAX_BYTES, maxCaption: WORDS },
  { kind: 'video', types: ['video/*'], maxBytes: MAX_BYTES, maxCaption: WORDS },
  { kind: 'audio', types: ['audio/*'], maxBytes: MAX_BYTES, maxCaption: 0 },
  { kind: 'document', types: ['*/*'], maxBytes: MAX_BYTES, maxCaption: 0 },
];

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
  if (content.type === 'media' && !FILES.some(({ kind }) => kind === content.kind))
    return refused('content', `nothing is sent as ${content.kind}`);
  const quote = content.quote && { quotedMessageId: idMessageOf(content.quote.externalId) };
  const answer = await (content.type === 'text'
    ? post(http, config, 'sendMessage', { chatId, message: content.text, ...quote })
    : postFile(http, config, 'sendFileByUpload', {
        fields: {
          chatId,
          fileName: named(content.file),
          caption: content.caption ?? undefined,
          ...quote,
        },
        file: content.file,
      }));
  const idMessage = answer.ok ? peekName(answer.json, 'idMessage') : undefined;
  if (idMessage === undefined) return notSent(answer);
  return { outcome: 'accepted', externalId: externalIdOf(chatId, idMessage) };
}

const endings: Record<string, string> = {
  'image/jpeg': 'jpg',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'text/plain': 'txt',
  'video/quicktime': 'mov',
};

/** With an ending: without one nobody over there knows what it is. */
function named({ name, mimeType }: OutboundFile): string {
  if (/\.\w+$/.test(name)) return name;
  const own = Object.hasOwn(endings, mimeType) ? endings[mimeType] : undefined;
  return `${name}.${own ?? /\/(\w+)$/.exec(mimeType)?.[1] ?? 'bin'}`;
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

import { z } from 'zod';
import { peek } from '../json-body';
import type { Item } from '../provider';
import { OptionalText, UnixSeconds } from '../shapes';
import { failure } from './errors';
import { get } from './green-api-http';
import type { GreenApiConfig } from './green-api.config';
import { PAST } from './green-api.payloads';
import { isMadeByService } from './identity';
import { itemsOf } from './items';

const MINUTE_MS = 60_000;

/** A record of the past is flat (contract §4). Of kinds other than texts and files it holds nothing that could be shown. */
const Past = z.looseObject({
  type: z.enum(['incoming', 'outgoing']),
  idMessage: z.string().min(1).max(300),
  timestamp: UnixSeconds,
  typeMessage: z.string().max(100),
  chatId: z.string().min(1).max(200),
  senderId: OptionalText.catch(null),
  senderName: OptionalText.catch(null),
  textMessage: OptionalText.catch(null),
  sendByApi: z.boolean().nullish().catch(null),
});
type Past = z.infer<typeof Past>;

/**
 * What the instance knows of that time, as the notifications that would have told it: under the same keys, so that what was
 * told is not told again. A record that cannot be read is left out.
 */
export async function history(
  { from, to, nowMs }: { from: Date; to: Date; nowMs: number },
  config: GreenApiConfig,
  http: typeof fetch,
): Promise<Item[]> {
  const query = `?minutes=${Math.ceil((nowMs - from.getTime()) / MINUTE_MS) + 1}`;
  const records: Past[] = [];
  for (const method of ['lastIncomingMessages', 'lastOutgoingMessages']) {
    const answer = await get(http, config, method, query);
    if (!answer.ok || !Array.isArray(answer.json)) throw failure(answer);
    for (const one of answer.json as unknown[]) records.push(...[Past.safeParse(one).data ?? []].flat());
  }
  const since = Math.floor(from.getTime() / 1000) * 1000; // the server knows seconds
  return records
    .filter(({ timestamp }) => timestamp.getTime() >= since && timestamp < to)
    .toSorted((one, other) => one.timestamp.getTime() - other.timestamp.getTime())
    .flatMap((record) => itemOf(record, config));
}

function itemOf(record: Past, { idInstance }: GreenApiConfig): Item[] {
  const messageData = messageDataOf(record);
  if (!messageData) return [];
  const { chatId, senderId, senderName, idMessage, timestamp } = record;
  const call = {
    typeWebhook: webhookOf(record),
    [PAST]: true,
    instanceData: { idInstance, typeInstance: 'whatsapp' },
    timestamp: timestamp.getTime() / 1000,
    idMessage,
    senderData: { chatId, sender: senderId ?? undefined, senderName },
    messageData,
  };
  return itemsOf({ headers: {}, body: Buffer.from(JSON.stringify(call)) });
}

function webhookOf({ type, sendByApi, idMessage }: Past): string {
  if (type === 'incoming') return 'incomingMessageReceived';
  return (sendByApi ?? isMadeByService(idMessage)) ? 'outgoingAPIMessageReceived' : 'outgoingMessageReceived';
}

/** What happened to another message is no record of its own here: that one is told as it is now. */
const CHANGES = /^(reaction|edited|deleted|pollUpdate)Message$/;
const TEXTS = /^(text|extendedText|quoted)Message$/;
const FILES = /^(image|video|audio|document|sticker)Message$/;

function messageDataOf(record: Past): object | undefined {
  const { typeMessage, textMessage } = record;
  if (CHANGES.test(typeMessage)) return undefined;
  const text = textMessage ?? peek(record, 'extendedTextMessage', 'text');
  if (TEXTS.test(typeMessage) && typeof text === 'string')
    return { typeMessage: 'textMessage', textMessageData: { textMessage: text } };
  const [downloadUrl, caption, fileName, mimeType] = ['downloadUrl', 'caption', 'fileName', 'mimeType'].map((name) => {
    const value = peek(record, name);
    return typeof value === 'string' ? value : undefined;
  });
  if (FILES.test(typeMessage) && downloadUrl !== undefined)
    return { typeMessage, fileMessageData: { downloadUrl, caption, fileName, mimeType } };
  return { typeMessage: typeMessage.replace(/Message$/, '') }; // shown as a message of that kind
}

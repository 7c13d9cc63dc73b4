import { z } from 'zod';
import { sameWords } from '../clean-text';
import type { Outbound } from '../provider';
import { UnixSeconds } from '../shapes';
import { failure } from './errors';
import { post } from './green-api-http';
import type { GreenApiConfig } from './green-api.config';
import { externalIdOf } from './identity';
import { chatIdFor } from './send';

/** A look-up is for the last minutes: what lies deeper is older. */
const COUNT = 100;

const Stored = z.looseObject({
  type: z.literal('outgoing'),
  idMessage: z.string().min(1).max(300),
  timestamp: UnixSeconds,
  typeMessage: z.string().nullish().catch(null),
  textMessage: z.string().nullish(),
  caption: z.string().nullish().catch(null),
  extendedTextMessage: z.looseObject({ text: z.string() }).nullish().catch(null),
});
type Stored = z.infer<typeof Stored>;

/** The oldest of ours in the chat since then that says the same. What waits in the instance's queue is not there yet. */
export async function findSent(message: Outbound, since: Date, config: GreenApiConfig, http: typeof fetch) {
  const { content } = message;
  const chatId = chatIdFor(message.to);
  if ((content.type !== 'text' && content.type !== 'media') || chatId === undefined) return null;
  const answer = await post(http, config, 'getChatHistory', { chatId, count: COUNT });
  if (!answer.ok || !Array.isArray(answer.json)) throw failure(answer);
  const from = Math.floor(since.getTime() / 1000) * 1000; // the server knows seconds
  const found = (answer.json as unknown[])
    .flatMap((one) => Stored.safeParse(one).data ?? []) // one that cannot be read is not ours: we know what we sent
    .filter((one) => one.timestamp.getTime() >= from && isThis(one, content))
    .toSorted((one, other) => one.timestamp.getTime() - other.timestamp.getTime())[0];
  return found ? { externalId: externalIdOf(chatId, found.idMessage) } : null;
}

function isThis(one: Stored, content: Extract<Outbound['content'], { type: 'text' | 'media' }>): boolean {
  if (content.type === 'text') return sameWords(wordsOf(one), content.text);
  return one.typeMessage === `${content.kind}Message` && sameWords(one.caption ?? '', content.caption ?? '');
}

const wordsOf = ({ textMessage, extendedTextMessage }: Stored) => textMessage ?? extendedTextMessage?.text ?? '';

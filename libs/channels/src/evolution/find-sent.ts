import { z } from 'zod';
import { sameWords } from '../clean-text';
import { peek } from '../json-body';
import type { Outbound } from '../provider';
import { UnixSeconds } from '../shapes';
import { heldIn, wordsOf } from './content';
import { failure } from './errors';
import { post } from './evolution-http';
import { Key } from './evolution.payloads';
import type { EvolutionConfig } from './evolution.config';
import { chatJids } from './send';

const PAGE_SIZE = 50;
/** A look-up is for the last minutes: what lies deeper is older. */
const MAX_PAGES = 4;

const Records = z.looseObject({ messages: z.looseObject({ records: z.array(z.unknown()) }) });
const Stored = z.looseObject({ key: Key, message: z.looseObject({}), messageTimestamp: UnixSeconds });
type Stored = z.infer<typeof Stored>;

/**
 * Looks through what the server stored of the chat, newest first, for the oldest message of ours since then that says the
 * same. The server stores a chat under the phone or the `@lid`, by version, so each is asked for.
 */
export async function findSent(message: Outbound, since: Date, config: EvolutionConfig, http: typeof fetch) {
  let found: Stored | undefined;
  for (const chat of chatJids(message.to)) {
    for await (const record of storedSince(chat, since, config, http)) {
      if (isThis(record, message) && (!found || record.messageTimestamp <= found.messageTimestamp)) found = record;
    }
  }
  return found ? { externalId: found.key.id } : null;
}

async function* storedSince(
  chat: string,
  since: Date,
  config: EvolutionConfig,
  http: typeof fetch,
): AsyncGenerator<Stored> {
  const from = Math.floor(since.getTime() / 1000) * 1000; // the server knows seconds
  for (let page = 1; page <= MAX_PAGES; page++) {
    const where = { key: { remoteJid: chat } };
    const answer = await post(http, config, 'chat/findMessages', { where, page, offset: PAGE_SIZE });
    if (!answer.ok) throw failure(answer);
    const { records } = Records.parse(answer.json).messages;
    for (const record of records) {
      const stored = Stored.safeParse(record).data; // one that cannot be read is not ours: we know what we sent
      if (!stored) continue;
      if (stored.messageTimestamp.getTime() < from) return;
      yield stored;
    }
    if (records.length < PAGE_SIZE) return;
  }
}

function isThis({ key, message }: Stored, { content }: Outbound): boolean {
  if (!key.fromMe) return false;
  if (content.type === 'text') return same(wordsOf(message), content.text);
  if (content.type === 'template') return false;
  const held = heldIn(message);
  if (content.type === 'media')
    return held?.kind === `${content.kind}Message` && same(wordsOf(message) ?? '', content.caption ?? '');
  if (held?.kind !== 'reactionMessage') return false;
  return peek(held.body, 'key', 'id') === content.target.externalId && same(peek(held.body, 'text'), content.emoji);
}

const same = (stored: unknown, sent: string) => typeof stored === 'string' && sameWords(stored, sent);

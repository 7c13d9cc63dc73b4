import { z } from 'zod';
import type { Item } from '../provider';
import { UnixSeconds } from '../shapes';
import { failure } from './errors';
import { post } from './evolution-http';
import { Key, PAST } from './evolution.payloads';
import type { EvolutionConfig } from './evolution.config';
import { itemsOf } from './items';

const PAGE_SIZE = 100;
/** More than so many messages in a gap of a day are cut at its beginning. */
const MAX_PAGES = 100;

const Records = z.looseObject({ messages: z.looseObject({ records: z.array(z.unknown()) }) });
const Stored = z.looseObject({ key: Key, message: z.looseObject({}), messageTimestamp: UnixSeconds });

/**
 * What the server stored of that time, as the webhooks that would have told it: under the same keys, so that what was told is
 * not told again. It stores nothing where that is switched off there, and a record that cannot be read is left out.
 */
export async function history(
  { from, to }: { from: Date; to: Date },
  config: EvolutionConfig,
  http: typeof fetch,
): Promise<Item[]> {
  const since = new Date(Math.floor(from.getTime() / 1000) * 1000); // the server knows seconds
  const items: Item[] = [];
  for await (const record of storedSince(since, to, config, http)) {
    const call = { event: 'messages.upsert', instance: config.instance, data: { ...record, [PAST]: true } };
    items.push(...itemsOf({ headers: {}, body: Buffer.from(JSON.stringify(call)) }));
  }
  return items.reverse();
}

/** Newest first. Versions that do not know the condition tell everything: so it is looked at here as well. */
async function* storedSince(since: Date, to: Date, config: EvolutionConfig, http: typeof fetch) {
  const where = { messageTimestamp: { gte: since.toISOString(), lte: to.toISOString() } };
  for (let page = 1; page <= MAX_PAGES; page++) {
    const answer = await post(http, config, 'chat/findMessages', { where, page, offset: PAGE_SIZE });
    if (!answer.ok) throw failure(answer);
    const { records } = Records.parse(answer.json).messages;
    for (const record of records) {
      const at = Stored.safeParse(record).data?.messageTimestamp;
      if (!at || at >= to) continue;
      if (at < since) return;
      yield record as object; // as just read
    }
    if (records.length < PAGE_SIZE) return;
  }
}

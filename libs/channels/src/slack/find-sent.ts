import { z } from 'zod';
import { peek, peekName } from '../json-body';
import type { Outbound } from '../provider';
import { nameOf } from './emoji';
import { failure } from './errors';
import { channelTo, idOf, isDirect, placeOf } from './identity';
import { referenceIn } from './messages';
import { threadOf } from './places';
import { ownReactions } from './send';
import type { SlackConfig } from './slack.config';
import { get, isOk, post } from './web-api';

const PAGE_SIZE = '100';
/** A look-up is for the last minutes: what lies deeper is older. */
const MAX_PAGES = 5;

const Page = z.looseObject({
  messages: z.array(z.unknown()),
  response_metadata: z.looseObject({ next_cursor: z.string().nullish() }).nullish(),
});

/** Looks for our reference in the metadata of what stands in the channel, or in the thread: what bears it is the one. */
export async function findSent(message: Outbound, since: Date, config: SlackConfig, http: typeof fetch) {
  const { content, to, reference } = message;
  if (content.type === 'reaction') return findReaction(content, reference, config, http);
  const channel = await channelIn(to, config, http);
  if (channel === undefined) return null;
  const quote = content.type === 'template' ? undefined : content.quote;
  const thread = quote && (await threadOf(quote, config, http));
  if (typeof thread === 'object') throw new Error('Slack did not tell which thread it would be in');
  const oldest = (since.getTime() / 1000).toFixed(6);
  const where = { channel, oldest, inclusive: 'true', include_all_metadata: 'true', limit: PAGE_SIZE };
  const method = thread !== undefined ? 'conversations.replies' : 'conversations.history';
  let cursor = '';
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await get(http, config, method, {
      ...where,
      ...(thread !== undefined && { ts: thread }),
      ...(cursor && { cursor }),
    });
    if (!isOk(answer)) throw failure(answer);
    const { messages, response_metadata } = Page.parse(answer.json);
    const found = messages.find((one) => isThis(one, message));
    const ts = peekName(found, 'ts');
    if (ts !== undefined) return { externalId: idOf(channel, ts) };
    cursor = response_metadata?.next_cursor ?? '';
    if (cursor === '') return null;
  }
  return null;
}

/** A file bears no reference: what an app posted of that name since then is the one. */
function isThis(one: unknown, { content, reference }: Outbound): boolean {
  if (content.type !== 'media') return referenceIn(peek(one, 'metadata')) === reference;
  const files = peekName(one, 'bot_id') === undefined ? undefined : peek(one, 'files');
  return Array.isArray(files) && files.some((file: unknown) => peekName(file, 'name') === content.file.name);
}

async function findReaction(
  { target, emoji }: Extract<Outbound['content'], { type: 'reaction' }>,
  reference: string,
  config: SlackConfig,
  http: typeof fetch,
) {
  const place = placeOf(target.externalId);
  if (!place) return null;
  const ours = await ownReactions({ channel: place.channel, timestamp: place.ts }, config, http);
  if (!Array.isArray(ours)) return null;
  const wanted = emoji === '' ? undefined : nameOf(emoji);
  const done = wanted === undefined ? ours.length === 0 : ours.includes(wanted);
  return done ? { externalId: `${target.externalId}:${reference}` } : null;
}

/** A person's direct message is opened, which changes nothing where there is one. */
async function channelIn(to: Outbound['to'], config: SlackConfig, http: typeof fetch): Promise<string | undefined> {
  const place = channelTo(to);
  if (place === undefined || to.kind === 'group' || isDirect(place)) return place;
  const answer = await post(http, config, 'conversations.open', { users: place });
  if (!isOk(answer)) throw failure(answer);
  return peekName(answer.json, 'channel', 'id');
}

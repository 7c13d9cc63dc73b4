import { peekName } from '../json-body';
import { beforehand, certain } from '../post-file';
import type { MessageRef, Outbound, SendResult } from '../provider';
import { notSent } from './errors';
import { channelTo, isDirect, placeOf } from './identity';
import type { SlackConfig } from './slack.config';
import { get, isOk, post } from './web-api';

/** Into a public channel our app goes by itself; into a private one only people can invite it (contract §6). */
export async function isJoined(channel: string, config: SlackConfig, http: typeof fetch): Promise<boolean> {
  return isOk(await post(http, config, 'conversations.join', { channel }));
}

/**
 * A thread is known by what began it, never by one of its answers. A customer's answer quotes that; of ours, which may
 * quote an answer, Slack is asked. A result: why it cannot be known, and nothing was sent.
 */
export async function threadOf(
  quote: MessageRef,
  config: SlackConfig,
  http: typeof fetch,
): Promise<string | SendResult> {
  const place = placeOf(quote.externalId);
  if (!place) return { outcome: 'refused', reason: 'content', detail: 'Slack does not know the quoted message' };
  if (!quote.quotes) return place.ts;
  const root = quote.own ? undefined : quote.quotes.externalId;
  if (root !== undefined) return placeOf(root)?.ts ?? place.ts;
  const answer = await get(http, config, 'conversations.replies', { channel: place.channel, ts: place.ts, limit: '1' });
  if (!isOk(answer)) return certain(notSent(answer));
  return peekName(answer.json, 'messages', '0', 'thread_ts') ?? place.ts;
}

/** Files go to channels alone: a person's direct message is opened, which changes nothing where there is one. */
export async function openedFor(
  to: Outbound['to'],
  config: SlackConfig,
  http: typeof fetch,
): Promise<string | SendResult> {
  const place = channelTo(to) ?? '';
  if (to.kind === 'group' || isDirect(place)) return place;
  const answer = await beforehand(() => post(http, config, 'conversations.open', { users: place }));
  if ('outcome' in answer) return answer;
  return (isOk(answer) ? peekName(answer.json, 'channel', 'id') : undefined) ?? certain(notSent(answer));
}

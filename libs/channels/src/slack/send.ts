import { peek, peekName } from '../json-body';
import { certain } from '../post-file';
import type { Outbound, SendResult } from '../provider';
import { nameOf } from './emoji';
import { notSent } from './errors';
import { channelTo, idOf, placeOf } from './identity';
import { METADATA } from './messages';
import { toMrkdwn } from './mrkdwn';
import { isJoined, threadOf } from './places';
import { sendFile } from './send-file';
import type { SlackConfig } from './slack.config';
import { errorIn, get, isOk, post } from './web-api';

type Content<Type> = Extract<Outbound['content'], { type: Type }>;

/** Slack has no idempotency key: our reference goes along as metadata, by which `findSent` finds it. */
export async function send(message: Outbound, config: SlackConfig, http: typeof fetch): Promise<SendResult> {
  const result = await sendOnce(message, config, http);
  const isOverdue =
    result.outcome === 'refused' && result.code === 'token_expired' && config.refreshToken !== undefined;
  return isOverdue ? { ...result, reason: 'disconnected' } : result; // its renewal is under way
}

function sendOnce(message: Outbound, config: SlackConfig, http: typeof fetch): Promise<SendResult> | SendResult {
  const { content } = message;
  switch (content.type) {
    case 'text':
      return sendText(message, content, config, http);
    case 'reaction':
      return react(message, content, config, http);
    case 'template':
      return refused('template', 'Slack has no templates');
    case 'media':
      return sendFile(message.to, content, config, http);
  }
}

async function sendText(
  { to, reference }: Outbound,
  { text, quote }: Content<'text'>,
  config: SlackConfig,
  http: typeof fetch,
): Promise<SendResult> {
  const channel = channelTo(to);
  if (channel === undefined) return refused('recipient', 'no address that Slack can post to');
  const thread = quote && (await threadOf(quote, config, http));
  if (typeof thread === 'object') return thread;
  const said = {
    channel,
    text: toMrkdwn(text),
    ...(thread !== undefined && { thread_ts: thread }),
    unfurl_links: false, // each would come back as one more change of the message
    unfurl_media: false,
    metadata: { event_type: METADATA, event_payload: { reference } },
  };
  let answer = await post(http, config, 'chat.postMessage', said);
  if (errorIn(answer) === 'not_in_channel' && (await isJoined(channel, config, http)))
    answer = await post(http, config, 'chat.postMessage', said);
  if (!isOk(answer)) return notSent(answer);
  const posted = [peekName(answer.json, 'channel'), peekName(answer.json, 'ts')]; // of a person: their direct message's
  const [where, ts] = posted;
  if (where === undefined || ts === undefined) return { outcome: 'unknown', detail: answer.excerpt };
  return { outcome: 'accepted', externalId: idOf(where, ts) };
}

/**
 * We react with one emoji at most, Slack with any number: once the new one stands, the one that we gave before is taken
 * back. Each step may be repeated, so what was done already counts as done.
 */
async function react(
  { reference }: Outbound,
  { target, emoji, before = '' }: Content<'reaction'>,
  config: SlackConfig,
  http: typeof fetch,
): Promise<SendResult> {
  const place = placeOf(target.externalId);
  const wanted = emoji === '' ? undefined : nameOf(emoji);
  if (!place) return refused('content', 'Slack does not know the message');
  if (emoji !== '' && wanted === undefined) return refused('content', 'Slack has no name of this emoji');
  const where = { channel: place.channel, timestamp: place.ts };
  const former = nameOf(before);
  if (wanted !== undefined) {
    const answer = await post(http, config, 'reactions.add', { ...where, name: wanted });
    if (!isOk(answer) && errorIn(answer) !== 'already_reacted') return notSent(answer);
  }
  if (former !== undefined && former !== wanted) {
    const answer = await post(http, config, 'reactions.remove', { ...where, name: former });
    if (!isOk(answer) && errorIn(answer) !== 'no_reaction') return notSent(answer);
  }
  return { outcome: 'accepted', externalId: `${target.externalId}:${reference}` };
}

/** Names of what our app's own user reacted with; a result where Slack does not tell. */
export async function ownReactions(
  where: { channel: string; timestamp: string },
  config: SlackConfig,
  http: typeof fetch,
): Promise<string[] | SendResult> {
  const [self, found] = await Promise.all([
    post(http, config, 'auth.test'),
    get(http, config, 'reactions.get', { ...where, full: 'true' }),
  ]);
  for (const answer of [self, found]) if (!isOk(answer)) return certain(notSent(answer));
  const bot = peekName(self.json, 'user_id');
  const reactions = peek(found.json, 'message', 'reactions');
  return (Array.isArray(reactions) ? reactions : []).flatMap((one: unknown) => {
    const users = peek(one, 'users');
    return Array.isArray(users) && users.includes(bot) ? (peekName(one, 'name') ?? []) : [];
  });
}

function refused(reason: 'recipient' | 'template' | 'content', detail: string): SendResult {
  return { outcome: 'refused', reason, detail };
}

import { createHash } from 'node:crypto';
import { peek, peekName } from '../json-body';
import type { Item, WebhookCall } from '../provider';
import { peekSeconds } from '../shapes';
import { addressOf, isDirect } from './identity';
import { isProbe, readCall, teamOf } from './slack.payloads';

/** One item a call; none in Slack's tests of an address. Throws on what is no call of Slack's. */
export function itemsOf({ body }: WebhookCall): Item[] {
  if (isProbe(body)) return [];
  const call = readCall(body);
  if (peek(call, 'type') === 'url_verification') return [];
  const routingKey = peekName({ team: teamOf(call) }, 'team') ?? '';
  const at = peekSeconds(peek(call, 'event_time'));
  const chat = chatIn(call, routingKey);
  return [
    { routingKey, key: keyOf(call, body, routingKey), ...(chat !== undefined && { chat }), ...(at && { at }), body },
  ];
}

/**
 * A repeated call has the same event id, which several apps may share. What a person's client sent twice has two, and its
 * own id (contract §2.4). What has neither is known by its words.
 */
function keyOf(call: unknown, body: Uint8Array, team: string): string {
  const event = peek(call, 'event');
  const type = peekName(event, 'type');
  const about = [peekName(call, 'api_app_id') ?? null, team, type ?? peekName(call, 'type') ?? null];
  const client = peek(event, 'hidden') === true ? undefined : peekName(event, 'client_msg_id');
  const channel = peekName(event, 'channel');
  if (client !== undefined && channel !== undefined) return JSON.stringify([...about, 'client', channel, client]);
  const id = peekName(call, 'event_id');
  if (id !== undefined) return JSON.stringify([...about, 'event', id]);
  return JSON.stringify([...about, 'body', createHash('sha256').update(body).digest('hex')]);
}

const withChat = new Set(['message', 'app_mention', 'member_joined_channel', 'member_left_channel']);

/** As `parse` names it. */
function chatIn(call: unknown, team: string): string | undefined {
  const event = peek(call, 'event');
  if (!withChat.has(peekName(event, 'type') ?? '')) return undefined;
  const channel = peekName(event, 'channel');
  if (channel === undefined || !isDirect(channel)) return channel;
  const user = peekName(event, 'user'); // of an app's own message nothing says with whom it speaks
  return user === undefined || peekName(event, 'bot_id') !== undefined ? undefined : addressOf(team, user).address;
}

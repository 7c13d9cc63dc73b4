import { z } from 'zod';
import { MAX_NAME, peek } from '../json-body';
import type { ChannelEvent } from '../provider';
import { addressOf, chatOf, idOfFile, isDirect } from './identity';
import type { Install } from './messages';
import { Action, dateOf, Left, Members, Membership, Renamed, User } from './slack.payloads';

/** `member_joined_channel`, `member_left_channel`. That our app came is no line of a thread; that it went comes otherwise. */
export function toMembership(data: unknown, { team, botUser }: Install, action: 'add' | 'remove'): ChannelEvent[] {
  const { user, channel, inviter, event_ts } = Membership.parse(data);
  if (user === botUser || isDirect(channel)) return [];
  return [
    {
      type: 'participants.changed',
      chat: { kind: 'group', externalId: channel },
      action,
      members: [{ addresses: [addressOf(team, user)] }],
      ...(inviter && { by: { addresses: [addressOf(team, inviter)] } }),
      at: event_ts == null ? null : dateOf(event_ts),
    },
  ];
}

/** `channel_left`, `group_left`: our app was taken out of it, so nothing more is heard, and nothing can be said. */
export function toOurLeaving(data: unknown): ChannelEvent[] {
  const { channel, event_ts } = Left.parse(data);
  const at = event_ts == null ? null : dateOf(event_ts);
  const members = [{ addresses: [], name: 'Parley' }];
  return [
    { type: 'participants.changed', chat: { kind: 'group', externalId: channel }, action: 'remove', members, at },
  ];
}

/** All who are in a channel, as we asked. Their names come when they write. */
export function toMembers(data: unknown, { team }: Install): ChannelEvent[] {
  const { channel, members } = Members.parse(data);
  const seats = members.map((user) => ({ addresses: [addressOf(team, user)] }));
  const chat = { kind: 'group', externalId: channel } as const;
  return [{ type: 'participants.changed', chat, action: 'replace', members: seats, at: null }];
}

/** Ours: Slack has no event that tells it. */
export const MEMBERS_ASKED = 'parley_members';

/** `channel_rename`, `group_rename`. */
export function toTitle(data: unknown): ChannelEvent[] {
  const { channel } = Renamed.parse(data);
  return [{ type: 'chat.renamed', chat: { kind: 'group', externalId: channel.id }, title: titleOf(channel.name) }];
}

export const titleOf = (name: string) => `#${name}`;

/** `user_change`. The name that people see in Slack. */
export function toName(data: unknown, { team }: Install): ChannelEvent[] {
  const user = User.parse(peek(data, 'user'));
  const name = user.profile?.display_name ?? user.real_name ?? user.profile?.real_name ?? user.name;
  if (name == null) return [];
  const chat = WroteIn.safeParse(peek(data, WROTE_IN)).data;
  return [{ type: 'contact.named', addresses: [addressOf(team, user.id)], name, ...(chat && { chat }) }];
}

/** Ours, in what we asked for ourselves: Slack does not know it. */
export const WROTE_IN = 'parley_wrote_in';
const Id = z.string().min(1).max(MAX_NAME);
const SlackAddress = z.object({ kind: z.literal('slack'), address: Id });
const WroteIn = z.union([
  z.object({ kind: z.literal('group'), externalId: Id }),
  z.object({ kind: z.literal('direct'), addresses: z.tuple([SlackAddress], SlackAddress) }),
]);

/** `block_actions`: what was chosen on a message of ours. */
export function toChoices(call: unknown, { team }: Install): ChannelEvent[] {
  const { user, channel, container, actions } = Action.parse(call);
  const from = { addresses: [addressOf(team, user.id)] };
  return actions.map((action) => {
    const { value, text } = action.selected_option ?? action;
    return {
      type: 'message.received',
      chat: chatOf(team, { channel: channel.id, user: user.id }),
      externalId: idOfFile(channel.id, action.action_ts, 'action'),
      from,
      content: {
        type: 'choice',
        id: action.action_id,
        text: text?.text ?? value ?? action.action_id ?? '',
        description: null,
      },
      sentAt: dateOf(action.action_ts),
      quote: { externalId: `${channel.id}:${container.message_ts}` },
    };
  });
}

import type { Address, ChatRef, Outbound } from '../provider';

/**
 * A member is known by workspace and user id: only both together are unique over all of Slack. It is the workspace of the
 * install, whose own view of a stranger of a shared channel the id is.
 */
export function addressOf(team: string, user: string): Address {
  return { kind: 'slack', address: `${team}:${user}` };
}

/** A channel is a group, a direct message its one person (decision 013). */
export function chatOf(team: string, { channel, user }: { channel: string; user: string }): ChatRef {
  return isDirect(channel)
    ? { kind: 'direct', addresses: [addressOf(team, user)] }
    : { kind: 'group', externalId: channel };
}

export const isDirect = (channel: string) => channel.startsWith('D');

/** Where to post: a channel, or a member, whose direct message Slack opens. */
export function channelTo(to: Outbound['to']): string | undefined {
  if (to.kind === 'group') return to.externalId;
  const address = to.addresses.find(({ kind }) => kind === 'slack')?.address;
  return address?.split(':')[1];
}

/** A message has no id of its own: it is its channel and its ts (decision 013). */
export const idOf = (channel: string, ts: string) => `${channel}:${ts}`;

/** Files after the first are messages of their own for us. */
export const idOfFile = (channel: string, ts: string, file: string) => `${channel}:${ts}:${file}`;

export function placeOf(externalId: string): { channel: string; ts: string } | undefined {
  const [channel, ts] = externalId.split(':');
  return channel && ts ? { channel, ts } : undefined;
}

import { peek, peekName } from '../json-body';
import type { Address, ChatRef, Item } from '../provider';
import { failure } from './errors';
import { itemsOf } from './items';
import { WROTE_IN } from './people';
import type { SlackConfig } from './slack.config';
import { errorIn, get, isOk } from './web-api';

/** What Slack does not tell us a name of: somebody of another workspace, a private channel. */
const hidden = new Set([
  'user_not_found',
  'user_not_visible',
  'users_not_found',
  'channel_not_found',
  'not_in_channel',
  'missing_scope',
]);

/** Asks for each, and hands over what Slack says in the form of the event that tells of a change. */
export async function names(
  asked: { people: { address: Address; chat: ChatRef }[]; groups: string[] },
  config: SlackConfig,
  http: typeof fetch,
): Promise<Item[]> {
  const events: object[] = [];
  for (const { address, chat } of asked.people) {
    const id = address.address.split(':')[1] ?? '';
    const found = id.startsWith('B') ? undefined : await read(http, config, 'users.info', { user: id });
    const user = peek(found, 'user');
    if (user) events.push({ type: 'user_change', user, [WROTE_IN]: chat });
  }
  for (const channel of asked.groups) {
    const info = peek(await read(http, config, 'conversations.info', { channel }), 'channel');
    const name = peekName(info, 'name');
    if (name !== undefined) events.push({ type: 'channel_rename', channel: { id: channel, name } });
  }
  return events.flatMap((event) => {
    const call = { type: 'event_callback', team_id: config.teamId, event };
    return itemsOf({ headers: {}, body: Buffer.from(JSON.stringify(call)) });
  });
}

async function read(http: typeof fetch, config: SlackConfig, method: string, query: Record<string, string>) {
  const answer = await get(http, config, method, query);
  if (isOk(answer)) return answer.json;
  if (hidden.has(errorIn(answer) ?? '')) return undefined;
  throw failure(answer);
}

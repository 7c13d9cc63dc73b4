import { peek, peekName } from '../json-body';
import type { Address, ChatRef, Item } from '../provider';
import { failure } from './errors';
import { itemsOf } from './items';
import { MEMBERS_ASKED, titleOf, WROTE_IN } from './people';
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

/** A channel may have all of a company in it: a list of more than this is not told. */
const MOST_MEMBERS = 1_000;
const PAGE = '200';
/** Pages may be short, or empty with more behind them (contract §7). */
const MOST_PAGES = 50;

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
    const members = info && (await membersOf(channel, config, http));
    if (members) events.push({ type: MEMBERS_ASKED, channel, members });
  }
  return events.flatMap((event) => {
    const call = { type: 'event_callback', team_id: config.teamId, event };
    return itemsOf({ headers: {}, body: Buffer.from(JSON.stringify(call)) });
  });
}

/** Our app is one of them, and nobody whom one would name. */
async function membersOf(channel: string, config: SlackConfig, http: typeof fetch): Promise<string[] | undefined> {
  const me = peekName(await read(http, config, 'auth.test', {}), 'user_id');
  const members: string[] = [];
  for await (const page of pages(http, config, 'conversations.members', { channel, limit: PAGE })) {
    const list = peek(page, 'members');
    if (!Array.isArray(list)) return undefined;
    members.push(...list.filter((id): id is string => typeof id === 'string' && id !== me));
    if (members.length > MOST_MEMBERS) return undefined;
  }
  return members.length > 0 ? members : undefined;
}

/** Channels that the app is in: of others it hears nothing. */
export async function groups(config: SlackConfig, http: typeof fetch) {
  const query = { types: 'public_channel,private_channel', exclude_archived: 'true', limit: PAGE };
  const found: { externalId: string; title: string }[] = [];
  for await (const page of pages(http, config, 'conversations.list', query)) {
    const list = peek(page, 'channels');
    for (const channel of Array.isArray(list) ? (list as unknown[]) : []) {
      const [id, name] = [peekName(channel, 'id'), peekName(channel, 'name')];
      if (id !== undefined && peek(channel, 'is_member') === true)
        found.push({ externalId: id, title: name === undefined ? id : titleOf(name) });
    }
  }
  return found;
}

async function* pages(http: typeof fetch, config: SlackConfig, method: string, query: Record<string, string>) {
  let cursor = '';
  for (let turn = 0; turn < MOST_PAGES; turn++) {
    const page = await read(http, config, method, { ...query, ...(cursor && { cursor }) });
    if (page === undefined) return;
    yield page;
    cursor = peekName(page, 'response_metadata', 'next_cursor') ?? '';
    if (!cursor) return;
  }
  throw new Error('Slack has more pages than are asked for');
}

async function read(http: typeof fetch, config: SlackConfig, method: string, query: Record<string, string>) {
  const answer = await get(http, config, method, query);
  if (isOk(answer)) return answer.json;
  if (hidden.has(errorIn(answer) ?? '')) return undefined;
  throw failure(answer);
}

import { channelOf } from './chat-methods';
import { no, type Answer, type Call, type Method, type World } from './web-api';
import type { Post } from './state';
import { wiredChannel, wiredPost, wiredUser } from './wire';

const MOST = 1000;
const DEFAULT = 100;

/** People, channels, the team and the install itself. */
export function conversationMethods(world: World): Record<string, Method> {
  const { state, lines } = world;

  const inChannel = (call: Call, act: (channel: Exclude<ReturnType<typeof channelOf>, Answer>) => Answer): Answer => {
    const channel = channelOf(world, call.workspace, call.given.text('channel'));
    return 'ok' in channel ? channel : act(channel);
  };

  /** Newest first; `oldest` and `latest` are exclusive unless asked otherwise. */
  function history(call: Call): Answer {
    return inChannel(call, (channel) => {
      if (!channel.members.includes(call.workspace.botUserId)) return no('not_in_channel');
      const top = state
        .postsIn(call.workspace, channel.id)
        .filter(
          ({ threadTs, ts, subtype }) => threadTs === undefined || threadTs === ts || subtype === 'thread_broadcast',
        );
      return listed(call, within(call, top).toReversed());
    });
  }

  /** What began the thread, and its answers, oldest first. */
  function replies(call: Call): Answer {
    return inChannel(call, (channel) => {
      const post = state.post(call.workspace, channel.id, call.given.text('ts') ?? '');
      if (!post) return no('thread_not_found');
      const root = post.threadTs ?? post.ts;
      const thread = state
        .postsIn(call.workspace, channel.id)
        .filter(({ ts, threadTs }) => ts === root || threadTs === root);
      if (post.ts !== root) return listed(call, [post]); // asked by an answer, Slack gives that one alone
      const [first, ...others] = thread;
      return listed(call, [...(first ? [first] : []), ...within(call, others)]);
    });
  }

  function listed(call: Call, all: Post[]): Answer {
    const metadata = call.given.flag('include_all_metadata');
    const { part, next } = paged(call, all);
    const messages = part.map((post) => wiredPost(state, call.workspace, post, { metadata }));
    return { ok: true, messages, has_more: next !== '', response_metadata: { next_cursor: next } };
  }

  function uninstall({ workspace, given }: Call): Answer {
    const app = state.app(workspace);
    if (given.text('client_id') !== app.clientId) return no('invalid_client_id');
    if (given.text('client_secret') !== app.clientSecret) return no('bad_client_secret');
    world.posts.leave(workspace, 'uninstalled');
    return { ok: true };
  }

  return {
    'auth.test': {
      act: ({ workspace, token }) => ({
        ok: true,
        url: `https://${workspace.domain}.slack.example/`,
        team: workspace.name,
        user: 'parley',
        team_id: workspace.teamId,
        user_id: workspace.botUserId,
        bot_id: workspace.botId,
        is_enterprise_install: false,
        ...(token.expiresAt !== undefined && {
          expires_in: Math.ceil((token.expiresAt - state.world.clock.now()) / 1000),
        }),
      }),
    },
    'auth.revoke': {
      act: ({ token, workspace }) => {
        token.dead = 'token_revoked';
        state.touch(workspace);
        return { ok: true, revoked: true };
      },
    },
    'apps.uninstall': { act: uninstall },
    'team.info': {
      scopes: ['team:read'],
      act: ({ workspace }) => ({
        ok: true,
        team: { id: workspace.teamId, name: workspace.name, domain: workspace.domain, icon: {} },
      }),
    },
    'users.info': {
      scopes: ['users:read'],
      act: ({ workspace, given }) => {
        const user = workspace.users.find(({ id }) => id === given.text('user'));
        return user ? { ok: true, user: wiredUser(workspace, user) } : no('user_not_found');
      },
    },
    'users.list': {
      scopes: ['users:read'],
      act: (call) => {
        const { part, next } = paged(call, call.workspace.users);
        return {
          ok: true,
          members: part.map((user) => wiredUser(call.workspace, user)),
          response_metadata: { next_cursor: next },
        };
      },
    },
    'conversations.info': {
      scopes: ['channels:read', 'groups:read', 'im:read'],
      act: (call) => inChannel(call, (channel) => ({ ok: true, channel: wiredChannel(call.workspace, channel) })),
    },
    'conversations.list': {
      scopes: ['channels:read'],
      act: (call) => {
        const types = (call.given.text('types') ?? 'public_channel').split(',');
        const wanted = call.workspace.channels.filter(({ direct, isPrivate }) =>
          types.includes(direct !== undefined ? 'im' : isPrivate ? 'private_channel' : 'public_channel'),
        );
        const { part, next } = paged(
          call,
          wanted.filter(({ isArchived }) => !isArchived || !call.given.flag('exclude_archived')),
        );
        return {
          ok: true,
          channels: part.map((channel) => wiredChannel(call.workspace, channel)),
          response_metadata: { next_cursor: next },
        };
      },
    },
    'conversations.members': {
      scopes: ['channels:read', 'groups:read'],
      act: (call) =>
        inChannel(call, (channel) => {
          const { part, next } = paged(call, channel.members);
          return { ok: true, members: part, response_metadata: { next_cursor: next } };
        }),
    },
    'conversations.join': {
      scopes: ['channels:join'],
      act: (call) =>
        inChannel(call, (channel) => {
          if (channel.isPrivate) return no('method_not_supported_for_channel_type');
          const already = channel.members.includes(call.workspace.botUserId);
          if (!already) channel.members.push(call.workspace.botUserId);
          state.touch(call.workspace);
          return {
            ok: true,
            channel: wiredChannel(call.workspace, channel),
            ...(already && { warning: 'already_in_channel' }),
          };
        }),
    },
    'conversations.open': {
      scopes: ['im:write'],
      act: ({ workspace, given }) => {
        const user = workspace.users.find(({ id }) => id === given.text('users'));
        return user ? { ok: true, channel: { id: lines.direct(workspace, user).id } } : no('user_not_found');
      },
    },
    'conversations.history': { scopes: ['channels:history', 'groups:history', 'im:history'], act: history },
    'conversations.replies': { scopes: ['channels:history', 'groups:history', 'im:history'], act: replies },
    'views.open': {
      act: ({ given }) => {
        const refusal = world.tickets.pull(given.text('trigger_id'));
        return refusal === null ? { ok: true, view: { id: 'V0SIM1' } } : no(refusal);
      },
    },
    'views.publish': { act: () => ({ ok: true, view: { id: 'V0SIM1' } }) },
    'views.update': { act: () => ({ ok: true, view: { id: 'V0SIM1' } }) },
  };
}

function within({ given }: Call, posts: Post[]): Post[] {
  const [oldest, latest] = [given.text('oldest'), given.text('latest')];
  const inclusive = given.flag('inclusive');
  return posts.filter(
    ({ ts }) =>
      (oldest === undefined || Number(ts) > Number(oldest) || (inclusive && ts === oldest)) &&
      (latest === undefined || Number(ts) < Number(latest) || (inclusive && ts === latest)),
  );
}

/** The cursor is the place of the next one. */
function paged<T>({ given }: Call, all: T[]): { part: T[]; next: string } {
  const limit = Math.min(Math.max(Number(given.text('limit') ?? DEFAULT) || DEFAULT, 1), MOST);
  const from = Number(Buffer.from(given.text('cursor') ?? '', 'base64').toString() || 0);
  const next = from + limit < all.length ? Buffer.from(String(from + limit)).toString('base64') : '';
  return { part: all.slice(from, from + limit), next };
}

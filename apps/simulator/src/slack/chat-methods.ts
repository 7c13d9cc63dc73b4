import { no, type Answer, type Call, type Method, type World } from './web-api';
import { idOf, type Channel, type Post, type Workspace } from './state';
import { emojiOf, named, reactionName } from './text';
import { wiredPost } from './wire';

const LONGEST = 40_000;
const LONGEST_UPDATE = 4_000;
const TS = /^\d{10}\.\d{6}$/;

/** Messages and reactions. */
export function chatMethods(world: World): Record<string, Method> {
  const { state, posts } = world;
  const lastPostMs = new Map<string, number>();

  /** More than one message a second in a channel, past the short burst that Slack lets through. */
  function isTooFast(workspace: Workspace, channel: string): boolean {
    if (!workspace.settings.strict) return false;
    const key = `${workspace.ref} ${channel}`;
    const now = state.world.clock.now();
    const due = lastPostMs.get(key) ?? 0; // when all that was posted would have been allowed
    if (due - now > 3_000 / state.world.clock.scale) return true;
    lastPostMs.set(key, Math.max(due, now) + 1_000 / state.world.clock.scale);
    return false;
  }

  function postMessage(call: Call): Answer {
    const { workspace, given, reply } = call;
    const channel = channelOf(world, workspace, given.text('channel'));
    if ('ok' in channel) return channel;
    const text = given.text('text') ?? '';
    const blocks = given.json('blocks');
    if (!text && !Array.isArray(blocks)) return no('no_text');
    const refused = notWritable(workspace, channel);
    if (refused) return refused;
    const threadTs = given.text('thread_ts');
    if (threadTs !== undefined && !TS.test(threadTs)) return no('invalid_thread_ts');
    const parent = threadTs === undefined ? undefined : state.post(workspace, channel.id, threadTs);
    if (threadTs !== undefined && !parent) return no('message_not_found');
    if (isTooFast(workspace, channel.id)) {
      void reply.status(429).header('retry-after', '1');
      return no('ratelimited');
    }
    if (parent && parent.threadTs === undefined)
      state.keepPost(workspace, Object.assign(parent, { threadTs: parent.ts }));
    const post: Post = {
      channel: channel.id,
      ts: state.nextTs(workspace),
      ...(threadTs !== undefined && { threadTs }),
      user: workspace.botUserId,
      app: { id: workspace.appId, botId: workspace.botId, ...usernameIn(call) },
      ...(given.flag('reply_broadcast') && threadTs !== undefined && { subtype: 'thread_broadcast' }),
      text: named(text).slice(0, LONGEST),
      ...(Array.isArray(blocks) && { blocks }),
      files: [],
      metadata: given.json('metadata'),
      reactions: {},
    };
    posts.write(workspace, post, 'api');
    reply.externalId = idOf(post);
    return { ok: true, channel: channel.id, ts: post.ts, message: wiredPost(state, workspace, post) };
  }

  /** A post of our own, to be changed or deleted. */
  function own(call: Call, refusal: string): { channel: Channel; post: Post } | Answer {
    const { workspace, given } = call;
    const channel = channelOf(world, workspace, given.text('channel'));
    if ('ok' in channel) return channel;
    const post = state.post(workspace, channel.id, given.text('ts') ?? '');
    if (!post) return no('message_not_found');
    return post.app?.id === workspace.appId ? { channel, post } : no(refusal);
  }

  function update(call: Call): Answer {
    const found = own(call, 'cant_update_message');
    if ('ok' in found) return found;
    const text = call.given.text('text') ?? '';
    if (!text) return no('no_text');
    if (text.length > LONGEST_UPDATE) return no('msg_too_long');
    const metadata = call.given.json('metadata');
    posts.edit(call.workspace, found.post, named(text), metadata === undefined ? {} : { metadata });
    const { channel, ts, text: stored } = found.post;
    return { ok: true, channel, ts, text: stored, message: wiredPost(state, call.workspace, found.post) };
  }

  function remove(call: Call): Answer {
    const found = own(call, 'cant_delete_message');
    if ('ok' in found) return found;
    posts.remove(call.workspace, found.post);
    return { ok: true, channel: found.post.channel, ts: found.post.ts };
  }

  function react(call: Call, added: boolean): Answer {
    const { workspace, given, reply } = call;
    const channel = channelOf(world, workspace, given.text('channel'));
    if ('ok' in channel) return channel;
    const post = state.post(workspace, channel.id, given.text('timestamp') ?? '');
    if (!post)
      return no(
        given.text('timestamp') && !TS.test(given.text('timestamp') ?? '') ? 'bad_timestamp' : 'message_not_found',
      );
    const name = reactionName(given.text('name') ?? '');
    if (!name) return no('invalid_name');
    const emoji = emojiOf(name);
    if (!posts.react(workspace, post, { user: workspace.botUserId, name, emoji }, added))
      return no(added ? 'already_reacted' : 'no_reaction');
    if (added) noteReaction(workspace, post, emoji);
    reply.externalId = idOf(post);
    return { ok: true };
  }

  /** On the phone it is a line of what was sent. */
  function noteReaction(workspace: Workspace, post: Post, emoji: string): void {
    const chat = posts.chat(workspace, posts.channel(workspace, post.channel));
    const id = `${idOf(post)}:${state.nextTs(workspace)}`;
    state.world.chats.add(chat, {
      id,
      ours: true,
      via: 'api',
      content: { kind: 'reaction', text: emoji, target: idOf(post) },
      at: state.world.clock.now(),
      status: 'sent',
    });
  }

  function reactions({ workspace, given }: Call): Answer {
    const channel = channelOf(world, workspace, given.text('channel'));
    if ('ok' in channel) return channel;
    const post = state.post(workspace, channel.id, given.text('timestamp') ?? '');
    return post
      ? { ok: true, type: 'message', channel: channel.id, message: wiredPost(state, workspace, post) }
      : no('message_not_found');
  }

  function ephemeral({ workspace, given }: Call): Answer {
    const channel = channelOf(world, workspace, given.text('channel'));
    if ('ok' in channel) return channel;
    if (!channel.members.includes(given.text('user') ?? '')) return no('user_not_in_channel');
    return { ok: true, message_ts: state.nextTs(workspace) };
  }

  function permalink({ workspace, given }: Call): Answer {
    const [channel, ts] = [given.text('channel') ?? '', given.text('message_ts') ?? ''];
    if (!state.post(workspace, channel, ts)) return no('message_not_found');
    return {
      ok: true,
      channel,
      permalink: `https://${workspace.domain}.slack.example/archives/${channel}/p${ts.replace('.', '')}`,
    };
  }

  return {
    'chat.postMessage': { scopes: ['chat:write'], sends: true, act: postMessage },
    'chat.update': { scopes: ['chat:write'], sends: true, act: update },
    'chat.delete': { scopes: ['chat:write'], sends: true, act: remove },
    'chat.postEphemeral': { scopes: ['chat:write'], act: ephemeral },
    'chat.getPermalink': { act: permalink },
    'reactions.add': { scopes: ['reactions:write'], sends: true, act: (call) => react(call, true) },
    'reactions.remove': { scopes: ['reactions:write'], sends: true, act: (call) => react(call, false) },
    'reactions.get': { scopes: ['reactions:read'], act: reactions },
  };
}

/** A name of its own needs a scope; without it Slack takes the message and leaves the name out (contract §8.2). */
function usernameIn({ given, token }: Call): { username?: string } {
  const username = given.text('username');
  return username && token.scopes.includes('chat:write.customize') ? { username } : {};
}

/** A channel by id, or a member, whose direct message is opened. */
export function channelOf(
  { lines }: Pick<World, 'lines'>,
  workspace: Workspace,
  id: string | undefined,
): Channel | Answer {
  const channel = workspace.channels.find((each) => each.id === id);
  if (channel) return channel;
  const user = workspace.users.find((each) => each.id === id);
  return user ? lines.direct(workspace, user) : no('channel_not_found');
}

function notWritable(workspace: Workspace, channel: Channel): Answer | undefined {
  if (channel.isArchived) return no('is_archived');
  return channel.members.includes(workspace.botUserId) ? undefined : no('not_in_channel');
}

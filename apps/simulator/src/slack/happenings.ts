import { randomUUID } from 'node:crypto';
import { compose } from '../compose';
import { ControlError } from '../provider';
import type { Past, Receive } from '../receive';
import { isMedia, mediaKinds, textOf } from '../world/content';
import type { SlackEvents } from './events';
import type { Files } from './files';
import type { Lines } from './lines';
import type { Posts } from './posts';
import { idOf, workspaceKey, type Channel, type Post, type State, type User, type Workspace } from './state';
import { emojiOf, reactionName, typed } from './text';
import type { Tickets } from './tickets';
import { channelType } from './posts';
import { eventPost, wiredUser } from './wire';

interface Parts {
  state: State;
  lines: Lines;
  posts: Posts;
  files: Files;
  events: SlackEvents;
  tickets: Tickets;
}

interface Scene {
  workspace: Workspace;
  event: Receive;
  user: User;
  channel: Channel;
}

const OTHER_APP = { id: 'A0OTHER001', botId: 'B0OTHER001' };
const media = new Set<string>(mediaKinds);

/** Everything that can happen in a workspace, by its people and by Slack itself. */
export class Happenings {
  constructor(private readonly parts: Parts) {}

  happen(workspace: Workspace, event: Receive): { externalId: string | null } {
    switch (event.kind) {
      case 'raw':
        return this.raw(workspace, event);
      case 'connection':
        return this.connection(workspace, event);
      case 'reaction':
      case 'edit':
      case 'delete':
        return this.act(this.scene(workspace, event, this.target(workspace, event).channel));
      case 'participants':
      case 'group':
      case 'contact-update':
      case 'system':
      case 'choice':
        return this.aside(this.scene(workspace, event));
      default:
        if (event.kind !== 'text' && !media.has(event.kind))
          throw new ControlError(422, `Slack has no "${event.kind}"`);
        return this.message(this.scene(workspace, event));
    }
  }

  /** A message of the past, which no event tells of. */
  record(workspace: Workspace, past: Past): { externalId: string } {
    const event = { ...past, dup: 1, unheard: false, person: false } as unknown as Receive; // the fields of a message, which is all that is read of it
    const scene = this.scene(workspace, event);
    const ts = past.externalId?.split(':')[1] ?? this.parts.state.nextTs(workspace, past.at);
    const ours = past.direction === 'outbound';
    const post: Post = {
      channel: scene.channel.id,
      ts,
      ...this.threadOf(workspace, event),
      user: ours ? workspace.botUserId : scene.user.id,
      ...(ours && { app: { id: workspace.appId, botId: workspace.botId } }),
      text: typed(past.text ?? ''),
      files: [],
      reactions: {},
    };
    this.parts.posts.keep(workspace, post, 'history', past.at);
    return { externalId: idOf(post) };
  }

  private message(scene: Scene): { externalId: string } {
    const { workspace, event, user, channel } = scene;
    const { state, posts, files } = this.parts;
    const content = compose(event, state.world.media);
    const isApp = event.username !== undefined;
    const file = isMedia(content) ? state.world.media.find(content.media) : undefined;
    const voice = content.kind === 'voice' ? { subtype: 'slack_audio' } : {};
    const shared = file && files.share(user.id, file, { ...voice, ...(event.fileName && { name: event.fileName }) });
    const said = textOf(content) ?? '';
    const post: Post = {
      channel: channel.id,
      ts: state.nextTs(workspace, event.at),
      ...this.threadOf(workspace, event),
      ...(!isApp && { user: user.id, clientMsgId: event.id ?? randomUUID() }),
      ...(isApp && { app: { ...OTHER_APP, username: event.username } }),
      ...subtypeOf(event),
      text: isRaw(event) ? said : typed(said),
      ...(event.type === 'blocks' && { text: '', blocks: event.data }),
      files: shared ? [shared.id] : [],
      reactions: {},
    };
    const write = () => void posts.write(workspace, post, 'customer', { copies: event.dup, unheard: event.unheard });
    if (event.delayMs) state.world.clock.after(event.delayMs, write);
    else write();
    return this.note(workspace, event, idOf(post), channel.id);
  }

  private act({ workspace, event, user }: Scene) {
    const { posts } = this.parts;
    const post = this.target(workspace, event);
    if (event.kind === 'edit') posts.edit(workspace, post, isRaw(event) ? (event.text ?? '') : typed(event.text ?? ''));
    else if (event.kind === 'delete') posts.remove(workspace, post);
    else {
      const given = event.emoji ?? event.text ?? '👍';
      const name = reactionName(
        given || (Object.entries(post.reactions).find(([, users]) => users.includes(user.id))?.[0] ?? ''),
      );
      const taken = given === '' || event.state === 'removed';
      posts.react(workspace, post, { user: user.id, name, emoji: emojiOf(name) }, !taken);
    }
    return this.note(workspace, event, idOf(post), post.channel);
  }

  private aside(scene: Scene) {
    const { workspace, event, user, channel } = scene;
    const { events, lines } = this.parts;
    const ts = this.parts.state.nextTs(workspace);
    if (event.kind === 'participants') this.membership(scene, ts);
    else if (event.kind === 'group') {
      channel.name = (event.text ?? event.title ?? 'helpdesk').replace(/^#/, '');
      const named = {
        id: channel.id,
        name: channel.name,
        name_normalized: channel.name,
        created: 1_766_000_000,
        is_channel: true,
        is_mpim: false,
      };
      void events.emit(workspace, {
        type: channel.isPrivate ? 'group_rename' : 'channel_rename',
        channel: named,
        event_ts: ts,
      });
    } else if (event.kind === 'contact-update') {
      lines.user(workspace, event.from ?? user.id, event.name);
      void events.emit(workspace, {
        type: 'user_change',
        user: wiredUser(workspace, user),
        cache_ts: Math.floor(Number(ts)),
        event_ts: ts,
      });
    } else if (event.kind === 'system') this.noise(scene, ts);
    else this.choice(scene, ts);
    return this.note(workspace, event, null, channel.id);
  }

  private membership({ workspace, event, user, channel }: Scene, ts: string): void {
    const joined = event.action === 'add';
    for (const who of event.participants ?? [user.id]) {
      const member = this.parts.lines.user(workspace, who);
      channel.members = channel.members.filter((id) => id !== member.id);
      if (joined) channel.members.push(member.id);
      const about = {
        user: member.id,
        channel: channel.id,
        channel_type: channel.isPrivate ? 'G' : 'C',
        team: workspace.teamId,
        event_ts: ts,
      };
      void this.parts.events.emit(workspace, {
        type: joined ? 'member_joined_channel' : 'member_left_channel',
        ...about,
        ...(joined && event.from && { inviter: user.id }),
      });
    }
    this.parts.posts.chat(workspace, channel);
  }

  /** Bookkeeping of Slack's: `type` is the subtype; of `unfurl` and `archive` the thing itself. */
  private noise({ workspace, event, user, channel }: Scene, ts: string): void {
    const type = event.type ?? 'channel_topic';
    if (type === 'unfurl') return this.parts.posts.touch(workspace, this.target(workspace, event));
    if (type === 'archive' || type === 'unarchive') {
      channel.isArchived = type === 'archive';
      return void this.parts.events.emit(workspace, {
        type: `channel_${type}`,
        channel: channel.id,
        user: user.id,
        event_ts: ts,
      });
    }
    const text = event.text ?? `<@${user.id}> did something`;
    void this.parts.events.emit(workspace, {
      type: 'message',
      subtype: type,
      user: user.id,
      text,
      channel: channel.id,
      channel_type: channelType(channel),
      ts,
      event_ts: ts,
    });
  }

  /** A click on a button of a message of ours. */
  private choice({ workspace, event, user, channel }: Scene, ts: string): void {
    const target = event.target === undefined ? undefined : this.target(workspace, event);
    void this.parts.events.interaction(workspace, {
      type: 'block_actions',
      ...this.parts.tickets.issue(workspace, channel.id),
      user: { id: user.id, username: user.name, team_id: workspace.teamId },
      container: { type: 'message', message_ts: target?.ts ?? ts, channel_id: channel.id, is_ephemeral: false },
      channel: { id: channel.id, name: channel.name },
      ...(target && { message: eventPost(this.parts.state, workspace, target) }),
      state: { values: {} },
      actions: [
        {
          type: 'button',
          action_id: event.id ?? 'ok',
          block_id: 'b1',
          value: event.id ?? 'ok',
          text: { type: 'plain_text', text: event.text ?? 'Confirm', emoji: true },
          action_ts: ts,
        },
      ],
    });
  }

  private connection(workspace: Workspace, event: Receive) {
    const state = event.state ?? 'open';
    if (state === 'open') {
      Object.assign(workspace, { installed: true });
      for (const token of workspace.tokens) delete token.dead;
      this.parts.state.touch(workspace);
    } else if (state === 'remove') this.parts.posts.leave(workspace, 'uninstalled');
    else if (state === 'logout') this.parts.posts.leave(workspace, 'revoked');
    else throw new ControlError(422, 'state is one of open, remove, logout');
    return this.note(workspace, event, null, null);
  }

  private raw(workspace: Workspace, event: Receive) {
    const { events } = this.parts;
    const signature =
      event.signature === 'bad' || event.signature === 'missing'
        ? event.signature
        : event.state === 'stale' || event.state === 'future'
          ? event.state
          : 'good';
    const body = typeof event.body === 'string' ? event.body : JSON.stringify(event.body ?? {});
    if (event.event === 'command') void events.command(workspace, (event.data ?? {}) as Record<string, string>);
    else if (event.event === 'interaction')
      void events.interaction(workspace, (event.data ?? {}) as Record<string, unknown>);
    else if (event.body === undefined)
      void events.emit(workspace, { type: event.event ?? 'message', ...(event.data as object) });
    else void events.raw(workspace, body, signature, event.headers);
    return this.note(workspace, event, null, null);
  }

  private target(workspace: Workspace, event: Receive): Post {
    const [channel = '', ts = ''] = (event.target ?? '').split(':');
    const post = this.parts.state.post(workspace, channel, ts);
    if (!post) throw new ControlError(404, 'No such message to act on');
    return post;
  }

  /** Who does it, and where: in a channel, or else in their direct message. */
  private scene(workspace: Workspace, event: Receive, channelId?: string): Scene {
    const { lines } = this.parts;
    const user = lines.user(workspace, event.from ?? '+15550107788', event.name);
    const wanted = channelId ?? event.group;
    const found = workspace.channels.find(({ id }) => id === channelId);
    const channel =
      found ?? (wanted === undefined ? lines.direct(workspace, user) : lines.channel(workspace, wanted, user));
    return { workspace, event, user, channel };
  }

  /** An answer stands in the thread of what it answers. */
  private threadOf(workspace: Workspace, event: Pick<Receive, 'replyTo'>): { threadTs?: string } {
    if (event.replyTo === undefined) return {};
    const [channel = '', ts = ''] = event.replyTo.split(':');
    const parent = this.parts.state.post(workspace, channel, ts);
    if (!parent) throw new ControlError(404, 'No such message to answer');
    const root = this.parts.state.post(workspace, channel, parent.threadTs ?? parent.ts);
    if (root && root.threadTs === undefined)
      this.parts.state.keepPost(workspace, Object.assign(root, { threadTs: root.ts }));
    return { threadTs: parent.threadTs ?? parent.ts };
  }

  private note<Id extends string | null>(
    workspace: Workspace,
    event: Receive,
    externalId: Id,
    chat: string | null,
  ): { externalId: Id } {
    this.parts.state.world.journal.add({
      type: 'happened',
      accounts: [workspaceKey(workspace)],
      kind: event.kind,
      externalId,
      chat,
      text: event.text,
    });
    return { externalId };
  }
}

/** Written in Slack's own notation, mentions and all. */
const isRaw = (event: Receive) => event.type === 'mrkdwn';

function subtypeOf({ type }: Receive): Pick<Post, 'subtype'> {
  return type === 'me_message' || type === 'thread_broadcast' ? { subtype: type } : {};
}

import type { Chat, Message } from '../world/chats';
import type { Content, MediaKind } from '../world/content';
import type { SlackEvents, Telling } from './events';
import { idOf, type Channel, type Post, type State, type Workspace } from './state';
import { seen, emojiOf } from './text';
import { eventPost } from './wire';

const MENTION = /<@(U[A-Z0-9]+)(?:\|[^>]*)?>/g;

/** Writes, changes and deletes messages, whoever does it, and tells the app: also of its own. */
export class Posts {
  constructor(
    private readonly state: State,
    private readonly events: SlackEvents,
  ) {}

  write(workspace: Workspace, post: Post, via: Message['via'], telling: Telling = {}): Post {
    this.keep(workspace, post, via);
    const about = [
      { what: post.app ? ('echo' as const) : ('message' as const), externalId: idOf(post), chat: post.channel },
    ];
    const told = eventPost(this.state, workspace, post);
    const where = placed(this.channel(workspace, post.channel), post.ts);
    if (!this.hears(workspace, post.channel)) return post;
    const events = [() => this.events.emit(workspace, { ...told, ...where }, { about, ...telling })];
    if (mentions(post, workspace.botUserId) && where.channel_type !== 'im') {
      const { subtype: _subtype, ...mention } = told as Record<string, unknown>;
      events.push(() =>
        this.events.emit(
          workspace,
          { ...mention, type: 'app_mention', channel: post.channel, event_ts: post.ts },
          { about },
        ),
      );
      if (Math.random() < 0.5) events.reverse(); // either comes first
    }
    for (const tell of events) void tell();
    return post;
  }

  edit(workspace: Workspace, post: Post, text: string, extra: Partial<Pick<Post, 'metadata'>> = {}): void {
    const before = eventPost(this.state, workspace, post);
    const ts = this.state.nextTs(workspace);
    this.state.keepPost(workspace, Object.assign(post, { text, editedTs: ts, ...extra }));
    const message = this.state.world.chats.message(workspace, idOf(post));
    if (message) this.state.world.chats.edit(message, seen(text));
    this.tellHidden(workspace, post, 'message_changed', ts, {
      message: eventPost(this.state, workspace, post),
      previous_message: before,
    });
  }

  /** The app is removed, or loses its token: the two events come together, in any order. */
  leave(workspace: Workspace, how: 'uninstalled' | 'revoked'): void {
    for (const token of workspace.tokens) token.dead ??= how === 'uninstalled' ? 'account_inactive' : 'token_revoked';
    workspace.installed = false;
    this.state.touch(workspace);
    const tell = [
      () => this.events.emit(workspace, { type: 'tokens_revoked', tokens: { oauth: [], bot: [workspace.botUserId] } }),
      ...(how === 'uninstalled' ? [() => this.events.emit(workspace, { type: 'app_uninstalled' })] : []),
    ];
    for (const one of Math.random() < 0.5 ? tell : tell.toReversed()) void one();
  }

  /** What changes without anybody's edit: a link that unfolds, an answer that is counted. */
  touch(workspace: Workspace, post: Post): void {
    const message = { ...eventPost(this.state, workspace, post), reply_count: 1 };
    const ts = this.state.nextTs(workspace);
    this.tellHidden(workspace, post, 'message_changed', ts, {
      message,
      previous_message: eventPost(this.state, workspace, post),
    });
  }

  remove(workspace: Workspace, post: Post): void {
    const before = eventPost(this.state, workspace, post);
    const message = this.state.world.chats.message(workspace, idOf(post));
    if (message) this.state.world.chats.remove(message);
    this.state.dropPost(workspace, post);
    const ts = this.state.nextTs(workspace);
    this.tellHidden(workspace, post, 'message_deleted', ts, { deleted_ts: post.ts, previous_message: before });
  }

  /** Answers whether anything changed. */
  react(workspace: Workspace, post: Post, by: { user: string; name: string; emoji: string }, added: boolean): boolean {
    const users = post.reactions[by.name] ?? [];
    if (users.includes(by.user) === added) return false;
    const now = added ? [...users, by.user] : users.filter((user) => user !== by.user);
    const { [by.name]: _old, ...others } = post.reactions;
    post.reactions = now.length ? { ...post.reactions, [by.name]: now } : others;
    this.state.keepPost(workspace, post);
    const message = this.state.world.chats.message(workspace, idOf(post));
    const isOurs = by.user === workspace.botUserId;
    const left = Object.keys(post.reactions).findLast((name) => post.reactions[name]?.includes(by.user));
    const shown = added ? by.emoji : left === undefined ? '' : emojiOf(left); // a phone shows one of each person
    if (message) this.state.world.chats.react(message, isOurs ? '' : by.user, shown);
    const item = { type: 'message', channel: post.channel, ts: post.ts };
    const event = {
      user: by.user,
      reaction: by.name,
      ...(post.user && { item_user: post.user }),
      item,
      event_ts: this.state.nextTs(workspace),
    };
    if (this.hears(workspace, post.channel))
      void this.events.emit(
        workspace,
        { type: added ? 'reaction_added' : 'reaction_removed', ...event },
        { about: [{ what: 'other', externalId: idOf(post), chat: post.channel }] },
      );
    return true;
  }

  /** The phone's side of a channel. */
  chat(workspace: Workspace, channel: Channel): Chat {
    const other = channel.direct === undefined ? undefined : workspace.users.find(({ id }) => id === channel.direct);
    if (other)
      return this.state.world.chats.open(workspace, channel.id, {
        name: other.realName,
        ...(other.phone && { phone: other.phone }),
      });
    const people = channel.members.flatMap((id) => workspace.users.find((user) => user.id === id && user.phone) ?? []);
    const members = people.map((user) => ({ phone: user.phone, name: user.realName, admin: false }));
    const known = this.state.world.chats.find(workspace, channel.id)?.group;
    return this.state.world.chats.open(workspace, channel.id, {
      name: `#${channel.name}`,
      group: { members, createdAt: known?.createdAt ?? this.state.world.clock.now() },
    });
  }

  keep(workspace: Workspace, post: Post, via: Message['via'], at?: number): Message {
    this.state.keepPost(workspace, post);
    const author = workspace.users.find((user) => user.id === post.user);
    const ours = post.app?.id === workspace.appId;
    const parent =
      post.threadTs === undefined || post.threadTs === post.ts ? undefined : `${post.channel}:${post.threadTs}`;
    return this.state.world.chats.add(this.chat(workspace, this.channel(workspace, post.channel)), {
      id: idOf(post),
      ours,
      via,
      ...(!ours && author?.phone && { author: author.phone }),
      content: this.contentOf(post),
      at: at ?? Math.floor(Number(post.ts) * 1000),
      ...(parent && { quoted: parent }),
      status: 'sent',
      ...(referenceOf(post) && { tag: referenceOf(post) }),
    });
  }

  channel(workspace: Workspace, id: string): Channel {
    const found = workspace.channels.find((channel) => channel.id === id);
    if (!found) throw new Error(`No channel ${id}`);
    return found;
  }

  private contentOf(post: Post): Content {
    const [file] = post.files.flatMap((id) => this.state.file(id) ?? []);
    const media = file && this.state.world.media.find(file.media);
    if (!file || !media) return { kind: 'text', text: seen(post.text) };
    const [first = ''] = media.mimeType.split('/');
    const kind: MediaKind =
      file.subtype === 'slack_audio'
        ? 'voice'
        : first === 'image' || first === 'video' || first === 'audio'
          ? first
          : 'document';
    return { kind, media: file.media, text: seen(post.text), fileName: file.name };
  }

  private tellHidden(
    workspace: Workspace,
    { channel, ts: target }: Post,
    subtype: string,
    ts: string,
    more: object,
  ): void {
    const about = [{ what: 'other' as const, externalId: `${channel}:${target}`, chat: channel }];
    const event = {
      type: 'message',
      subtype,
      hidden: true,
      ...placed(this.channel(workspace, channel), ts),
      ts,
      ...more,
    };
    if (this.hears(workspace, channel)) void this.events.emit(workspace, event, { about });
  }

  /** The app is told of channels that its bot is in, while it is installed. */
  private hears(workspace: Workspace, channel: string): boolean {
    const { direct, members } = this.channel(workspace, channel);
    return workspace.installed && (direct !== undefined || members.includes(workspace.botUserId));
  }
}

export function channelType(channel: Channel): 'im' | 'group' | 'channel' {
  return channel.direct !== undefined ? 'im' : channel.isPrivate ? 'group' : 'channel';
}

const placed = (channel: Channel, ts: string) => ({
  channel: channel.id,
  channel_type: channelType(channel),
  event_ts: ts,
});

function mentions(post: Post, user: string): boolean {
  return [...post.text.matchAll(MENTION)].some(([, id]) => id === user);
}

function referenceOf({ metadata }: Post): string | undefined {
  const payload = (metadata as { event_payload?: { reference?: string } } | undefined)?.event_payload; // what the app sent along
  return payload?.reference;
}

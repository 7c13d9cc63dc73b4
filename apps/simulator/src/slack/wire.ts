import type { World } from '../world/world';
import type { Channel, HeldFile, Post, State, User, Workspace } from './state';

/** Slack's JSON of what stands in a workspace. */

export function wiredPost(state: State, workspace: Workspace, post: Post, { metadata = false } = {}) {
  const { app } = post;
  const renamed = app?.username !== undefined;
  const parent =
    post.threadTs !== undefined && post.threadTs !== post.ts
      ? state.post(workspace, post.channel, post.threadTs)
      : undefined;
  const reactions = Object.entries(post.reactions).map(([name, users]) => ({ name, users, count: users.length }));
  return {
    type: 'message',
    ...(post.subtype
      ? { subtype: post.subtype }
      : renamed
        ? { subtype: 'bot_message' }
        : post.files.length && !app && { subtype: 'file_share' }),
    ...(post.user !== undefined && !renamed && { user: post.user }),
    ...(app && { bot_id: app.botId, app_id: app.id }),
    ...(app &&
      !renamed && {
        bot_profile: { id: app.botId, app_id: app.id, name: 'parley', team_id: workspace.teamId, deleted: false },
      }),
    ...(renamed && { username: app.username }),
    ...(post.clientMsgId && { client_msg_id: post.clientMsgId }),
    text: post.text,
    team: workspace.teamId,
    ...(post.blocks !== undefined && { blocks: post.blocks }),
    ...(post.files.length && {
      files: post.files.map((id) => wiredFile(state, workspace, id)),
      upload: false,
      display_as_bot: false,
    }),
    ts: post.ts,
    ...(post.threadTs !== undefined && { thread_ts: post.threadTs }),
    ...(parent?.user !== undefined && { parent_user_id: parent.user }),
    ...(post.subtype === 'thread_broadcast' &&
      parent && {
        root: { type: 'message', user: parent.user, text: parent.text, ts: parent.ts, thread_ts: parent.ts },
      }),
    ...(post.editedTs !== undefined && { edited: { user: post.user, ts: post.editedTs } }),
    ...(metadata && post.metadata !== undefined && { metadata: post.metadata }),
    ...(reactions.length && { reactions }),
  };
}

/** Reactions are no part of the events about a message. */
export function eventPost(state: State, workspace: Workspace, post: Post) {
  const { reactions: _reactions, ...wired } = wiredPost(state, workspace, post, {
    metadata: workspace.settings.metadataInEvents,
  });
  return wired;
}

export function wiredUser(workspace: Workspace, user: User) {
  const isBot = user.id === workspace.botUserId;
  return {
    id: user.id,
    team_id: workspace.teamId,
    name: user.name,
    deleted: false,
    real_name: user.realName,
    is_bot: isBot,
    is_app_user: false,
    tz: 'Etc/UTC',
    updated: 1_767_225_616,
    profile: {
      display_name: isBot ? '' : user.realName,
      display_name_normalized: isBot ? '' : user.realName,
      real_name: user.realName,
      avatar_hash: 'g1',
      team: workspace.teamId,
    },
  };
}

export function wiredChannel(workspace: Workspace, channel: Channel) {
  const nothing = { value: '', creator: '', last_set: 0 };
  const isMember = channel.members.includes(workspace.botUserId);
  const common = { id: channel.id, created: 1_766_000_000, is_archived: channel.isArchived, is_org_shared: false };
  if (channel.direct !== undefined) return { ...common, is_im: true, user: channel.direct, is_user_deleted: false };
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !channel.isPrivate,
    is_group: channel.isPrivate,
    is_private: channel.isPrivate,
    is_member: isMember,
    is_general: false,
    is_ext_shared: false,
    is_im: false,
    is_mpim: false,
    creator: channel.members[0] ?? '',
    topic: nothing,
    purpose: nothing,
    previous_names: [],
    num_members: channel.members.length,
  };
}

/** Its addresses are the simulator's own, and open with the bot's token alone. */
export function wiredFile(state: State, workspace: Workspace, id: string) {
  const file = state.file(id);
  const media = file && state.world.media.find(file.media);
  if (!file || !media) return { id, mode: 'tombstone' };
  const base = `${state.world.origin}/slack/files-pri/${workspace.teamId}-${id}`;
  const [kind] = media.mimeType.split('/');
  return {
    id,
    created: Math.floor(file.createdAt / 1000),
    timestamp: Math.floor(file.createdAt / 1000),
    name: file.name,
    title: file.title,
    mimetype: media.mimeType,
    filetype: file.name.split('.').at(-1) ?? '',
    user: file.user,
    user_team: workspace.teamId,
    mode: 'hosted',
    ...(file.subtype && { subtype: file.subtype }),
    size: media.sizeBytes,
    is_external: false,
    file_access: 'visible',
    url_private: `${base}/${encodeURIComponent(file.name)}`,
    url_private_download: `${base}/download/${encodeURIComponent(file.name)}`,
    permalink: `https://${workspace.domain}.slack.example/files/${file.user}/${id}/${encodeURIComponent(file.name)}`,
    ...(kind === 'image' && { original_w: media.width, original_h: media.height }),
    ...(media.seconds !== undefined && { duration_ms: media.seconds * 1000 }),
  };
}

export function wiredShares(workspace: Workspace, file: HeldFile) {
  const shares: Record<'public' | 'private', Record<string, object[]>> = { public: {}, private: {} };
  for (const { channel, ts, threadTs } of file.shares) {
    const known = workspace.channels.find((each) => each.id === channel);
    const of = shares[known?.isPrivate ? 'private' : 'public'];
    of[channel] = [
      ...(of[channel] ?? []),
      {
        ts,
        ...(threadTs && { thread_ts: threadTs }),
        channel_name: known?.name,
        team_id: workspace.teamId,
        reply_count: 0,
      },
    ];
  }
  return shares;
}

export const unix = (world: World) => world.clock.nowSeconds();

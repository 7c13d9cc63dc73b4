import { channelOf } from './chat-methods';
import { no, type Answer, type Call, type Method, type World } from './web-api';
import type { HeldFile, Post, Workspace } from './state';
import { named } from './text';
import { wiredFile, wiredShares } from './wire';

/** The upload in its steps, and what is known of a file. */
export function fileMethods({ state, posts, files, lines }: World): Record<string, Method> {
  function announce({ workspace, given }: Call): Answer {
    const [name, length] = [given.text('filename'), Number(given.text('length'))];
    if (!name || !Number.isInteger(length) || length < 1) return no('invalid_arguments');
    const { file, url } = files.announce(workspace, name, length);
    return { ok: true, upload_url: url, file_id: file.id };
  }

  /** The message comes later, by itself. */
  function complete(call: Call): Answer {
    const { workspace, given } = call;
    const listed = given.json('files');
    const found = (Array.isArray(listed) ? (listed as { id?: string; title?: string }[]) : []).map(
      ({ id = '', title }) => ({ file: state.file(id), title }),
    ); // as the caller wrote it
    if (!found.length || found.some(({ file }) => !file?.media)) return no('file_not_found');
    const done = found.flatMap(({ file, title }) => (file ? [state.keepFile(uploaded(file, title))] : []));
    const wanted = given.text('channel_id');
    if (wanted !== undefined) {
      const channel = channelOf({ lines }, workspace, wanted);
      if ('ok' in channel) return channel;
      const post = {
        channel: channel.id,
        text: named(given.text('initial_comment') ?? ''),
        threadTs: given.text('thread_ts'),
      };
      state.world.clock.after(workspace.settings.fileShareMs, () => share(workspace, done, post));
    }
    return { ok: true, files: done.map((file) => wiredFile(state, workspace, file.id)) };
  }

  function share(
    workspace: Workspace,
    done: HeldFile[],
    { threadTs, ...known }: { channel: string; text: string; threadTs: string | undefined },
  ): void {
    const post: Post = {
      ...known,
      ts: state.nextTs(workspace),
      ...(threadTs !== undefined && { threadTs }),
      user: workspace.botUserId,
      app: { id: workspace.appId, botId: workspace.botId },
      files: done.map(({ id }) => id),
      reactions: {},
    };
    for (const file of done) {
      const place = { channel: post.channel, ts: post.ts, ...(threadTs !== undefined && { threadTs }) };
      state.keepFile({ ...file, shares: [...file.shares, place] });
    }
    posts.write(workspace, post, 'api');
  }

  return {
    'files.getUploadURLExternal': { scopes: ['files:write'], act: announce },
    'files.completeUploadExternal': { scopes: ['files:write'], sends: true, act: complete },
    'files.info': {
      scopes: ['files:read'],
      act: ({ workspace, given }) => {
        const file = state.file(given.text('file') ?? '');
        if (!file) return no('file_not_found');
        const shares = wiredShares(workspace, file);
        return {
          ok: true,
          file: {
            ...wiredFile(state, workspace, file.id),
            shares,
            channels: Object.keys(shares.public),
            groups: Object.keys(shares.private),
            ims: [],
          },
        };
      },
    },
  };
}

function uploaded({ awaits: _awaits, ...file }: HeldFile, title: string | undefined): HeldFile {
  return { ...file, ...(title && { title }) };
}

import { z } from 'zod';
import { ControlError } from '../provider';
import { keyOf, type Account } from '../world/account';
import { digitsOf, hexOf, randomHex } from '../world/ids';
import { CommonSettings, lifelikeSettings, quickSettings } from '../world/settings';
import type { Table } from '../world/store';
import type { World } from '../world/world';

export const SlackSettings = CommonSettings.extend({
  /** More than one message a second in a channel is refused, as Slack does to whoever keeps at it. */
  strict: z.boolean(),
  /** Metadata of messages comes along in events, which Slack does not promise. */
  metadataInEvents: z.boolean(),
  /** Before a file that was uploaded shows up in its channel. */
  fileShareMs: z.number().min(0),
  /** Milliseconds before the second, third and fourth try of an event. */
  retryMs: z.array(z.number().min(0)).max(3),
});
export type SlackSettings = z.infer<typeof SlackSettings>;

const ofSlack = { strict: true, metadataInEvents: false, fileShareMs: 50, retryMs: [0, 60_000, 300_000] };
export const quick: SlackSettings = { ...quickSettings, ...ofSlack };
export const lifelike: SlackSettings = { ...lifelikeSettings, ...ofSlack };

export interface Token {
  token: string;
  /** Milliseconds since 1970; a token of an app that does not rotate lives on. */
  expiresAt?: number;
  refresh?: string;
  scopes: string[];
  /** Why it opens nothing any more. */
  dead?: 'token_revoked' | 'account_inactive';
}

export interface User {
  id: string;
  /** Digits by which tests and the page name this person; no part of Slack. */
  phone: string;
  name: string;
  realName: string;
}

export interface Channel {
  id: string;
  name: string;
  isPrivate: boolean;
  isArchived: boolean;
  /** The other side of a direct message. */
  direct?: string;
  /** Ids of users; the bot's is among them where it is in. */
  members: string[];
}

/** What Slack stores of a message. The phone's view of it is a message of the world, under the same id. */
export interface Post {
  channel: string;
  ts: string;
  threadTs?: string;
  user?: string;
  /** Posted by an app. */
  app?: { id: string; botId: string; username?: string };
  subtype?: 'me_message' | 'thread_broadcast';
  /** As stored: escaped, emojis by name. */
  text: string;
  blocks?: unknown;
  files: string[];
  clientMsgId?: string;
  editedTs?: string;
  metadata?: unknown;
  reactions: Record<string, string[]>;
}

export interface HeldFile {
  id: string;
  media: string;
  name: string;
  title: string;
  user: string;
  subtype?: string;
  /** Still to be uploaded: the length that was announced, and where to. */
  awaits?: { length: number; key: string };
  shares: { channel: string; ts: string; threadTs?: string }[];
  createdAt: number;
}

export interface Workspace extends Account {
  settings: SlackSettings;
  teamId: string;
  domain: string;
  appId: string;
  botUserId: string;
  botId: string;
  installed: boolean;
  tokens: Token[];
  users: User[];
  channels: Channel[];
  /** Of the last message of anywhere in it, in µs. */
  lastTsUs: number;
  /** Where its events go instead of to its app's address. */
  callback: string | null;
}

/** A Slack app: the platform's own, or a tenant's. */
export interface SlackApp {
  id: string;
  clientId: string;
  clientSecret: string;
  signingSecret: string;
  /** Its tokens live twelve hours. */
  rotation: boolean;
  eventsUrl: string | null;
  /** Where its page of consent may send people back to. */
  redirectUrls: string[];
}

export const PLATFORM_APP = 'A0PARLEY01';

export const allScopes = [
  'app_mentions:read', 'channels:history', 'channels:join', 'channels:read', 'chat:write', 'chat:write.customize', 'commands',
  'files:read', 'files:write', 'groups:history', 'groups:read', 'im:history', 'im:read', 'im:write', 'mpim:history', 'mpim:read',
  'reactions:read', 'reactions:write', 'team:read', 'users:read',
]; // prettier-ignore

/** Every workspace and app, and what stands in them. */
export class State {
  readonly workspaces: Table<Workspace>;
  readonly apps: Table<SlackApp>;
  private readonly posts: Table<Post>;
  private readonly files: Table<HeldFile>;

  constructor(readonly world: World) {
    this.workspaces = world.store.table('slack-workspaces');
    this.apps = world.store.table('slack-apps');
    this.posts = world.store.table('slack-posts');
    this.files = world.store.table('slack-files');
    this.addPlatformApp();
  }

  addPlatformApp(): void {
    const { clientId, clientSecret, signingSecret } = this.world.options.slackApp;
    const known = this.apps.get(PLATFORM_APP);
    const eventsUrl = `${this.world.options.parleyUrl}/api/webhooks/slack/events`;
    const rotation = known?.rotation ?? false;
    const redirectUrls = originsOf(this.world.options.parleyUrl).map((origin) => `${origin}/slack/oauth_redirect`);
    const secrets = { clientId, clientSecret, signingSecret };
    this.apps.set(PLATFORM_APP, { id: PLATFORM_APP, ...secrets, rotation, eventsUrl, redirectUrls });
  }

  newApp(ref: string): SlackApp {
    const id = `A${hexOf(`app of ${ref}`, 10).toUpperCase()}`;
    return this.apps.set(id, {
      id,
      clientId: `${digitsOf(`client of ${ref}`, 12)}.${digitsOf(ref, 12)}`,
      clientSecret: randomHex(32).toLowerCase(),
      signingSecret: randomHex(32).toLowerCase(),
      rotation: false,
      eventsUrl: null,
      redirectUrls: [],
    });
  }

  app(workspace: Workspace): SlackApp {
    const app = this.apps.get(workspace.appId);
    if (!app) throw new ControlError(409, 'This workspace has lost its app');
    return app;
  }

  touch(workspace: Workspace): void {
    this.workspaces.touch(workspace.ref);
  }

  post(workspace: Workspace, channel: string, ts: string): Post | undefined {
    return this.posts.get(`${workspace.ref} ${channel}:${ts}`);
  }

  keepPost(workspace: Workspace, post: Post): Post {
    return this.posts.set(`${workspace.ref} ${post.channel}:${post.ts}`, post);
  }

  dropPost(workspace: Workspace, post: Post): void {
    this.posts.delete(`${workspace.ref} ${post.channel}:${post.ts}`);
  }

  /** Of one channel, oldest first. */
  postsIn(workspace: Workspace, channel: string): Post[] {
    const chat = this.world.chats.find(workspace, channel);
    const found = chat ? this.world.chats.history(chat) : [];
    return found
      .flatMap(({ id }) => this.posts.get(`${workspace.ref} ${id}`) ?? [])
      .sort((a, b) => (a.ts < b.ts ? -1 : 1));
  }

  file(id: string): HeldFile | undefined {
    return this.files.get(id);
  }

  keepFile(file: HeldFile): HeldFile {
    return this.files.set(file.id, file);
  }

  allFiles(): Iterable<HeldFile> {
    return this.files.values();
  }

  /** Strictly greater than any before it, and close to the clock. */
  nextTs(workspace: Workspace, atMs = this.world.clock.now()): string {
    const us = Math.max(Math.floor(atMs) * 1000, atMs < this.world.clock.now() - 1000 ? 0 : workspace.lastTsUs + 100);
    workspace.lastTsUs = Math.max(workspace.lastTsUs, us);
    this.touch(workspace);
    return `${Math.floor(us / 1_000_000)}.${String(us % 1_000_000).padStart(6, '0')}`;
  }

  remove(workspace: Workspace): void {
    this.workspaces.delete(workspace.ref);
    if (workspace.appId !== PLATFORM_APP) this.apps.delete(workspace.appId);
  }

  forget(): void {
    this.posts.wipe();
    this.files.wipe();
  }
}

export const idOf = ({ channel, ts }: Pick<Post, 'channel' | 'ts'>) => `${channel}:${ts}`;
export const workspaceKey = (workspace: Workspace) => keyOf(workspace);

/** Of this machine both names. */
function originsOf(url: string): string[] {
  const { origin, hostname } = new URL(url);
  if (!['localhost', '127.0.0.1'].includes(hostname)) return [origin];
  return ['localhost', '127.0.0.1'].map((name) => origin.replace(hostname, name));
}

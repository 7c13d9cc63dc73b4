import { z } from 'zod';
import type { Account } from '../world/account';
import { digitsOf, hexOf } from '../world/ids';
import { CommonSettings } from '../world/settings';
import type { Table } from '../world/store';
import type { World } from '../world/world';
import type { Template } from './templates';

export const scopes = ['whatsapp_business_messaging', 'whatsapp_business_management'] as const;
export type Scope = (typeof scopes)[number];

export const CloudSettings = CommonSettings.extend({
  /** Webhooks of so many milliseconds leave in one call. 0: each on its own. */
  batchMs: z.number().min(0),
  signature: z.enum(['good', 'bad', 'missing', 'unescaped']),
  webhookTries: z.int().min(1),
  /** The number also lives in the Business app: edits, deletions and its own messages are told. */
  coexistence: z.boolean(),
  /** Webhooks before v24 carry `conversation` in statuses. */
  conversation: z.boolean(),
  /** Webhooks carry business-scoped user ids. */
  userIds: z.boolean(),
  /** When a message outside the window is refused: after it was accepted, or at once. Both happen. */
  windowErrors: z.enum(['async', 'sync']),
  scopes: z.array(z.enum(scopes)),
  perSecond: z.number().positive(),
  pairBurst: z.int().positive(),
  pairEveryMs: z.number().min(0),
  managementPerHour: z.int().positive(),
  templateReviewMs: z.number().min(0),
});
export type CloudSettings = z.infer<typeof CloudSettings>;

export const cloudDefaults: Omit<CloudSettings, keyof CommonSettings> = {
  batchMs: 0,
  signature: 'good',
  webhookTries: 14,
  coexistence: true,
  conversation: false,
  userIds: true,
  windowErrors: 'async',
  scopes: [...scopes],
  perSecond: 80,
  pairBurst: 45,
  pairEveryMs: 6000,
  managementPerHour: 5000,
  templateReviewMs: 3000,
};

/** A Meta app: it signs, and is called back. */
export interface MetaApp {
  id: string;
  name: string;
  secret: string;
  verifyToken: string;
  callbackUrl: string | null;
}

export interface Override {
  url: string;
  verifyToken: string;
}

/** A WhatsApp Business account. `subscriptions` are the apps that are told what happens in it. */
export interface Waba {
  id: string;
  name: string;
  portfolio: string;
  subscriptions: Record<string, { override?: Override }>;
}

/** A phone number of a WABA: what Parley calls an account. */
export interface Line extends Account {
  provider: 'cloud-api';
  /** The phone number id. */
  id: string;
  wabaId: string;
  appId: string;
  token: string;
  status: 'CONNECTED' | 'PENDING' | 'BANNED' | 'RESTRICTED';
  registered: boolean;
  quality: 'GREEN' | 'YELLOW' | 'RED';
  overrides: Record<string, Override>;
  /** Set by the control API: takes everything that is told of this number, whatever its app says. */
  callback?: string;
  settings: CloudSettings;
}

/** A file that Meta holds for a while, under an id of its own. */
export interface HeldFile {
  id: string;
  file: string;
  wabaId: string;
  origin: 'upload' | 'webhook';
  createdAt: number;
  hash: string;
}

export const PLATFORM_APP = digitsOf('platform app', 15);

/** Meta's side: apps, businesses, numbers, tokens, templates, files. */
export class State {
  readonly apps: Table<MetaApp>;
  readonly wabas: Table<Waba>;
  /** By ref. */
  readonly lines: Table<Line>;
  readonly templates: Table<Template>;
  readonly files: Table<HeldFile>;
  private readonly byId = new Map<string, Line>();
  private readonly byToken = new Map<string, Line>();

  constructor(readonly world: World) {
    const { store } = world;
    this.apps = store.table('cloud-api.apps');
    this.wabas = store.table('cloud-api.wabas');
    this.lines = store.table('cloud-api.lines');
    this.templates = store.table('cloud-api.templates');
    this.files = store.table('cloud-api.files');
    for (const line of this.lines.values()) this.index(line);
  }

  add(line: Line): Line {
    this.index(line);
    return this.lines.set(line.ref, line);
  }

  remove(line: Line): void {
    this.byId.delete(line.id);
    this.byToken.delete(line.token);
    this.lines.delete(line.ref);
  }

  touch(line: Line): void {
    this.lines.touch(line.ref);
    this.world.bus.publish({ type: 'account', account: `cloud-api/${line.ref}` });
  }

  line(id: string): Line | undefined {
    return this.byId.get(id);
  }

  ofToken(token: string): Line | undefined {
    return this.byToken.get(token);
  }

  linesOf(wabaId: string): Line[] {
    return [...this.lines.values()].filter((line) => line.wabaId === wabaId);
  }

  waba(line: Line): Waba {
    const waba = this.wabas.get(line.wabaId);
    if (!waba) throw new Error(`Number ${line.id} has lost its WABA`);
    return waba;
  }

  /** The platform's own app comes from the environment, whatever was stored. */
  app(id: string): MetaApp | undefined {
    return id === PLATFORM_APP ? this.platformApp() : this.apps.get(id);
  }

  private platformApp(): MetaApp {
    const { platformApp, parleyUrl } = this.world.options;
    const callbackUrl = `${parleyUrl}/api/webhooks/whatsapp/cloud-api`;
    return { id: PLATFORM_APP, name: 'Shared Inbox', callbackUrl, ...platformApp };
  }

  private index(line: Line): void {
    this.byId.set(line.id, line);
    this.byToken.set(line.token, line);
  }
}

/** The token of a number: the same each time for a ref, so that a reset of the demo leaves Parley connected. */
export const tokenOf = (seed: string) => `EAAS${hexOf(`token ${seed}`, 48)}`;

import type { AccountState, Capabilities, Channel, ProviderName, Template } from '@parley/contracts/accounts';
import type { Readable } from 'node:stream';
import type { Content, mediaKinds, TemplateParameter } from '@parley/contracts/content';
import type { identityKinds } from '@parley/contracts/conversations';
import type { Refusal as AnyRefusal } from '@parley/contracts/messages';
import type { z } from 'zod';

/** A provider's call, before anything was believed. Header names are lower case; `body` are the exact bytes. */
export interface WebhookCall {
  headers: Record<string, string | undefined>;
  body: Uint8Array;
}

/** Secrets that prove a call, newest first: while one is rotated two are valid. Which of them is meant, is in the config's words. */
export type Secrets = readonly Record<string, string>[];

/** One thing a call says. `body` alone is enough to parse it again, years later. */
export interface Item {
  /** Names the account inside the provider's app, e.g. a phone number id. Empty: the account of the path the call came on. */
  routingKey: string;
  /** What makes it this item and no other; a repeated call gives the same. Any length: it is hashed. */
  key: string;
  /**
   * The chat's address, where it can be read without parsing: a group's external id, else the same string as the first of
   * the addresses that `parse` gives the chat ("+15550107788"). An unreadable item is shown in its place there.
   */
  chat?: string;
  at?: Date;
  body: Uint8Array;
}

/** Of an item that concerns everything below one key (a WABA): one row for each account that has it. */
export interface Fanout {
  /** All accounts whose `groupKey` this is. */
  groupKey: string;
}

export type IdentityKind = (typeof identityKinds)[number];

/** An address of a person. Phones in E.164 ("+15550107788"); everything else as the provider writes it. */
export interface Address {
  kind: IdentityKind;
  address: string;
}

/** Where a message stands. `addresses` of a direct chat are all names of the one person, best for sending first. */
export type ChatRef =
  { kind: 'direct'; addresses: [Address, ...Address[]] } | { kind: 'group'; externalId: string; title?: string };

/** Who wrote. Empty `addresses`: not told. */
export interface Sender {
  addresses: Address[];
  name?: string;
}

/** One of our own messages: typed on the phone, sent through the API, or the provider does not tell. */
export type Own = 'device' | 'api' | 'unknown';

/** What is quoted, as far as the provider tells. */
export interface Quote {
  externalId: string;
  author?: Address;
  text?: string;
}

/** What a provider can say of a way out. */
export type DeliveryWord = 'accepted' | 'sent' | 'failed' | 'delivered' | 'read';

/** Content that comes from outside: never a line of our own making, except where the provider speaks of the chat. */
export type InboundContent = Exclude<Content, { type: 'unreadable' } | { type: 'system' }>;

/** What an adapter needs to fetch a file later, in words of its own. Small; it may hold addresses that open the file. */
export type FileHandle = Record<string, string>;

export type ChannelEvent =
  | {
      type: 'message.received';
      chat: ChatRef;
      externalId: string;
      from: Sender;
      content: InboundContent;
      sentAt: Date;
      /** Absent: the customer wrote it. */
      own?: Own;
      quote?: Quote;
      forwarded?: boolean;
      /** Of media: how to fetch it. Absent: it cannot be. */
      file?: FileHandle;
      /** No webhook told of it, we had to ask: it waits as any other, and rings for nobody. */
      history?: boolean;
    }
  /**
   * Of media only the caption is new: the file stays, and what an edit says of it may be empty. A call's outcome comes this way
   * too, and the votes of a poll, of which the rest may be empty.
   */
  | { type: 'message.edited'; chat?: ChatRef; externalId: string; content: InboundContent; at: Date }
  /** `at` null: the provider does not say, the time of arrival counts. */
  | { type: 'message.deleted'; chat?: ChatRef; externalId: string; at: Date | null }
  /** `emoji` null takes it back. `own`: our side's. */
  | {
      type: 'message.reacted';
      chat?: ChatRef;
      externalId: string;
      from: Sender;
      own: boolean;
      emoji: string | null;
      /** Of one taken back, where a person may have several: which. It leaves any other. */
      was?: string;
      at: Date;
    }
  | {
      type: 'delivery.updated';
      externalId: string;
      status: DeliveryWord;
      /** Null: the provider does not say, the time of arrival counts. */
      at: Date | null;
      reason?: Refusal;
      detail?: string;
      /** Our delivery attempt's id, where the provider carries one back. */
      reference?: string;
    }
  | {
      type: 'participants.changed';
      chat: ChatRef & { kind: 'group' };
      /** `replace`: these are all of them. */
      action: 'add' | 'remove' | 'promote' | 'demote' | 'replace';
      members: (Sender & { admin?: boolean })[];
      by?: Sender;
      at: Date | null;
    }
  | { type: 'chat.renamed'; chat: ChatRef & { kind: 'group' }; title: string }
  /** A name that the provider knows; it never overwrites one that a member gave. */
  | {
      type: 'contact.named';
      addresses: [Address, ...Address[]];
      name: string;
      /** Where they wrote while nobody knew it: what stands there under an address gets the name. */
      chat?: ChatRef;
    }
  /** Two addresses turned out to be one person (a changed number, a new id). */
  | { type: 'contact.linked'; known: Address; now: [Address, ...Address[]]; at: Date | null }
  | {
      type: 'account.changed';
      state: AccountState;
      detail?: string;
      address?: string;
      qr?: { image: string; pairingCode: string | null };
      /** When it happened over there, to the second: a word from before the state that we know does not count. */
      at?: Date;
    }
  /** Something to know of an account that works and goes on working. It counts while the account is connected. */
  | { type: 'account.noted'; detail: string }
  /** Never stored: shown to who looks. */
  | { type: 'typing.changed'; chat: ChatRef; typing: boolean }
  | { type: 'templates.changed' };

/** The first three pass and are retried; `auth` and `plan`, which is used up, pause the account; the rest are final. */
export type Refusal = Exclude<AnyRefusal, 'expired'>;

export type SendResult =
  | {
      outcome: 'accepted';
      externalId: string;
      /** Addresses that the answer revealed for this chat. */ addresses?: Address[];
    }
  /**
   * Certain: nothing was sent. `detail` is the provider's word, to be kept with the attempt: it may hold numbers and texts,
   * so no log takes it.
   */
  | {
      outcome: 'refused';
      reason: Refusal;
      detail: string;
      code?: string;
      retryAfterMs?: number;
      /** Of `auth`, where new credentials are not what the account needs: how it stands, in words for people. */
      account?: { state: AccountState; detail: string };
      /** Of `throttled`: only this chat was too fast; of `plan`: it has no room for one more person. Other chats may go on. */
      chatOnly?: true;
    }
  /** It may have been sent: never retried by us. */
  | { outcome: 'unknown'; detail: string };

/** A message of ours, or a customer's, that the provider knows under `externalId`. */
export interface MessageRef {
  externalId: string;
  /** We sent it. */
  own: boolean;
  /** Who wrote it, in a group. */
  author?: Address;
  /** What it said, for providers that quote by content. */
  text?: string;
  /** It quotes something itself; with the provider's id, where the provider told it. */
  quotes?: { externalId?: string };
}

/** A file of ours on its way out. */
export interface OutboundFile {
  /** With its ending, fit for a header: nothing invisible in it, and no quotes. */
  name: string;
  mimeType: string;
  sizeBytes: number;
  /** Its bytes, once. Whoever opens it destroys it. */
  open(): Promise<Readable>;
}

/** One thing to do at the provider. `to` are all known addresses of the chat, best first (a group: its external id). */
export interface Outbound {
  to: { kind: 'direct'; addresses: [Address, ...Address[]] } | { kind: 'group'; externalId: string };
  content:
    | { type: 'text'; text: string; quote?: MessageRef }
    | { type: 'template'; name: string; language: string; parameters: TemplateParameter[]; quote?: MessageRef }
    /** As a kind that the capabilities have a rule for. */
    | {
        type: 'media';
        kind: (typeof mediaKinds)[number];
        file: OutboundFile;
        caption: string | null;
        quote?: MessageRef;
      }
    /** Empty emoji takes it back. `before`: what ours was until now, where there was one. */
    | { type: 'reaction'; target: MessageRef; emoji: string; before?: string };
  /** Carried to the provider and back where it can; unique for each attempt. */
  reference: string;
}

/**
 * One provider. Everything but `send` is pure. It holds no state and knows nothing of ours but these shapes.
 * Further abilities are the small interfaces below, asked with `'findSent' in provider`.
 */
export interface Provider<Config = unknown> {
  name: ProviderName;
  channel: Channel;
  /** For people: "WhatsApp (Evolution API)". */
  title: string;
  /**
   * Shape of an account's config; titles and descriptions draw the form. Secret fields carry `.meta({ secret: true })`, those
   * that only consent brings `consent: true`: they are in no form.
   */
  config: z.ZodType<Config>;
  /** Largest webhook body it may send, before and after inflating. */
  bodyLimitBytes: number;
  pacing: Pacing;
  capabilities(config: Config): Capabilities;
  /**
   * Where it posts: `/api/webhooks/<path>`, then by `token` one unguessable segment per account, by `app` nothing for the
   * platform's own provider app, or the key of a tenant's own. `doors`: the provider posts different things to different
   * addresses below the path, of which the first is the one to show.
   */
  ingress: { path: string; by: 'token' | 'app'; doors?: readonly [string, ...string[]] };
  /** By `app`: the environment variables that hold the secrets of the platform's own app, by secret's name. */
  platformSecrets?: Record<string, string>;
  /** Keys under which intake finds the account; `groupKey` is shared by all accounts of one WABA. */
  routing(config: Config): { routingKey: string; groupKey?: string };
  /** What proves a call, taken from the config when the account is saved. By `app`: empty when the config brings no app of its own. */
  secrets(config: Config): Record<string, string>;
  /** Headers that the provider must be told to send with each call. */
  webhookHeaders(config: Config): Record<string, string>;
  /** Constant time; two may be valid while they rotate. Never throws. `nowMs`: where a proof has an end. */
  verify(call: WebhookCall, secrets: Secrets, nowMs: number): boolean;
  /** Cuts a call into items: one for most providers, hundreds for Cloud API. Throws on what it cannot read at all. */
  split(call: WebhookCall): (Item & Partial<Fanout>)[];
  /** Kinds we do not handle give `[]`; a known kind with a broken shape throws. */
  parse(item: Pick<Item, 'body'>): ChannelEvent[];
  /** Says what the provider said. A refusal is a result; what it throws counts as `unknown`, unless no connection was made. */
  send(message: Outbound, config: Config, http: typeof fetch): Promise<SendResult>;
}

/** Token buckets: `perSecond` refills, `burst` holds. An account may be set slower. */
export interface Pacing {
  account: { perSecond: number; burst: number };
  chat?: { perSecond: number; burst: number };
}

/** The provider answers a call itself: Meta's handshake, a body that is expected back. */
export interface Answers {
  /** Of a GET on the webhook path; `null`: refused (403). */
  handshake(query: URLSearchParams, secrets: Secrets): string | null;
}
/** The provider wants to read something in the answer to an authentic call. */
export interface Replies {
  /** `null`: nothing. Throws on what it cannot read. */
  reply(call: WebhookCall): { type: string; body: string } | null;
}
export interface Typing<Config> {
  /** Shows "typing…" for some seconds. Resolves when it ends, where the provider answers only then: nobody should wait for it. */
  typing(to: Outbound['to'], lastInbound: MessageRef | null, config: Config, http: typeof fetch): Promise<void>;
}
export interface MarkRead<Config> {
  /** `messages` are inbound, oldest first; at most 50. */
  markRead(to: Outbound['to'], messages: MessageRef[], config: Config, http: typeof fetch): Promise<void>;
}
export interface Templates<Config> {
  /** Approved ones, all pages. */
  templates(config: Config, http: typeof fetch): Promise<Template[]>;
}
export interface FindSent<Config> {
  /**
   * Looks for a send of unknown outcome. `null`: not found, which proves nothing.
   * `since`: it cannot be older.
   */
  findSent(message: Outbound, since: Date, config: Config, http: typeof fetch): Promise<{ externalId: string } | null>;
}
export interface Names<Config> {
  /** No faster than one group in that time, where a provider minds. */
  namesEveryMs?: number;
  /**
   * What comes only to who asks, as items that go the way of every other: names of people, who wrote in a chat, and of groups,
   * by their external ids, the name and who is in them. Who is not told is left out.
   */
  names(
    asked: { people: { address: Address; chat: ChatRef }[]; groups: string[] },
    config: Config,
    http: typeof fetch,
  ): Promise<Item[]>;
}
export interface Groups<Config> {
  /** All groups that the account is in now, by name. Throws `ConnectError`, or what a call throws. */
  groups(config: Config, http: typeof fetch): Promise<{ externalId: string; title: string }[]>;
}
/** Brings files that customers send. */
export interface Files<Config> {
  /**
   * Opens a file; the bytes are read afterwards. Throws `FileGone` where asking again is of no use: whatever else it throws
   * may pass.
   */
  fetchFile(handle: FileHandle, config: Config, http: typeof fetch): Promise<AsyncIterable<Uint8Array>>;
}
/** The provider has this file no more, or never had. `message` is for people. */
export class FileGone extends Error {
  override name = 'FileGone';
}
export interface History<Config> {
  /**
   * What happened there from one moment to before the other, as items that go the way of every other, oldest first: with the
   * keys that webhooks give, so that what was told is not told again, and marked as history where they are read.
   */
  history(period: { from: Date; to: Date; nowMs: number }, config: Config, http: typeof fetch): Promise<Item[]>;
}
/** The install's own app at a provider, as the operator entered it. */
export interface InstallApp {
  clientId: string;
  clientSecret: string;
  /** Where people are asked whether they want it. */
  authorizeUrl: string;
  apiUrl: string;
}
/** Accounts are made by consent: somebody says yes at the provider, which sends them back to us with a code. */
export interface Install<Config> {
  /** The environment variables that hold the app. */
  installApp: Record<keyof InstallApp, string>;
  /** Where to send who wants it. */
  consentUrl(app: InstallApp, ask: { state: string; redirectUri: string }): string;
  /** What the code is worth, and a name for the account. Throws `ConnectError`. */
  install(
    app: InstallApp,
    grant: { code: string; redirectUri: string },
    http: typeof fetch,
    nowMs: number,
  ): Promise<{ config: Config; name: string }>;
  /** When its access has to be renewed. `null`: it lasts. */
  renewAt(config: Config): Date | null;
  /**
   * New access for old, which dies with this: only one may ask at a time, and nothing may be done with the answer before it
   * is kept. Throws `ConnectError` with a field where the old is worth nothing any more.
   */
  renew(app: InstallApp, config: Config, http: typeof fetch, nowMs: number): Promise<Config>;
  /** Gives the access back when the account is deleted. */
  uninstall(app: InstallApp, config: Config, http: typeof fetch): Promise<void>;
}
/** Looks at one thing and lets whoever waits hear of it: `title` says what, the error that it throws says what is wrong. */
export type Step = <T>(title: string, look: () => Promise<T>) => Promise<T>;

export interface Connect<Config> {
  /**
   * Checks the credentials and asks for the state, `step` by step; throws `ConnectError` with words for people. Where a phone
   * must be linked, it asks for the next code.
   */
  check(
    config: Config,
    http: typeof fetch,
    step?: Step,
  ): Promise<{
    state: AccountState;
    detail?: string;
    address?: string;
    qr?: { image: string; pairingCode: string | null };
  }>;
  /** How long a code to scan lives. Absent: no phone is linked. */
  codeLivesMs?: number;
  /**
   * Tells the provider where to post, which may ask for the handshake during the call. Told before, it changes nothing over
   * there. Throws `ConnectError`.
   */
  subscribe(
    webhook: { url: string; headers: Record<string, string>; verifyToken: string | null },
    config: Config,
    http: typeof fetch,
  ): Promise<void>;
}
export interface Watch<Config> {
  /**
   * How the connection stands, of a provider that says so only once: what it told while nobody heard is lost. One cheap
   * question each minute, without any effect over there. Throws `ConnectError`, `AskedTooOften` among them.
   */
  standing(config: Config, http: typeof fetch): Promise<{ state: AccountState; detail?: string }>;
}

export interface Pairing<Config> {
  /**
   * A code that links a phone, typed there in place of scanning: for that number (E.164), while no phone is linked.
   * Throws `ConnectError`.
   */
  pairingCode(phone: string, config: Config, http: typeof fetch): Promise<string>;
}

/** For whoever does not listen. */
export const unheard: Step = (_title, look) => look();

/** What is wrong with a connection, in plain words: what happened, what to do. `field` is the config's field to look at. */
export class ConnectError extends Error {
  constructor(
    message: string,
    readonly field?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ConnectError';
  }
}

/** Asked more often than the provider takes: says nothing of how the connection stands. */
export class AskedTooOften extends ConnectError {}

export type AnyProvider = Provider &
  Partial<
    Answers &
      Replies &
      Typing<unknown> &
      MarkRead<unknown> &
      Templates<unknown> &
      FindSent<unknown> &
      Names<unknown> &
      Files<unknown> &
      Groups<unknown> &
      History<unknown> &
      Install<unknown> &
      Connect<unknown> &
      Pairing<unknown> &
      Watch<unknown>
  >;

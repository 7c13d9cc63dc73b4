import { z } from 'zod';
import { mine } from './can';
import { At, Id, IdParams, page, PageQuery, text, tidy } from './primitives';
import { route } from './route';
import { mediaKinds, templateParameterPlaces } from './content';
import { AgentsSee } from './visibility';

export const providers = ['evolution', 'cloud-api', 'green-api', 'slack'] as const;
export const ProviderName = z.enum(providers);
export type ProviderName = z.infer<typeof ProviderName>;

export const channels = ['whatsapp', 'slack', 'telegram', 'instagram', 'sms'] as const;
export type Channel = (typeof channels)[number];

/**
 * `connecting` passes by itself, `needs_qr` waits for a phone, `needs_reauth` for new credentials,
 * `restricted` was blocked by the provider.
 */
export const accountStates = [
  'connecting',
  'connected',
  'needs_qr',
  'needs_reauth',
  'restricted',
  'disconnected',
  'deleted',
] as const;
export type AccountState = (typeof accountStates)[number];

/** `unconfirmed`: the provider takes sends and confirms none. `silent`: nothing comes in at an hour that is busy else. */
export const accountDoubts = ['unconfirmed', 'silent'] as const;
export type AccountDoubt = (typeof accountDoubts)[number];

/** What a channel can do: read by the server and the composer alike. */
export const Capabilities = z.object({
  /** Longest text, in UTF-16 units as the provider counts. */
  maxTextLength: z.int(),
  quote: z.boolean(),
  react: z.boolean(),
  edit: z.boolean(),
  delete: z.boolean(),
  /** We can show that we are typing. */
  typing: z.boolean(),
  /** The channel tells when the customer types. */
  seesTyping: z.boolean(),
  /** The furthest that receipts go. */
  receipts: z.enum(['none', 'delivered', 'read']),
  /** Hours after the customer's last message in which free text may be sent; null: always. */
  windowHours: z.number().nullable(),
  templates: z.boolean(),
  /** A send of unknown outcome can be looked up. */
  lookUp: z.boolean(),
  /** We may write to somebody who has not written to us. */
  writeFirst: z.boolean(),
  /** Files that may be sent, each by the first rule that takes its type and size (`asSent`). Empty: none. */
  files: z.array(
    z.object({
      /** What it is over there. */
      kind: z.enum(mediaKinds),
      /** `image/png`, `image/*`, or both stars. */
      types: z.array(z.string()),
      maxBytes: z.int(),
      /** Longest text that goes with it, as text is counted; 0: it goes without. */
      maxCaption: z.int(),
    }),
  ),
});
export type Capabilities = z.infer<typeof Capabilities>;

/** An account as every member may see it. */
export const Account = z
  .object({
    id: Id,
    name: z.string(),
    provider: ProviderName,
    channel: z.enum(channels),
    state: z.enum(accountStates),
    /** In plain words, what is the matter and what to do. */
    stateDetail: z.string().nullable(),
    /** Why "connected" is not to be believed now, and since when. Null: nothing speaks against it. */
    doubt: z.object({ kind: z.enum(accountDoubts), since: At }).nullable(),
    /** Sending stands still; webhooks are still taken. */
    paused: z.boolean(),
    /** Its own number or address, once known. */
    address: z.string().nullable(),
    /** Items that arrived and could not be read, and whose chat is not known. */
    unreadable: z.int(),
    capabilities: Capabilities,
  })
  .meta({ id: 'Account' });
export type Account = z.infer<typeof Account>;

/** One thing that was looked at to see whether a connection works. */
export const AccountCheck = z.object({
  /** What, in words: "The token opens this phone number". */
  title: z.string(),
  passed: z.boolean(),
  /** What is wrong and what to do, where it did not pass. */
  detail: z.string().nullable(),
  ms: z.int(),
});
export type AccountCheck = z.infer<typeof AccountCheck>;

/** The same with what an admin may see: the config without its secrets, and where the provider must post. */
export const AccountSettings = Account.extend({
  /** Fields of the provider's config; secret ones are left out. */
  config: z.record(z.string(), z.unknown()),
  /** Last four characters of each secret that is set. */
  secrets: z.record(z.string(), z.string()),
  webhook: z.object({
    url: z.url(),
    /** To be configured at the provider, shown only to admins. */
    headers: z.record(z.string(), z.string()),
    verifyToken: z.string().nullable(),
    /** Who enters it there: `operator` did so once, for the install's own app. */
    setBy: z.enum(['us', 'you', 'operator']),
  }),
  /** While a phone must be linked: the code to show, since when it is there, and how long it lives from this answer on. */
  qr: z.object({ image: z.string(), pairingCode: z.string().nullable(), at: At, leftMs: z.int() }).nullable(),
  /** What this call looked at, in order; it ends with the first that did not pass. Empty: it looked at nothing. */
  checks: z.array(AccountCheck),
  /** Null: as the tenant says. */
  agentsSee: AgentsSee.nullable(),
}).meta({ id: 'AccountSettings' });
export type AccountSettings = z.infer<typeof AccountSettings>;

export const listAccounts = route('GET', '/accounts', {
  summary: 'Accounts of the tenant: names, state, and what each can do.',
  access: 'account.read',
  reach: 'caller',
  query: PageQuery,
  response: page(Account.extend({ me: mine('account') })),
});

export const listAccountDays = route('GET', '/accounts/days', {
  summary: 'What each account brought in the last 24 hours, so that silence is seen.',
  access: 'account.manage',
  reach: 'caller',
  response: z.object({
    items: z.array(
      z.object({
        accountId: Id,
        /** Webhooks of each hour, the current one last; written once a minute. */
        hours: z.array(z.int()),
        /** Its last webhook, of the last 8 days. */
        heardAt: At.nullable(),
      }),
    ),
  }),
});

export const listProviders = route('GET', '/providers', {
  summary: 'Providers that can be connected, each with the JSON Schema of its config.',
  access: 'account.manage',
  reach: 'caller',
  response: z.object({
    items: z.array(
      z.object({
        provider: ProviderName,
        channel: z.enum(channels),
        name: z.string(),
        config: z.record(z.string(), z.unknown()),
        /** A page of ours to go to, where an account is made by consent at the provider. Null: by the form alone. */
        install: z.string().nullable(),
        /** `set`: we tell the provider where to post. `copy`: somebody enters it there. */
        webhook: z.enum(['set', 'copy']),
        /** A phone is linked to it, by scanning a code. */
        linksPhone: z.boolean(),
        /** The phone can also be linked by a code that one types there. */
        pairsByCode: z.boolean(),
        /** It has groups, and tells which: they can be left out. */
        tellsGroups: z.boolean(),
      }),
    ),
  }),
});

export const getAccount = route('GET', '/accounts/:id', {
  summary: 'One account with its config (without secrets), webhook address and login code.',
  access: 'account.manage',
  reach: 'tenant',
  params: IdParams,
  response: AccountSettings,
});

const AccountChange = z.object({
  name: text().trim().min(1).max(80),
  /** By the provider's own schema. In a change, only the fields that change. */
  config: z.record(z.string(), z.unknown()).overwrite(tidyFields),
  paused: z.boolean(),
  /** By who sees everything of the account, for nobody gives sight that they do not have. */
  agentsSee: AgentsSee.nullable(),
});

function tidyFields(config: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, typeof value === 'string' ? tidy(value) : value]),
  );
}

export const createAccount = route('POST', '/accounts', {
  summary:
    'Connects an account: checks the credentials, sets the webhook where the provider lets us, answers address and state.',
  access: 'account.manage',
  reach: 'caller',
  body: AccountChange.pick({ name: true, config: true }).extend({ provider: ProviderName }),
  response: AccountSettings,
  status: 201,
  refuses: ['conflict', 'quota_exceeded'],
});

export const updateAccount = route('PATCH', '/accounts/:id', {
  summary:
    'Renames, pauses or reconfigures. Any config, an empty one too, checks the connection and asks for the next login code. An old secret stays valid for 24 h.',
  access: 'account.manage',
  reach: 'tenant',
  params: IdParams,
  body: AccountChange.partial(),
  response: AccountSettings,
  refuses: ['conflict', 'account_unavailable'],
});

export const pairAccount = route('POST', '/accounts/:id/pairing_code', {
  summary: 'A code to type into the phone in place of scanning. A login that has begun there starts anew.',
  access: 'account.manage',
  reach: 'tenant',
  params: IdParams,
  body: z.object({
    phone: z
      .string()
      .trim()
      .regex(/^\+\d{7,15}$/, 'is not a phone number with its country code'),
  }),
  response: z.object({ code: z.string() }),
  refuses: ['channel_cannot', 'account_unavailable', 'provider_unavailable'],
});

/** What of groups is heard. A group that is left out makes no conversation, and what is said there no message. */
const HeardGroups = z.object({
  ignored: z.boolean(),
  /** While groups are left out, these are heard all the same, by the provider's ids. */
  allowed: z.array(text().min(1).max(200)).max(500),
});

export const getAccountGroups = route('GET', '/accounts/:id/groups', {
  summary: 'Which groups of the account are heard, and all that the provider says it is in.',
  access: 'account.manage',
  reach: 'tenant',
  params: IdParams,
  response: HeardGroups.extend({
    /** By name. Null: the provider could not be asked, and `obstacle` says why. */
    groups: z.array(z.object({ externalId: z.string(), title: z.string() })).nullable(),
    obstacle: z.string().nullable(),
  }),
  refuses: ['channel_cannot', 'account_unavailable'],
});

export const setAccountGroups = route('PUT', '/accounts/:id/groups', {
  summary: 'Leaves groups out, all or all but some, or hears them again. It counts from the next message on.',
  access: 'account.manage',
  reach: 'tenant',
  params: IdParams,
  body: HeardGroups,
  response: HeardGroups,
  refuses: ['channel_cannot', 'account_unavailable'],
});

export const getAccountImpact = route('GET', '/accounts/:id/impact', {
  summary: 'What deleting the account would touch.',
  access: 'account.manage',
  reach: 'tenant',
  params: IdParams,
  response: z.object({
    /** Stay readable, and can no longer be answered. */
    conversations: z.int(),
    open: z.int(),
    /** Messages that wait to go out, and never will. */
    waiting: z.int(),
  }),
});

export const deleteAccount = route('DELETE', '/accounts/:id', {
  summary: 'Disconnects for good. Its conversations stay readable.',
  access: 'account.manage',
  reach: 'tenant',
  params: IdParams,
});

export const Template = z
  .object({
    name: z.string(),
    language: z.string(),
    category: z.string(),
    header: z.string().nullable(),
    body: z.string(),
    footer: z.string().nullable(),
    buttons: z.array(z.object({ type: z.string(), text: z.string() })),
    /** What must be filled in, in the order to ask. `example` is the provider's. */
    parameters: z.array(
      z.object({ place: z.enum(templateParameterPlaces), name: z.string(), example: z.string().nullable() }),
    ),
    /** Null: can be sent from here. Else why not, in plain words. */
    obstacle: z.string().nullable(),
  })
  .meta({ id: 'Template' });
export type Template = z.infer<typeof Template>;

export const listTemplates = route('GET', '/accounts/:id/templates', {
  summary: 'Approved templates of the account. `channel_cannot` where the channel has none.',
  access: 'account.read',
  reach: 'tenant',
  params: IdParams,
  response: z.object({ items: z.array(Template) }),
  refuses: ['channel_cannot', 'account_unavailable', 'provider_unavailable'],
});

import { z } from 'zod';
import { mediaKinds } from './world/content';

/** Everything that the control API can make happen. A provider refuses what its channel does not have. */
export const kinds = [
  'text', ...mediaKinds, 'location', 'contact', 'contacts', 'choice', 'poll', 'vote', 'order', 'unsupported', 'system', 'welcome',
  'reaction', 'edit', 'delete', 'typing', 'call',
  'participants', 'group', 'status', 'connection', 'qr', 'contact-update', 'user-id-update', 'preference', 'account-event', 'template-status', 'history-sync', 'raw',
] as const; // prettier-ignore

const Card = z.object({
  name: z.string(),
  phone: z.string().optional(),
  email: z.string().optional(),
  organisation: z.string().optional(),
});

/** A moment: ISO 8601, or milliseconds since 1970. */
export const Moment = z.union([z.iso.datetime({ offset: true }), z.number()]).transform((at) => new Date(at).getTime());

/** One thing that happens on the customers' side. Fields that a kind does not use are ignored. */
export const Receive = z.looseObject({
  kind: z.enum(kinds).default('text'),
  /** The customer: E.164, or an id of the provider's own where the number is hidden. */
  from: z.string().optional(),
  /** The customer's name, as the provider tells it. */
  name: z.string().optional(),
  text: z.string().optional(),
  /** The provider's timestamp; now, if not given. */
  at: Moment.optional(),
  /** Milliseconds to wait before it happens. */
  delayMs: z.number().min(0).optional(),
  /** A group's id, or the name of one that is made. `from` is then the member who writes. */
  group: z.string().optional(),
  /** Written by the business itself, on its phone. */
  fromMe: z.boolean().default(false),
  /** Id of the message that this one quotes. */
  replyTo: z.string().optional(),
  forwarded: z.union([z.boolean(), z.literal('often')]).optional(),
  /** Id of the message that is reacted to, edited, deleted, voted in, or whose status this is. */
  target: z.string().optional(),
  emoji: z.string().optional(),

  /** Name of a sample file, or a file of one's own. */
  media: z
    .union([z.string(), z.object({ base64: z.string(), mimeType: z.string(), fileName: z.string().default('file') })])
    .optional(),
  fileName: z.string().optional(),
  latitude: z.number().default(38.7139),
  longitude: z.number().default(-9.1394),
  /** Name of the place. */
  title: z.string().optional(),
  address: z.string().optional(),
  live: z.boolean().default(false),
  contacts: z.array(Card).optional(),
  /** A video sent as a round note. */
  round: z.boolean().default(false),
  /** Numbers of the members who are mentioned. */
  mentions: z.array(z.string()).optional(),
  /** Wrapped as WhatsApp wraps what disappears, or may be seen once. */
  wrap: z
    .enum([
      'ephemeralMessage',
      'viewOnceMessage',
      'viewOnceMessageV2',
      'viewOnceMessageV2Extension',
      'documentWithCaptionMessage',
    ])
    .optional(),
  /** Of a choice: what was tapped, and its id over there. */
  style: z.enum(['template-button', 'button', 'list', 'flow']).default('button'),
  id: z.string().optional(),
  description: z.string().optional(),
  data: z.unknown().optional(),
  /** Of a poll: what can be chosen; of a vote: what was. */
  options: z.array(z.string()).optional(),
  selectable: z.int().optional(),
  items: z
    .array(z.object({ product: z.string(), quantity: z.number(), price: z.number(), currency: z.string() }))
    .optional(),
  /** Provider's word for what is unsupported, or for what the system says. */
  type: z.string().optional(),
  newPhone: z.string().optional(),
  referral: z.union([z.boolean(), z.record(z.string(), z.unknown())]).optional(),

  /** Of typing: how; of a connection: what becomes of it; of a preference: `stop` or `resume`. */
  state: z.string().optional(),
  /** Of a status: the next one of `target`. */
  status: z.string().optional(),
  /** Of a failure, a lost connection, or a file that could not be fetched. */
  code: z.int().optional(),
  /** Of a change in a group. */
  action: z.enum(['add', 'remove', 'promote', 'demote']).default('add'),
  participants: z.array(z.string()).optional(),

  /** Of something raw, and of an event of the account: the provider's name of it. */
  event: z.string().optional(),
  /** Raw: the exact body of the call. */
  body: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  signature: z.enum(['good', 'bad', 'missing', 'unescaped', 'sha1']).optional(),

  /** How many times the webhook arrives. */
  dup: z.int().min(1).max(50).default(1),
  /** The provider hears the first answer to its webhook too late, and asks again. */
  unheard: z.boolean().default(false),
  /** Which form customers' addresses take; each provider names its own. */
  lid: z.string().optional(),
  bytes: z.enum(['indexed', 'base64', 'buffer']).optional(),
  ts: z.enum(['number', 'string', 'long']).optional(),
  /** The customer's number stays hidden; `username` is what is shown. */
  hidePhone: z.boolean().optional(),
  username: z.string().optional(),
  /** A person plays this customer now: no more answers from the recorded chat. */
  person: z.boolean().default(false),
});
export type Receive = z.infer<typeof Receive>;

/** Just some words. */
export const words = (text: string): Receive => Receive.parse({ text });

/** A message of the past, which no webhook tells of. */
export const Past = z.object({
  from: z.string(),
  name: z.string().optional(),
  kind: z.enum(kinds).default('text'),
  text: z.string().optional(),
  at: Moment,
  direction: z.enum(['inbound', 'outbound']).default('inbound'),
  externalId: z.string().optional(),
  group: z.string().optional(),
  status: z.enum(['sent', 'delivered', 'read', 'failed']).default('read'),
  answers: z.array(z.string()).optional(),
  replyTo: z.string().optional(),
  target: z.string().optional(),
  emoji: z.string().optional(),
});
export type Past = z.infer<typeof Past>;

import type { ProviderName } from '@parley/contracts/accounts';
import type { Content } from '@parley/contracts/content';
import type { ConversationStatus } from '@parley/contracts/conversations';
import type { DeliveryStatus, Refusal } from '@parley/contracts/messages';

/** First part of a demo member's address. */
export type Login = 'admin' | 'manager' | 'agent' | 'agent2';

/** One entry of a scripted thread. */
export interface Line {
  /** Minutes before the seeding. */
  ago: number;
  /** The customer, a member, our own phone, another program, or a note that only the team sees. */
  by: 'customer' | Login | 'phone' | 'elsewhere' | `note:${Login}`;
  content: Content;
  /** Names it for lines that quote it. */
  key?: string;
  quotes?: string;
  forwarded?: boolean;
  /** Who wrote it in a group: the place in its list of members. */
  member?: number;
  reactions?: { by: 'customer' | 'us'; emoji: string }[];
  /** Of ours; read unless said. */
  status?: DeliveryStatus;
  reason?: Refusal;
  /** What it said before it was edited. */
  was?: string;
  deleted?: true;
}

/** Somebody's conversation as the demo shows it. */
export interface Script {
  provider: ProviderName;
  /** Null: nobody named them. A group's subject. */
  name: string | null;
  /** E.164; of a group nothing. */
  phone?: string;
  members?: { name: string; phone: string; admin?: true }[];
  status?: ConversationStatus;
  assignee?: Login;
  labels?: string[];
  /** Everybody has seen all of it. Resolved ones are. */
  seen?: true;
  lines: Line[];
  /** With what the customer answers what is written next. */
  answers: string[];
}

type More = Partial<Omit<Line, 'ago' | 'by' | 'content'>>;

export const text = (words: string): Content => ({ type: 'text', text: words });
const contentOf = (said: string | Content) => (typeof said === 'string' ? text(said) : said);

/** The customer wrote it, so many minutes ago. */
export const they = (ago: number, said: string | Content, more: More = {}): Line => ({
  ago,
  by: 'customer',
  content: contentOf(said),
  ...more,
});

/** A member, the phone or another program wrote it. */
export const we = (ago: number, by: Login | 'phone' | 'elsewhere', said: string | Content, more: More = {}): Line => ({
  ago,
  by,
  content: contentOf(said),
  ...more,
});

export const note = (ago: number, by: Login, words: string): Line => ({ ago, by: `note:${by}`, content: text(words) });

export const hours = (n: number) => n * 60;
export const days = (n: number) => n * 1440;

const media = {
  type: 'media',
  mimeType: null,
  fileName: null,
  sizeBytes: null,
  durationMs: null,
  width: null,
  height: null,
  caption: null,
} as const;

export const photo = (caption: string | null = null): Content => ({
  ...media,
  kind: 'image',
  mimeType: 'image/jpeg',
  width: 960,
  height: 720,
  sizeBytes: 83_412,
  caption,
});
export const voice = (seconds: number): Content => ({
  ...media,
  kind: 'voice',
  mimeType: 'audio/ogg; codecs=opus',
  durationMs: seconds * 1000,
  sizeBytes: seconds * 2400,
});
export const video = (caption: string | null = null): Content => ({
  ...media,
  kind: 'video',
  mimeType: 'video/mp4',
  width: 480,
  height: 270,
  durationMs: 4000,
  sizeBytes: 901_221,
  caption,
});
export const pdf = (fileName: string, caption: string | null = null): Content => ({
  ...media,
  kind: 'document',
  mimeType: 'application/pdf',
  fileName,
  sizeBytes: 48_210,
  caption,
});
export const sticker: Content = { ...media, kind: 'sticker', mimeType: 'image/webp', width: 512, height: 512 };
/** Where the simulated customers are, unless they say. */
export const place = (name: string, address: string): Content => ({
  type: 'location',
  latitude: 38.7139,
  longitude: -9.1394,
  name,
  address,
  live: false,
});
export const card = (name: string, phone: string): Content => ({
  type: 'contacts',
  contacts: [{ name, phones: [phone], emails: [], organisation: null }],
});
/** Approved at the simulated business account. */
export const orderReady = (customer: string, order: string): Content => ({
  type: 'template',
  name: 'order_ready',
  language: 'en_US',
  parameters: [
    { place: 'header', name: '1', value: order },
    { place: 'body', name: '1', value: customer },
    { place: 'body', name: '2', value: order },
    { place: 'button', name: '2', value: order },
  ],
  text: `Hello ${customer}, order ${order} is ready for pickup.`,
});

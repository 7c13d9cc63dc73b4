import { z } from 'zod';
import { Id, text } from './primitives';

/** Longest text that Parley keeps; each channel's own limit is in its capabilities. */
export const MAX_TEXT = 10_000;

export const mediaKinds = ['image', 'video', 'audio', 'voice', 'document', 'sticker'] as const;

export const fileStates = ['pending', 'ready', 'failed'] as const;
/** How far a file has come. Its bytes are behind `GET /inbox/files/:id/link`, once it is ready. */
const StoredFile = z.object({
  id: Id,
  state: z.enum(fileStates),
  /** Its bytes are of another type than its sender said: to be opened with care. */
  suspicious: z.boolean(),
  /** Why it failed, in plain words. */
  detail: z.string().nullable(),
  /** Of a picture: a small one of it is at the link's address, followed by `/small`. */
  small: z.literal(true).optional(),
});
export type StoredFile = z.infer<typeof StoredFile>;

const Text = z.object({ type: z.literal('text'), text: z.string() });
const Media = z.object({
  type: z.literal('media'),
  kind: z.enum(mediaKinds),
  mimeType: z.string().nullable(),
  fileName: z.string().nullable(),
  sizeBytes: z.number().nullable(),
  durationMs: z.number().nullable(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  caption: z.string().nullable(),
  /** Absent: the file was never fetched, nor can it be. Type and size are the sender's word until it is ready. */
  file: StoredFile.optional(),
});
const Location = z.object({
  type: z.literal('location'),
  latitude: z.number(),
  longitude: z.number(),
  name: z.string().nullable(),
  address: z.string().nullable(),
  live: z.boolean(),
});
const Contacts = z.object({
  type: z.literal('contacts'),
  contacts: z.array(
    z.object({
      name: z.string(),
      phones: z.array(z.string()),
      emails: z.array(z.string()),
      organisation: z.string().nullable(),
    }),
  ),
});
/** What a customer chose from buttons or a list. `id` is the sender's own, for automations. */
const Choice = z.object({
  type: z.literal('choice'),
  id: z.string().nullable(),
  text: z.string(),
  description: z.string().nullable(),
});
const Poll = z.object({
  type: z.literal('poll'),
  question: z.string(),
  options: z.array(z.string()),
  selectable: z.int(),
  /** How many chose each, as the channel told last. Absent: it told nothing yet. */
  votes: z.array(z.object({ option: z.string(), count: z.int() })).optional(),
});
const Order = z.object({
  type: z.literal('order'),
  text: z.string().nullable(),
  items: z.array(
    z.object({
      product: z.string(),
      quantity: z.number(),
      price: z.number().nullable(),
      currency: z.string().nullable(),
    }),
  ),
});
const Call = z.object({
  type: z.literal('call'),
  video: z.boolean(),
  outcome: z.enum(['ringing', 'answered', 'missed', 'rejected', 'ended']),
});
/** A kind that Parley cannot show; `kind` is the provider's word. */
const Unsupported = z.object({ type: z.literal('unsupported'), kind: z.string() });
/** Something arrived here that could not be read. It is kept and can be replayed. */
const Unreadable = z.object({ type: z.literal('unreadable') });

export const templateParameterPlaces = ['header', 'body', 'button'] as const;
const TemplateParameter = z.object({
  place: z.enum(templateParameterPlaces),
  /** Name of a named parameter, or its number from "1". For a button: its index among all buttons, from "0". */
  name: text().max(64),
  value: text().min(1).max(1024),
});
export type TemplateParameter = z.infer<typeof TemplateParameter>;
/** `text` is the body with its values in place, as the customer reads it. */
const SentTemplate = z.object({
  type: z.literal('template'),
  name: z.string(),
  language: z.string(),
  parameters: z.array(TemplateParameter),
  text: z.string(),
});

/** Lines that nobody wrote. `by` and `to` are names, as they were then. */
const System = z.object({
  type: z.literal('system'),
  event: z.enum([
    'reopened',
    'resolved',
    'pending',
    'opened',
    'assigned',
    'unassigned',
    'given_to_team',
    'taken_from_team',
    'labelled',
    'participants_added',
    'participants_removed',
    'participants_promoted',
    'participants_demoted',
    'title_changed',
    'number_changed',
  ]),
  by: z.string().nullable(),
  to: z.array(z.string()),
});

/** What a message of a thread shows. */
export const Content = z
  .discriminatedUnion('type', [
    Text,
    Media,
    Location,
    Contacts,
    Choice,
    Poll,
    Order,
    Call,
    Unsupported,
    Unreadable,
    SentTemplate,
    System,
  ])
  .meta({ id: 'Content' });
export type Content = z.infer<typeof Content>;
export type ContentType = Content['type'];

/** What may be sent. A reaction makes no message of its own; an empty `emoji` takes it back. */
export const OutboundContent = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('text'), text: text().trim().min(1).max(MAX_TEXT) }),
    z.object({
      type: z.literal('template'),
      name: text().min(1).max(512),
      language: text().min(2).max(16),
      parameters: z.array(TemplateParameter).max(50).default([]),
    }),
    z.object({ type: z.literal('reaction'), messageId: Id, emoji: text().max(64) }),
    z.object({
      type: z.literal('media'),
      /** Of an upload that is whole, and was not sent yet. */
      fileId: Id,
      caption: text().trim().max(MAX_TEXT).nullable().default(null),
      /** Pixels of a picture or a film, as its sender's screen has them: they hold its place while it loads. */
      width: z.int().min(1).max(100_000).nullable().default(null),
      height: z.int().min(1).max(100_000).nullable().default(null),
    }),
  ])
  .meta({ id: 'OutboundContent' });
export type OutboundContent = z.infer<typeof OutboundContent>;

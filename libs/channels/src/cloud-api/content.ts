import type { Content, mediaKinds } from '@parley/contracts/content';
import { z } from 'zod';
import { peek } from '../json-body';
import type { InboundContent } from '../provider';
import { Numeric, OptionalNumber, OptionalText } from '../shapes';

/** A message, or what an edit says it is now: `type` names the sibling with the content. */
type Typed = { type: string } & Record<string, unknown>;

const Text = z.looseObject({ body: z.string() });

/** Throws ZodError on a known type of another shape. Unknown types are shown as such: the customer did write something. */
export function contentOf(message: Typed): InboundContent {
  const body = message[message.type];
  switch (message.type) {
    case 'text':
      return { type: 'text', text: Text.parse(body).body };
    case 'image':
    case 'video':
    case 'document':
    case 'sticker':
      return media(message.type, body, message);
    case 'audio':
      return media(peek(body, 'voice') === true ? 'voice' : 'audio', body, message);
    case 'location':
      return location(body);
    case 'contacts':
      return { type: 'contacts', contacts: Cards.parse(body).map(card) };
    case 'button':
      return button(body);
    case 'interactive':
      return interactive(body);
    case 'order':
      return order(body);
    case 'unsupported':
      return unsupported(peek(body, 'type'));
    default:
      return unsupported(message.type);
  }
}

const Media = z.looseObject({ mime_type: OptionalText, filename: OptionalText, caption: OptionalText });

/** Meta tells no size. What it could not fetch itself comes with `errors`, perhaps without the media object (131052). */
function media(kind: (typeof mediaKinds)[number], body: unknown, message: Typed): InboundContent {
  const file = Media.parse(body === undefined && Array.isArray(message.errors) ? {} : body);
  return {
    type: 'media',
    kind,
    mimeType: file.mime_type,
    fileName: file.filename,
    sizeBytes: null,
    durationMs: null,
    width: null,
    height: null,
    caption: file.caption,
  };
}

const Place = z.looseObject({ latitude: Numeric, longitude: Numeric, name: OptionalText, address: OptionalText });

function location(body: unknown): InboundContent {
  const { latitude, longitude, name, address } = Place.parse(body);
  return { type: 'location', latitude, longitude, name, address, live: false };
}

/** Any part may be missing, even the name. */
const Card = z.looseObject({
  name: z.looseObject({ formatted_name: OptionalText, first_name: OptionalText, last_name: OptionalText }).nullish(),
  phones: z.array(z.looseObject({ phone: OptionalText, wa_id: OptionalText })).nullish(),
  emails: z.array(z.looseObject({ email: OptionalText })).nullish(),
  org: z.looseObject({ company: OptionalText }).nullish(),
});
const Cards = z.array(Card);

function card({ name, phones, emails, org }: z.infer<typeof Card>) {
  const numbers = (phones ?? []).flatMap(({ phone, wa_id }) => phone ?? (wa_id === null ? [] : `+${wa_id}`));
  const parts = [name?.first_name, name?.last_name].filter((part) => part != null).join(' ');
  return {
    name: name?.formatted_name ?? (parts || (org?.company ?? numbers[0] ?? '')),
    phones: numbers,
    emails: (emails ?? []).flatMap(({ email }) => email ?? []),
    organisation: org?.company ?? null,
  };
}

const Button = z.looseObject({ text: OptionalText, payload: OptionalText });

/** The quick reply of a template. */
function button(body: unknown): InboundContent {
  const { text, payload } = Button.parse(body);
  return choice(payload, text ?? payload ?? '');
}

const Reply = z.looseObject({ id: OptionalText, title: OptionalText, description: OptionalText });
const Flow = z.looseObject({ name: OptionalText, body: OptionalText, response_json: OptionalText });

/** Replies to the buttons, lists and flows of session messages. The object itself may be missing. */
function interactive(body: unknown): InboundContent {
  const kind = peek(body, 'type');
  switch (kind) {
    case 'button_reply':
    case 'list_reply': {
      const { id, title, description } = Reply.parse(peek(body, kind));
      return choice(id, title ?? id ?? '', description);
    }
    case 'nfm_reply': {
      const flow = Flow.parse(peek(body, kind));
      return choice(flow.name, flow.body ?? flow.name ?? '', flow.response_json && answersIn(flow.response_json));
    }
    default:
      return unsupported(kind ?? 'interactive');
  }
}

/** What somebody filled in, as "size: M". `response_json` is JSON in a string; the token in it is for machines. */
function answersIn(json: string): string | null {
  let answers: unknown;
  try {
    answers = JSON.parse(json);
  } catch {
    return null;
  }
  if (answers === null || typeof answers !== 'object') return null;
  const lines = Object.entries(answers).flatMap(([name, value]) =>
    name === 'flow_token' || value === null || typeof value === 'object' ? [] : `${name}: ${String(value)}`,
  );
  return lines.join('\n') || null;
}

const Product = z.looseObject({
  product_retailer_id: z.string(),
  quantity: Numeric,
  item_price: OptionalNumber,
  currency: OptionalText,
});
const Order = z.looseObject({ text: OptionalText, product_items: z.array(Product) });

function order(body: unknown): Extract<Content, { type: 'order' }> {
  const { text, product_items } = Order.parse(body);
  const items = product_items.map((item) => ({
    product: item.product_retailer_id,
    quantity: item.quantity,
    price: item.item_price,
    currency: item.currency,
  }));
  return { type: 'order', text, items };
}

function choice(id: string | null, text: string, description: string | null = null): InboundContent {
  return { type: 'choice', id, text, description };
}

/** Polls, view-once, albums, live locations and what comes next. */
function unsupported(kind: unknown): InboundContent {
  return { type: 'unsupported', kind: typeof kind === 'string' && kind !== '' ? kind.slice(0, 64) : 'unknown' };
}

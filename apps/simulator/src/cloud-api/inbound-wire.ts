import type { Chat, Message } from '../world/chats';
import type { Card, Content, MediaContent } from '../world/content';
import { isMedia } from '../world/content';
import type { HeldFiles } from './files';
import type { People } from './people';
import type { Line, State } from './state';

type Json = Record<string, unknown>;

/** Who wrote, in a message: number and user id, as far as the business may see them. */
export function senderFields(state: State, people: People, line: Line, person: Chat): { message: Json; contact: Json } {
  const userId = line.settings.userIds ? people.userIdOf(line, person) : undefined;
  const phone = person.hidden ? undefined : person.key;
  const profile = { name: person.name, ...(person.username && { username: person.username }) };
  return {
    message: { ...(phone && { from: phone }), ...(userId && { from_user_id: userId }) },
    contact: { profile, ...(phone && { wa_id: phone }), ...(userId && { user_id: userId }) },
  };
}

/** The typed part of an object of `messages[]` (contract §3.2). */
export function toWire(content: Content, line: Line, files: HeldFiles): Json {
  if (isMedia(content)) return mediaWire(content, line, files);
  switch (content.kind) {
    case 'text':
      return { type: 'text', text: { body: content.text } };
    case 'location':
      return content.live ? unsupported('live_location') : { type: 'location', location: locationWire(content) };
    case 'contacts':
      return { type: 'contacts', contacts: content.contacts.map(contactWire) };
    case 'choice':
      return choiceWire(content);
    case 'order':
      return { type: 'order', order: orderWire(content) };
    case 'reaction':
      return {
        type: 'reaction',
        reaction: { message_id: content.target, ...(content.text && { emoji: content.text }) },
      };
    case 'welcome':
      return { type: 'request_welcome' };
    case 'poll':
      return unsupported('poll');
    case 'unsupported':
      return unsupported(content.text);
    case 'system':
    case 'template':
    case 'interactive':
      return unsupported(content.kind);
  }
}

export function unsupported(type: string, code = 131051): Json {
  const title = 'Message type unknown';
  const errors = [{ code, title, message: title, error_data: { details: 'Message type is currently not supported.' } }];
  return { type: 'unsupported', errors, unsupported: { type } };
}

/** A file that Meta could not fetch: its kind, and why. */
export function failedMedia(type: string, code: number): Json {
  const title = 'Media download error';
  return {
    type: type === 'voice' ? 'audio' : type,
    errors: [{ code, title, message: title, error_data: { details: 'Failed to download the media.' } }],
  };
}

function mediaWire(content: MediaContent, line: Line, files: HeldFiles): Json {
  const held = files.hold(line, content.media, 'webhook');
  const file = files.fileOf(held);
  const type = content.kind === 'voice' ? 'audio' : content.kind;
  const common = { id: held.id, mime_type: file.mimeType, sha256: file.sha256.base64 };
  const caption = content.text && type !== 'audio' && type !== 'sticker' ? { caption: content.text } : {};
  const name = type === 'document' ? { filename: content.fileName ?? file.fileName } : {};
  const kind = type === 'audio' ? { voice: content.kind === 'voice' } : type === 'sticker' ? { animated: false } : {};
  return { type, [type]: { ...common, ...name, ...caption, ...kind, url: files.urlOf(held) } };
}

function locationWire({ latitude, longitude, title, address, url }: Extract<Content, { kind: 'location' }>): Json {
  return { latitude, longitude, ...(title && { name: title }), ...(address && { address }), ...(url && { url }) };
}

function contactWire(card: Card): Json {
  const [first, ...rest] = card.name.split(' ');
  return {
    name: { formatted_name: card.name, first_name: first, ...(rest.length && { last_name: rest.join(' ') }) },
    ...(card.phone && { phones: [{ phone: card.phone, wa_id: card.phone.replace(/\D/g, ''), type: 'CELL' }] }),
    ...(card.email && { emails: [{ email: card.email, type: 'WORK' }] }),
    ...(card.organisation && { org: { company: card.organisation } }),
  };
}

function choiceWire({ style, id, text, description, data }: Extract<Content, { kind: 'choice' }>): Json {
  switch (style) {
    case 'template-button':
      return { type: 'button', button: { payload: id, text } };
    case 'button':
      return { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id, title: text } } };
    case 'list':
      return {
        type: 'interactive',
        interactive: { type: 'list_reply', list_reply: { id, title: text, ...(description && { description }) } },
      };
    case 'flow': {
      const response_json = JSON.stringify({ flow_token: id, ...data });
      return {
        type: 'interactive',
        interactive: { type: 'nfm_reply', nfm_reply: { name: 'flow', body: 'Sent', response_json } },
      };
    }
  }
}

function orderWire({ catalog, text, items }: Extract<Content, { kind: 'order' }>): Json {
  const product_items = items.map(({ product, quantity, price, currency }) => ({
    product_retailer_id: product,
    quantity,
    item_price: price,
    currency,
  }));
  return { catalog_id: catalog, ...(text && { text }), product_items };
}

/** `context`: what is quoted, or that it was passed on. */
export function contextOf(state: State, people: People, line: Line, message: Message): Json {
  const forwarded = 'forwarded' in message.content ? message.content.forwarded : undefined;
  const mark = forwarded === 'often' ? { frequently_forwarded: true } : forwarded ? { forwarded: true } : {};
  if (!message.quoted) return forwarded ? { context: mark } : {};
  const quoted = state.world.chats.message(line, message.quoted);
  const person = quoted && !quoted.ours ? state.world.chats.find(line, quoted.author ?? quoted.chat) : undefined;
  const author = person ? senderFields(state, people, line, person).message : { from: line.phone };
  return { context: { ...author, id: message.quoted, ...mark } };
}

export const adReferral = {
  source_url: 'https://fb.me/ad1',
  source_id: '120988',
  source_type: 'ad',
  headline: 'Spring tune-up',
  body: '20% off',
  media_type: 'image',
  image_url: 'https://scontent.example/ad1.jpg',
  ctwa_clid: 'ARAk_example',
};

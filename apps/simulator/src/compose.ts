import { ControlError } from './provider';
import type { Receive } from './receive';
import type { Content, MediaKind } from './world/content';
import type { Media } from './world/media';

/** The message that a customer writes, from what was asked for; what was left out gets a likely value. */
export function compose(event: Receive, media: Media): Content {
  const forwarded = event.forwarded ? (event.forwarded === 'often' ? 'often' : 'once') : undefined;
  switch (event.kind) {
    case 'text':
      return { kind: 'text', text: event.text ?? 'Hello', ...(forwarded && { forwarded }) };
    case 'image':
    case 'video':
    case 'audio':
    case 'voice':
    case 'document':
    case 'sticker':
      return { ...mediaContent(event.kind, event, media), ...(forwarded && { forwarded }) };
    case 'location':
      return location(event);
    case 'contact':
    case 'contacts':
      return {
        kind: 'contacts',
        contacts: event.contacts ?? [{ name: event.text ?? 'Ted Orr', phone: '+15550203311' }],
      };
    case 'choice':
      return {
        kind: 'choice',
        style: event.style,
        id: event.id ?? 'ok',
        text: event.text ?? 'Confirm',
        ...described(event),
      };
    case 'poll':
      return {
        kind: 'poll',
        text: event.text ?? 'Lunch?',
        options: event.options ?? ['Soup', 'Rice'],
        selectable: event.selectable ?? 1,
      };
    case 'order':
      return {
        kind: 'order',
        text: event.text,
        catalog: '600411',
        items: event.items ?? [{ product: 'SKU-9', quantity: 2, price: 19.5, currency: 'USD' }],
      };
    case 'system':
      return {
        kind: 'system',
        text: event.text ?? '',
        event: event.type ?? 'user_changed_number',
        newPhone: event.newPhone,
      };
    case 'welcome':
      return { kind: 'welcome' };
    case 'unsupported':
      return { kind: 'unsupported', text: event.type ?? 'poll' };
    case 'reaction':
      return { kind: 'reaction', text: event.emoji ?? event.text ?? '👍', target: event.target ?? '' };
    default:
      throw new ControlError(422, `A "${event.kind}" is no message`);
  }
}

function mediaContent(kind: MediaKind, event: Receive, media: Media): Extract<Content, { kind: MediaKind }> {
  const file = fileOf(kind, event, media);
  const fileName = event.fileName ?? (kind === 'document' ? file.fileName : undefined);
  return {
    kind,
    media: file.id,
    text: event.text,
    fileName,
    seconds: file.seconds,
    ...(event.round && { round: true }),
  };
}

function fileOf(kind: MediaKind, event: Receive, media: Media) {
  if (typeof event.media !== 'object') return media.sample(kind, event.media);
  const { base64, mimeType, fileName } = event.media;
  return media.keep(Buffer.from(base64, 'base64'), { mimeType, fileName });
}

function location(event: Receive): Content {
  const { latitude, longitude, title, address, live, text } = event;
  return { kind: 'location', latitude, longitude, title, address, live, text };
}

function described(event: Receive) {
  const data =
    typeof event.data === 'object' && event.data !== null ? { data: event.data as Record<string, unknown> } : {};
  return { ...(event.description !== undefined && { description: event.description }), ...data };
}

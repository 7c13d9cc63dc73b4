import type { Card, Content, MediaContent } from '../world/content';
import { isMedia } from '../world/content';
import type { Media, MediaFile } from '../world/media';
import { hexOf } from '../world/ids';

export interface Form {
  bytes: 'indexed' | 'base64' | 'buffer';
  ts: 'number' | 'string' | 'long';
}

interface Wire {
  messageType: string;
  message: Record<string, unknown>;
}

/** A message as Baileys and the server's normalisation leave it (contract §3.3). */
export function toWire(content: Content, media: Media, form: Form): Wire {
  if (isMedia(content)) return mediaWire(content, media, form);
  switch (content.kind) {
    case 'text':
    case 'template':
    case 'interactive':
      return wire('conversation', content.text);
    case 'location':
      return locationWire(content, form);
    case 'contacts':
      return contactsWire(content.contacts);
    case 'choice':
      return choiceWire(content);
    case 'poll':
      return wire('pollCreationMessageV3', {
        name: content.text,
        options: content.options.map((optionName) => ({ optionName })),
        selectableOptionsCount: content.selectable,
      });
    case 'order':
      return wire('orderMessage', {
        orderId: content.catalog,
        itemCount: content.items.length,
        message: content.text ?? '',
      });
    case 'reaction':
      return wire('reactionMessage', { text: content.text });
    case 'system':
    case 'welcome':
      return wire('placeholderMessage', { type: 'MASK_LINKED_DEVICES' });
    case 'unsupported':
      return wire(content.text.endsWith('Message') ? content.text : 'placeholderMessage', {
        type: 'MASK_LINKED_DEVICES',
      });
  }
}

const wire = (messageType: string, body: unknown): Wire => ({ messageType, message: { [messageType]: body } });

function mediaWire(content: MediaContent, media: Media, form: Form): Wire {
  const file = media.find(content.media) ?? media.sample(content.kind);
  const common = { ...encrypted(file, form), mimetype: file.mimeType, fileLength: toLong(file.sizeBytes, form) };
  const size = file.width ? { height: file.height, width: file.width } : {};
  const caption = content.text === undefined ? {} : { caption: content.text };
  const seconds = content.seconds ?? file.seconds ?? 0;
  switch (content.kind) {
    case 'image':
      return wire('imageMessage', { ...common, ...caption, ...size, jpegThumbnail: toBytes(thumbnail, form) });
    case 'video':
      if (content.round) return wire('ptvMessage', { ...common, seconds });
      return wire('videoMessage', {
        ...common,
        caption: content.text ?? '',
        seconds,
        ...size,
        gifPlayback: false,
        jpegThumbnail: toBytes(thumbnail, form),
      });
    case 'audio':
      return wire('audioMessage', { ...common, seconds, ptt: false });
    case 'voice':
      return wire('audioMessage', {
        ...common,
        seconds,
        ptt: true,
        waveform: toBytes(
          Buffer.from(hexOf(file.id, 64), 'hex').map((byte) => byte % 100),
          form,
        ),
      });
    case 'document': {
      const name = content.fileName ?? file.fileName;
      return wire('documentMessage', { ...common, fileName: name, title: name, pageCount: 1, ...caption });
    }
    case 'sticker':
      return wire('stickerMessage', { ...common, ...size, isAnimated: false });
  }
}

/** What WhatsApp says about a file that only the phone can open: never a way to fetch it. */
function encrypted(file: MediaFile, form: Form) {
  const path = `/o1/v/t24/f2/m2/AQ${hexOf(file.id, 24)}`;
  return {
    url: `https://mmg.whatsapp.net${path}?ccb=9-4`,
    directPath: `${path}?ccb=9-4`,
    mediaKey: toBytes(Buffer.from(hexOf(`key ${file.id}`, 64), 'hex'), form),
    fileSha256: toBytes(Buffer.from(file.sha256.hex, 'hex'), form),
    fileEncSha256: toBytes(Buffer.from(hexOf(`enc ${file.id}`, 64), 'hex'), form),
    mediaKeyTimestamp: form.bytes === 'base64' ? '1772615000' : 1772615000,
  };
}

/** A grey square of one pixel: enough to be a picture. */
const thumbnail = Buffer.from(
  '/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k=',
  'base64',
);

function locationWire(content: Extract<Content, { kind: 'location' }>, form: Form): Wire {
  const place = { degreesLatitude: content.latitude, degreesLongitude: content.longitude };
  if (!content.live)
    return wire('locationMessage', {
      ...place,
      ...(content.title && { name: content.title }),
      ...(content.address && { address: content.address }),
    });
  const sequenceNumber = form.bytes === 'base64' ? '7' : { low: 7, high: 0, unsigned: false };
  return wire('liveLocationMessage', {
    ...place,
    accuracyInMeters: 12,
    speedInMps: 1.4,
    sequenceNumber,
    caption: content.text ?? '',
  });
}

function contactsWire(contacts: Card[]): Wire {
  const cards = contacts.map((card) => ({ displayName: card.name, vcard: vcard(card) }));
  if (cards.length === 1) return wire('contactMessage', cards[0]);
  return wire('contactsArrayMessage', { displayName: `${cards.length} contacts`, contacts: cards });
}

function vcard(card: Card): string {
  const lines = ['BEGIN:VCARD', 'VERSION:3.0', `FN:${card.name}`];
  if (card.organisation) lines.push(`ORG:${card.organisation}`);
  if (card.phone) lines.push(`TEL;type=CELL;waid=${card.phone.replace(/\D/g, '')}:${card.phone}`);
  if (card.email) lines.push(`EMAIL:${card.email}`);
  return [...lines, 'END:VCARD'].join('\n');
}

function choiceWire(content: Extract<Content, { kind: 'choice' }>): Wire {
  const { id, text } = content;
  switch (content.style) {
    case 'button':
      return wire('buttonsResponseMessage', { selectedButtonId: id, selectedDisplayText: text });
    case 'template-button':
      return wire('templateButtonReplyMessage', { selectedId: id, selectedDisplayText: text, selectedIndex: 0 });
    case 'list':
      return wire('listResponseMessage', {
        title: text,
        singleSelectReply: { selectedRowId: id },
        description: content.description ?? '',
      });
    case 'flow':
      return wire('interactiveResponseMessage', {
        body: { text },
        nativeFlowResponseMessage: { name: 'quick_reply', paramsJson: JSON.stringify({ id, ...content.data }) },
      });
  }
}

/** Bytes the way a version of the server writes them (contract §3.1). */
function toBytes(bytes: Uint8Array, form: Pick<Form, 'bytes'>): unknown {
  if (form.bytes === 'base64') return Buffer.from(bytes).toString('base64');
  if (form.bytes === 'buffer') return { type: 'Buffer', data: [...bytes] };
  return Object.fromEntries(bytes.entries());
}

function toLong(value: number, form: Form): unknown {
  return form.bytes === 'base64' ? String(value) : { low: value, high: 0, unsigned: true };
}

/** Seconds, as a number, as text, or as the two halves of 64 bits. */
export function toTimestamp(atMs: number, form: Form): unknown {
  const seconds = Math.floor(atMs / 1000);
  if (form.ts === 'string') return String(seconds);
  return form.ts === 'long' ? { low: seconds, high: 0, unsigned: true } : seconds;
}

/** The server's own id of a stored row, which is not WhatsApp's. */
export const rowId = (messageId: string) => `cm${hexOf(messageId, 22)}`;

import type { mediaKinds } from '@parley/contracts/content';
import { z } from 'zod';
import type { InboundContent } from '../provider';
import { peek } from '../json-body';
import { Numeric, OptionalNumber, OptionalText } from '../shapes';
import { readVcard } from '../vcard';
import { Unreadable } from '../unreadable';

/** What a WhatsApp message holds: its kind is the first key that is content, once the wrappers are off. */
export interface Held {
  kind: string;
  body: unknown;
}

/** `{ message }` around a message. Evolution takes only some of them off (contract §3.1; the last ones are WhatsApp's newer). */
const WRAPPERS = new Set(
  'ephemeralMessage viewOnceMessage viewOnceMessageV2 viewOnceMessageV2Extension editedMessage documentWithCaptionMessage deviceSentMessage groupMentionedMessage lottieStickerMessage associatedChildMessage pollCreationMessageV4'.split(
    ' ',
  ),
);
/** Beside the content: keys for decryption, and what Evolution's server adds. */
const BESIDE = new Set('messageContextInfo senderKeyDistributionMessage base64 mediaUrl speechToText'.split(' '));
const MAX_WRAPPERS = 10;

/** `null`: nothing in it but what goes beside. */
export function heldIn(message: unknown): Held | null {
  let inside = message;
  for (let depth = 0; depth < MAX_WRAPPERS; depth++) {
    const held = firstContent(inside);
    if (!held || !WRAPPERS.has(held.kind)) return held;
    const next = peek(held.body, 'message');
    if (next === null || typeof next !== 'object') return held; // opened once already: only the wrapper is left
    inside = next;
  }
  throw new Unreadable('The message is wrapped too often');
}

function firstContent(message: unknown): Held | null {
  if (message === null || typeof message !== 'object') return null;
  for (const [kind, body] of Object.entries(message)) {
    if (body !== null && body !== '' && !BESIDE.has(kind)) return { kind, body };
  }
  return null;
}

/** Never a bubble: a header of other messages, an edit that stayed encrypted, marks on other messages. */
const SILENT = new Set(
  'albumMessage secretEncryptedMessage pinInChatMessage keepInChatMessage encReactionMessage protocolMessage reactionMessage'.split(
    ' ',
  ),
);

const Conversation = z.string();
const ExtendedText = z.looseObject({ text: z.string() });

/** What a message says; `null`: nothing that is shown. Throws ZodError on a known kind of another shape. */
export function contentOf({ kind, body }: Held): InboundContent | null {
  if (SILENT.has(kind)) return null;
  if (/^pollCreationMessage(V\d+)?$/.test(kind)) return poll(body);
  switch (kind) {
    case 'conversation':
      return text(Conversation.parse(body));
    case 'extendedTextMessage':
      return text(ExtendedText.parse(body).text);
    case 'imageMessage':
      return media('image', body);
    case 'videoMessage':
    case 'ptvMessage':
      return media('video', body);
    case 'audioMessage':
      return media(peek(body, 'ptt') === true ? 'voice' : 'audio', body);
    case 'documentMessage':
      return media('document', body);
    case 'stickerMessage':
      return media('sticker', body);
    case 'locationMessage':
    case 'liveLocationMessage':
      return location(body, kind === 'liveLocationMessage');
    case 'contactMessage':
      return { type: 'contacts', contacts: [card(body)] };
    case 'contactsArrayMessage':
      return {
        type: 'contacts',
        contacts: z
          .looseObject({ contacts: z.array(z.unknown()) })
          .parse(body)
          .contacts.map(card),
      };
    case 'pollUpdateMessage':
      return vote(body);
    case 'buttonsResponseMessage':
      return buttonReply(body);
    case 'templateButtonReplyMessage':
      return templateReply(body);
    case 'listResponseMessage':
      return listReply(body);
    case 'interactiveResponseMessage':
      return interactiveReply(body);
    case 'placeholderMessage': // what a linked device is given instead of a view-once message
      return { type: 'unsupported', kind: 'placeholder' };
    default:
      return { type: 'unsupported', kind: kind.replace(/Message(V\d+)?$/, '').slice(0, 64) };
  }
}

/** What a quote shows of a message; `undefined` where it has no words, or cannot be read. */
export function wordsOf(message: unknown): string | undefined {
  try {
    const held = heldIn(message);
    const content = held && contentOf(held);
    if (content?.type === 'text') return content.text;
    return content?.type === 'media' ? (content.caption ?? undefined) : undefined;
  } catch {
    return undefined; // the message itself is fine: only what it answers is not
  }
}

const text = (words: string): InboundContent => ({ type: 'text', text: words });

const Media = z.looseObject({
  mimetype: OptionalText,
  fileName: OptionalText,
  caption: OptionalText,
  fileLength: OptionalNumber,
  seconds: OptionalNumber,
  width: OptionalNumber,
  height: OptionalNumber,
});

/** `url` in the payload is end-to-end encrypted and useless as it is: the file is asked for by the message's id. */
function media(kind: (typeof mediaKinds)[number], body: unknown): InboundContent {
  const file = Media.parse(body);
  return {
    type: 'media',
    kind,
    mimeType: file.mimetype,
    fileName: file.fileName,
    sizeBytes: file.fileLength,
    durationMs: file.seconds === null ? null : file.seconds * 1000,
    width: file.width,
    height: file.height,
    caption: file.caption,
  };
}

const Location = z.looseObject({
  degreesLatitude: Numeric,
  degreesLongitude: Numeric,
  name: OptionalText,
  address: OptionalText,
  caption: OptionalText,
});

function location(body: unknown, live: boolean): InboundContent {
  const place = Location.parse(body);
  return {
    type: 'location',
    latitude: place.degreesLatitude,
    longitude: place.degreesLongitude,
    name: place.name ?? place.caption,
    address: place.address,
    live,
  };
}

const Card = z.looseObject({ displayName: OptionalText, vcard: z.string() });

function card(body: unknown) {
  const { vcard, displayName } = Card.parse(body);
  return readVcard(vcard, displayName);
}

const Poll = z.looseObject({
  name: z.string(),
  options: z.array(z.looseObject({ optionName: z.string() })),
  selectableOptionsCount: OptionalNumber,
});

function poll(body: unknown): InboundContent {
  const { name, options, selectableOptionsCount } = Poll.parse(body);
  const selectable = Math.trunc(selectableOptionsCount ?? 0);
  return { type: 'poll', question: name, options: options.map((option) => option.optionName), selectable };
}

const Vote = z.looseObject({ vote: z.looseObject({ selectedOptions: z.array(z.unknown()).nullish() }) });

/** Names only where Evolution could decrypt them; none left is a vote taken back. */
function vote(body: unknown): InboundContent | null {
  const chosen = (Vote.parse(body).vote.selectedOptions ?? []).filter((option) => typeof option === 'string');
  return chosen.length === 0 ? null : choice(null, chosen.join(', '));
}

const ButtonReply = z.looseObject({ selectedButtonId: OptionalText, selectedDisplayText: OptionalText });

function buttonReply(body: unknown): InboundContent {
  const reply = ButtonReply.parse(body);
  return choice(reply.selectedButtonId, reply.selectedDisplayText ?? reply.selectedButtonId ?? '');
}

const TemplateReply = z.looseObject({ selectedId: OptionalText, selectedDisplayText: OptionalText });

function templateReply(body: unknown): InboundContent {
  const reply = TemplateReply.parse(body);
  return choice(reply.selectedId, reply.selectedDisplayText ?? reply.selectedId ?? '');
}

const Row = z.looseObject({ selectedRowId: OptionalText });
const ListReply = z.looseObject({ title: OptionalText, description: OptionalText, singleSelectReply: Row.nullish() });

function listReply(body: unknown): InboundContent {
  const { title, description, singleSelectReply } = ListReply.parse(body);
  const row = singleSelectReply?.selectedRowId ?? null;
  return choice(row, title ?? row ?? '', description);
}

const Flow = z.looseObject({ name: OptionalText, paramsJson: OptionalText });
const InteractiveReply = z.looseObject({
  body: z.looseObject({ text: OptionalText }).nullish(),
  nativeFlowResponseMessage: Flow.nullish(),
});

function interactiveReply(body: unknown): InboundContent {
  const { body: shown, nativeFlowResponseMessage: flow } = InteractiveReply.parse(body);
  const id = flow?.paramsJson ? idIn(flow.paramsJson) : null;
  return choice(id, shown?.text ?? id ?? flow?.name ?? '');
}

function choice(id: string | null, words: string, description: string | null = null): InboundContent {
  return { type: 'choice', id, text: words, description };
}

/** `paramsJson` is JSON in a string, of the sender's own making. */
function idIn(json: string): string | null {
  try {
    const id = peek(JSON.parse(json), 'id');
    return typeof id === 'string' ? id : null;
  } catch {
    return null;
  }
}

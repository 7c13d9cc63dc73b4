import type { Button, Card, Content } from '../world/content';
import { badMedia, badValue, missingParameter, parameter, unsupportedType } from './errors';
import { fits, type HeldFiles } from './files';
import type { Line } from './state';
import { checkTemplate } from './template-check';
import type { Templates } from './templates';

type Json = Record<string, unknown>;

/** A message that Meta would accept, before anything happens to it. */
export interface Draft {
  content: Content;
  /** A link whose file is fetched only after the message was accepted. */
  link?: string;
  tag?: string;
  quoted?: string;
}

/** What a call is checked against. */
interface Desk {
  line: Line;
  files: HeldFiles;
  templates: Templates;
}

const MEDIA = ['image', 'video', 'audio', 'document', 'sticker'] as const;
const WITH_CAPTION = ['image', 'video', 'document'];

/** Checks a call to `/messages` in Meta's order (contract §4.1, §4.2, §7). Throws the error that it answers. */
export function checkSend(desk: Desk, body: Json): Draft {
  if (body.messaging_product !== 'whatsapp') throw parameter('The parameter messaging_product is required.');
  if (body.to === undefined && body.recipient === undefined) throw parameter('The parameter to is required.');
  const tag = body.biz_opaque_callback_data;
  if (tag !== undefined && (typeof tag !== 'string' || tag.length > 512))
    throw badValue('biz_opaque_callback_data must be a string of at most 512 characters');
  const type = String(body.type ?? 'text');
  const part = objectOf(body, type);
  const context = body.context as Json | undefined;
  if (context && type === 'reaction') throw badValue('context cannot be combined with a reaction');
  const quoted = context?.message_id === undefined ? undefined : String(context.message_id);
  return { ...contentOf(desk, type, part), tag, quoted };
}

function objectOf(body: Json, type: string): Json {
  const known = [...MEDIA, 'text', 'location', 'contacts', 'reaction', 'interactive', 'template'];
  if (!known.includes(type)) throw unsupportedType(`Message type "${type}" is not supported`);
  const part = body[type];
  if (typeof part !== 'object' || part === null)
    throw missingParameter(`Parameter ${type} is required for type ${type}`);
  return part as Json;
}

function contentOf(desk: Desk, type: string, part: Json): Draft {
  switch (type) {
    case 'text':
      return { content: { kind: 'text', text: text(part, 'body', 4096) } };
    case 'location':
      return { content: locationOf(part) };
    case 'contacts':
      return { content: contactsOf(part as unknown) };
    case 'reaction':
      return { content: { kind: 'reaction', target: text(part, 'message_id', 512), text: String(part.emoji ?? '') } };
    case 'interactive':
      return { content: interactiveOf(part) };
    case 'template':
      return templateOf(desk, part);
    default:
      return mediaOf(desk, type, part);
  }
}

function mediaOf(desk: Desk, type: string, part: Json): Draft {
  const [id, link] = [part.id, part.link];
  if ((id === undefined) === (link === undefined)) throw badValue(`Exactly one of id and link is needed in ${type}`);
  if (part.caption !== undefined && !WITH_CAPTION.includes(type)) throw badValue(`${type} takes no caption`);
  const caption = part.caption === undefined ? undefined : text(part, 'caption', 1024, true);
  const kind = type === 'audio' && part.voice === true ? 'voice' : (MEDIA.find((each) => each === type) ?? 'document');
  const fileName = typeof part.filename === 'string' ? part.filename : undefined;
  if (typeof link === 'string') {
    if (!/^https?:\/\//.test(link)) throw badValue(`${type}.link must be a link`);
    return { content: { kind, media: '', text: caption, fileName }, link };
  }
  return { content: { kind, media: heldFile(desk, type, String(id)), text: caption, fileName } };
}

function heldFile({ line, files }: Desk, type: string, id: string): string {
  const held = files.find(line, id);
  if (!held)
    throw parameter(`Invalid parameter: ${type}.id ${id} is not a valid whatsapp business account media attachment ID`);
  if (!fits(type, files.fileOf(held).mimeType))
    throw badMedia(`${files.fileOf(held).mimeType} cannot be sent as ${type}`);
  return held.file;
}

function templateOf(desk: Desk, part: Json): Draft {
  let link: string | undefined;
  const content = checkTemplate(desk.templates, desk.line.wabaId, part, (media, kind) => {
    const draft = mediaOf(desk, kind, media);
    link = draft.link;
    return 'media' in draft.content ? draft.content.media || undefined : undefined;
  });
  return { content, link };
}

function locationOf(part: Json): Content {
  const [latitude, longitude] = [Number(part.latitude), Number(part.longitude)];
  if (part.latitude === undefined || part.longitude === undefined)
    throw missingParameter('location.latitude and location.longitude are required');
  if (Number.isNaN(latitude) || Number.isNaN(longitude))
    throw badValue('location.latitude and location.longitude must be numbers');
  return { kind: 'location', latitude, longitude, title: optional(part.name), address: optional(part.address) };
}

function contactsOf(part: unknown): Content {
  if (!Array.isArray(part) || part.length === 0 || part.length > 257)
    throw badValue('contacts must hold 1 to 257 contacts');
  return { kind: 'contacts', contacts: part.map((each: Json) => cardOf(each)) };
}

function cardOf(card: Json): Card {
  const name = (card.name ?? {}) as Json;
  const hasPart = ['first_name', 'last_name', 'middle_name', 'prefix', 'suffix'].some(
    (key) => typeof name[key] === 'string' && name[key],
  );
  if (typeof name.formatted_name !== 'string' || !hasPart)
    throw missingParameter('contacts.name needs formatted_name and at least one more part');
  const [phone] = (card.phones ?? []) as Json[];
  const [email] = (card.emails ?? []) as Json[];
  return {
    name: name.formatted_name,
    phone: optional(phone?.phone),
    email: optional(email?.email),
    organisation: optional((card.org as Json | undefined)?.company),
  };
}

function interactiveOf(part: Json): Content {
  const type = String(part.type ?? '');
  const action = (part.action ?? {}) as Json;
  const header = optional((part.header as Json | undefined)?.text);
  const footer = optional((part.footer as Json | undefined)?.text);
  if ((header?.length ?? 0) > 60 || (footer?.length ?? 0) > 60)
    throw badValue('header and footer have at most 60 characters');
  const body = (part.body ?? {}) as Json;
  const words = text(body, 'text', type === 'list' ? 4096 : 1024);
  return { kind: 'interactive', text: words, header, footer, buttons: buttonsOf(type, action) };
}

function buttonsOf(type: string, action: Json): Button[] {
  switch (type) {
    case 'button':
      return replyButtons((action.buttons ?? []) as Json[]);
    case 'list':
      return listRows(action);
    case 'cta_url':
      return [{ text: String((action.parameters as Json | undefined)?.display_text ?? 'Open') }];
    case 'flow':
      return [
        {
          text: String((action.parameters as Json | undefined)?.flow_cta ?? 'Start'),
          reply: { style: 'flow', id: String((action.parameters as Json | undefined)?.flow_token ?? '') },
        },
      ];
    case 'location_request_message':
    case 'contact_request':
      return [];
    default:
      throw badValue(`interactive.type "${type}" is not supported`);
  }
}

function replyButtons(buttons: Json[]): Button[] {
  if (buttons.length === 0 || buttons.length > 3) throw badValue('A message has 1 to 3 buttons');
  const made = buttons.map((button) => {
    const reply = (button.reply ?? {}) as Json;
    return { text: text(reply, 'title', 20), reply: { style: 'button' as const, id: text(reply, 'id', 256) } };
  });
  if (
    new Set(made.map((button) => button.text)).size < made.length ||
    new Set(made.map((button) => button.reply.id)).size < made.length
  ) {
    throw badValue('Buttons need titles and ids of their own');
  }
  return made;
}

function listRows(action: Json): Button[] {
  text(action, 'button', 20);
  const sections = (action.sections ?? []) as Json[];
  if (sections.length === 0 || sections.length > 10) throw badValue('A list has 1 to 10 sections');
  if (sections.length > 1) for (const section of sections) text(section, 'title', 24);
  const rows = sections.flatMap((section) => (section.rows ?? []) as Json[]);
  if (rows.length === 0 || rows.length > 10) throw badValue('A list has 1 to 10 rows in total');
  return rows.map((row) => ({
    text: text(row, 'title', 24),
    reply: {
      style: 'list',
      id: text(row, 'id', 200),
      description: row.description === undefined ? undefined : text(row, 'description', 72, true),
    },
  }));
}

/** A text of a part: there, no longer than allowed, and not empty unless that is fine. */
function text(part: Json, name: string, most: number, mayBeEmpty = false): string {
  const value = part[name];
  if (value === undefined || value === null) throw missingParameter(`Parameter ${name} is required`);
  if (typeof value !== 'string' || (!value && !mayBeEmpty)) throw badValue(`${name} must be a text`);
  if (value.length > most) throw badValue(`${name} must have at most ${most} characters`);
  return value;
}

const optional = (value: unknown) => (typeof value === 'string' && value ? value : undefined);

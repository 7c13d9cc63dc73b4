import type { TemplateParameter } from '@parley/contracts/content';
import { peek, peekName } from '../json-body';
import type { MessageRef, Outbound, SendResult } from '../provider';
import type { CloudApiConfig } from './cloud-api.config';
import { failure, notSent } from './errors';
import { FILES, upload } from './files';
import { post } from './graph';
import { addressesOf } from './identity';

/** A 200 says no more than that Meta took it; what became of it comes as statuses, with our reference. */
export async function send(message: Outbound, config: CloudApiConfig, http: typeof fetch): Promise<SendResult> {
  const recipient = recipientOf(message.to);
  if (!recipient)
    return { outcome: 'refused', reason: 'recipient', detail: 'neither a phone nor a user id to send to' };
  const { content } = message;
  const mediaId = content.type === 'media' ? await handOver(content, config, http) : '';
  if (typeof mediaId !== 'string') return mediaId;
  const answer = await post(http, config, `${config.phoneNumberId}/messages`, {
    messaging_product: 'whatsapp',
    ...recipient,
    ...bodyOf(content, mediaId),
    biz_opaque_callback_data: message.reference,
  });
  if (!answer.ok) return notSent(answer);
  const [sent] = listIn(answer.json, 'messages');
  const externalId = peekName(sent, 'id');
  if (externalId === undefined)
    return { outcome: 'unknown', detail: `${answer.status} ${answer.excerpt}`.slice(0, 500) };
  const addresses = message.to.kind === 'direct' ? revealedBy(answer.json) : [];
  return { outcome: 'accepted', externalId, ...(addresses.length > 0 && { addresses }) };
}

/** The number as WhatsApp knows it may differ from the one written to (Brazil's ninth digit). */
function revealedBy(json: unknown) {
  const [contact] = listIn(json, 'contacts');
  return addressesOf([peekName(contact, 'wa_id')], [peekName(contact, 'user_id')]);
}

function listIn(json: unknown, name: string): unknown[] {
  const list = peek(json, name);
  return Array.isArray(list) ? list : [];
}

/** Phones with "+", or Meta may put the business's own country code before them. */
function recipientOf(to: Outbound['to']) {
  if (to.kind === 'group') return { recipient_type: 'group', to: to.externalId };
  const best = to.addresses.find(({ kind }) => kind === 'phone') ?? to.addresses.find(({ kind }) => kind === 'bsuid');
  if (!best) return undefined;
  return { recipient_type: 'individual', [best.kind === 'phone' ? 'to' : 'recipient']: best.address };
}

type Media = Extract<Outbound['content'], { type: 'media' }>;

/** The file's id over there; a result: why there is none, and nothing was sent. */
function handOver(
  { kind, file }: Media,
  config: CloudApiConfig,
  http: typeof fetch,
): Promise<string | SendResult> | SendResult {
  if (FILES.some((rule) => rule.kind === kind)) return upload(file, config, http);
  return { outcome: 'refused', reason: 'content', detail: `nothing is sent as ${kind}` };
}

function bodyOf(content: Outbound['content'], mediaId: string) {
  switch (content.type) {
    case 'text':
      return {
        type: 'text',
        text: { body: content.text, preview_url: /https?:\/\//i.test(content.text) },
        ...contextOf(content.quote),
      };
    case 'template':
      return {
        type: 'template',
        template: {
          name: content.name,
          language: { code: content.language },
          ...componentsOf(content.parameters),
        },
        ...contextOf(content.quote),
      };
    case 'reaction':
      return { type: 'reaction', reaction: { message_id: content.target.externalId, emoji: content.emoji } };
    case 'media':
      return mediaOf(content, mediaId);
  }
}

/** Without a name a document is "Untitled". */
function mediaOf({ kind, file, caption, quote }: Media, id: string) {
  const named = kind === 'document' && { filename: file.name };
  return { type: kind, [kind]: { id, ...(caption !== null && { caption }), ...named }, ...contextOf(quote) };
}

const contextOf = (quote?: MessageRef) => (quote ? { context: { message_id: quote.externalId } } : {});

/** Left out where nothing varies. */
function componentsOf(parameters: TemplateParameter[]) {
  const components = [...textComponents(parameters), ...buttonComponents(parameters)];
  return components.length > 0 ? { components } : {};
}

/** Numbered parameters count by their order, named ones carry their name. */
function textComponents(parameters: TemplateParameter[]) {
  return (['header', 'body'] as const).flatMap((type) => {
    const mine = parameters
      .filter(({ place }) => place === type)
      .toSorted((one, other) => Number(one.name) - Number(other.name) || 0);
    if (mine.length === 0) return [];
    return {
      type,
      parameters: mine.map(({ name, value }) => ({
        type: 'text',
        ...(!/^\d+$/.test(name) && { parameter_name: name }),
        text: value,
      })),
    };
  });
}

/** Of buttons only the end of an address varies: templates with others have an obstacle (see templates.ts). */
function buttonComponents(parameters: TemplateParameter[]) {
  const buttons = parameters.filter(({ place }) => place === 'button');
  return buttons.map(({ name, value }) => ({
    type: 'button',
    sub_type: 'url',
    index: name,
    parameters: [{ type: 'text', text: value }],
  }));
}

/** Shows "typing…" until we write, for 25 s at most. Meta needs a message to answer, and takes that one for read. */
export async function typing(
  to: Outbound['to'],
  lastInbound: MessageRef | null,
  config: CloudApiConfig,
  http: typeof fetch,
): Promise<void> {
  if (to.kind === 'group' || !lastInbound) return;
  await mark(lastInbound, { typing_indicator: { type: 'text' } }, config, http);
}

/** The newest is enough: those before it in the thread become read with it. Groups have no read marks. */
export async function markRead(
  to: Outbound['to'],
  messages: MessageRef[],
  config: CloudApiConfig,
  http: typeof fetch,
): Promise<void> {
  const newest = messages.at(-1);
  if (to.kind === 'group' || !newest) return;
  await mark(newest, {}, config, http);
}

async function mark({ externalId }: MessageRef, extra: object, config: CloudApiConfig, http: typeof fetch) {
  const body = { messaging_product: 'whatsapp', status: 'read', message_id: externalId, ...extra };
  const answer = await post(http, config, `${config.phoneNumberId}/messages`, body);
  if (!answer.ok) throw failure(answer);
}

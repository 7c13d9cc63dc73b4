import { peek } from '../json-body';
import type { ChannelEvent, DeliveryWord, Own, Quote, Sender } from '../provider';
import { CloudMessage, Edit, Profile, Reaction, Revoke, Status, SystemNotice } from './cloud-api.payloads';
import { contentOf } from './content';
import { handleOf } from './files';
import { describe, reasonOf } from './errors';
import { addressesOf, chatOf, customerOf, findChat } from './identity';
import type { Unit } from './units';
import { Unreadable } from '../unreadable';

/**
 * An element of `messages`, or with `own` of `message_echoes`: what was typed in the phone's app, or sent by the app that
 * leads the conversation.
 */
export function toMessage(unit: Unit, own?: Own): ChannelEvent[] {
  const message = CloudMessage.parse(unit.data);
  switch (message.type) {
    case 'system':
      return toNewAddress(message, unit);
    case 'request_welcome': // somebody opened the chat and wrote nothing
    case 'pin':
      return [];
    case 'reaction':
      return [toReaction(message, unit, own)];
    case 'edit': {
      const { original_message_id: externalId, message: edited } = Edit.parse(message.edit);
      const content = contentOf(edited);
      return [{ type: 'message.edited', ...placeOf(unit), externalId, content, at: message.timestamp }];
    }
    case 'revoke': {
      const { original_message_id: externalId } = Revoke.parse(message.revoke);
      return [{ type: 'message.deleted', ...placeOf(unit), externalId, at: message.timestamp }];
    }
    default:
      return [toBubble(message, unit, own)];
  }
}

/** The id of the message is enough to find it. */
function placeOf(unit: Unit) {
  const chat = findChat(unit);
  return chat ? { chat } : {};
}

function toBubble(message: CloudMessage, unit: Unit, own?: Own): ChannelEvent {
  const { context } = message;
  const quote = quoteOf(context);
  const forwarded = context?.forwarded === true || context?.frequently_forwarded === true;
  const content = contentOf(message);
  const file = content.type === 'media' ? handleOf(message[message.type]) : undefined;
  return {
    type: 'message.received',
    chat: chatOf(unit),
    externalId: message.id,
    from: senderOf(unit, own),
    content,
    sentAt: message.timestamp,
    ...(own && { own }),
    ...(quote && { quote }),
    ...(forwarded && { forwarded }),
    ...(file && { file }),
  };
}

function toReaction(message: CloudMessage, unit: Unit, own?: Own): ChannelEvent {
  const { message_id: externalId, emoji } = Reaction.parse(message.reaction);
  return {
    type: 'message.reacted',
    chat: chatOf(unit),
    externalId,
    from: senderOf(unit, own),
    own: own !== undefined,
    emoji: emoji || null, // left out, or empty: taken back
    at: message.timestamp,
  };
}

/** In a group the contact is the participant. A username may carry its "@". */
function senderOf(unit: Unit, own?: Own): Sender {
  if (own) return { addresses: [] };
  const profile = Profile.safeParse(unit.contact).data?.profile;
  const name = profile?.name ?? profile?.username?.replace(/^@/, '');
  return { addresses: customerOf(unit), ...(name && { name }) };
}

/** `context.from` is the author of what is quoted: the customer or we. A forward has a context without an id. */
function quoteOf(context: CloudMessage['context']): Quote | undefined {
  if (!context?.id) return undefined;
  const [author] = addressesOf([context.from ?? undefined], [context.from_user_id ?? undefined]);
  return { externalId: context.id, ...(author && { author }) };
}

/** Somebody changed number or lost their BSUID. A changed security code (`customer_identity_changed`) is nobody's news. */
const newAddresses = new Set(['user_changed_number', 'customer_changed_number', 'user_changed_user_id']);

function toNewAddress(message: CloudMessage, unit: Unit): ChannelEvent[] {
  const kind = peek(message.system, 'type');
  if (typeof kind === 'string' && !newAddresses.has(kind)) return [];
  const notice = SystemNotice.parse(message.system);
  const named = addressesOf([notice.wa_id ?? notice.new_wa_id ?? undefined], [notice.user_id ?? undefined]);
  const known = customerOf({ ...unit, contact: undefined })[0] ?? addressesOf([notice.customer ?? undefined], [])[0];
  const [first, ...others] = named.filter((address) => address.address !== known?.address);
  if (!known || !first) throw new Unreadable('A changed address names neither the old nor the new');
  return [{ type: 'contact.linked', known, now: [first, ...others], at: message.timestamp }];
}

const words: Record<string, DeliveryWord> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  played: 'read',
  failed: 'failed',
};

/** An element of `statuses`. Of a group's, one comes for each member. */
export function toDelivery({ data }: Unit): ChannelEvent[] {
  const name = peek(data, 'status');
  if (typeof name === 'string' && !Object.hasOwn(words, name)) return [];
  const update = Status.parse(data);
  const status = words[update.status];
  if (!status) return [];
  const error = status === 'failed' ? update.errors?.[0] : undefined;
  const reason = error && reasonOf(error.code);
  const reference = update.biz_opaque_callback_data;
  return [
    {
      type: 'delivery.updated',
      externalId: update.id,
      status,
      at: update.timestamp,
      ...(reason && { reason }),
      ...(error && { detail: describe(error) }),
      ...(reference && { reference }),
    },
  ];
}

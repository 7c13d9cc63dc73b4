import { peek, peekName } from '../json-body';
import type { ChannelEvent, Sender } from '../provider';
import { Unreadable } from '../unreadable';
import { contentsOf } from './content';
import { handleOf } from './files';
import { emojiOf } from './emoji';
import { addressOf, chatOf, idOf, idOfFile, isDirect } from './identity';
import { toPlain } from './mrkdwn';
import { Changed, dateOf, Deleted, Message, Reaction, Said, type File } from './slack.payloads';

/** Whose view a call is: the workspace of the install, our app, and its own user there. */
export interface Install {
  team: string;
  app: string | undefined;
  botUser: string | undefined;
}

/** Subtypes that people and apps write; every other is bookkeeping of Slack's (contract §3). */
const written = new Set([undefined, null, 'file_share', 'thread_broadcast', 'me_message', 'bot_message']);

/** `message`, and `app_mention`, which brings the same message again where we hear both. */
export function toMessage(data: unknown, install: Install): ChannelEvent[] {
  const subtype = peek(data, 'subtype');
  if (subtype === 'message_changed') return toChange(data);
  if (subtype === 'message_deleted') return toDeletion(data);
  if (!written.has(subtype as string | null | undefined) || peek(data, 'hidden') === true) return [];
  const message = Message.parse(data);
  if (isOurs(message, install)) return toEcho(message, install);
  return toBubbles(message, install, senderOf(message, install));
}

/**
 * What our own app posted, perhaps for another install: it stands there, so it was sent, and our reference, where Slack hands
 * it back, ties it to its attempt. In a direct message nothing says with whom it is: there it only confirms.
 */
function toEcho(message: Message, install: Install): ChannelEvent[] {
  const reference = referenceIn(message.metadata);
  const word: ChannelEvent = {
    type: 'delivery.updated',
    externalId: idOf(message.channel, message.ts),
    status: 'sent',
    at: dateOf(message.ts),
    ...(reference !== undefined && { reference }),
  };
  if (isDirect(message.channel)) return [word];
  const bubbles = toBubbles(message, install, { addresses: [] });
  return [...bubbles.map((one) => ({ ...one, own: 'api' as const })), word];
}

type Bubble = Extract<ChannelEvent, { type: 'message.received' }>;

function toBubbles(message: Message, { team }: Install, from: Sender): Bubble[] {
  const { channel, ts, files } = message;
  const chat = chatOf(team, { channel, user: message.user ?? message.bot_id ?? '' });
  const quote = quoteOf(message, team);
  return contentsOf(message).map((content, at) => ({
    type: 'message.received',
    chat,
    externalId: at === 0 ? idOf(channel, ts) : idOfFile(channel, ts, files?.[at]?.id ?? String(at)),
    from,
    content,
    sentAt: dateOf(ts),
    ...(quote && at === 0 && { quote }),
    ...fileOf(files?.[at]),
  }));
}

const fileOf = (file: File | undefined) => (file ? { file: handleOf(file) } : {});

/** An answer in a thread is an answer to what began it. */
function quoteOf({ channel, ts, thread_ts, parent_user_id, root }: Message, team: string) {
  if (thread_ts == null || thread_ts === ts) return undefined;
  const author = peekName({ parent_user_id }, 'parent_user_id') ?? peekName(root, 'user');
  const text = peekName(root, 'text');
  return {
    externalId: idOf(channel, thread_ts),
    ...(author !== undefined && { author: addressOf(team, author) }),
    ...(text !== undefined && { text: toPlain(text) }),
  };
}

/** People's names are asked for elsewhere; apps bring theirs along. */
function senderOf({ user, bot_id, username, bot_profile }: Message, { team }: Install): Sender {
  const id = user ?? bot_id;
  const name = username ?? bot_profile?.name;
  return { addresses: id ? [addressOf(team, id)] : [], ...(name && { name }) };
}

/** By app and by user: a name of its own takes the user away, and events of changes name only one of them (contract §8.3). */
function isOurs({ user, app_id, bot_profile }: Said, { app, botUser }: Install): boolean {
  if (user != null && user === botUser) return true;
  return app !== undefined && (app_id === app || bot_profile?.app_id === app);
}

export const METADATA = 'parley_message';

/** Of the attempt that posted it, where Slack hands our metadata back. */
export function referenceIn(metadata: unknown): string | undefined {
  if (peek(metadata, 'event_type') !== METADATA) return undefined;
  return peekName(metadata, 'event_payload', 'reference');
}

/** Links that unfold, answers that are counted and pins come this way too: an edit has a new date, and other words or files. */
function toChange(data: unknown): ChannelEvent[] {
  const { channel, message, previous_message: before } = Changed.parse(data);
  const ts = message.ts ?? before?.ts;
  if (ts == null) throw new Unreadable('The change does not say of which message');
  const externalId = idOf(channel, ts);
  if (message.subtype === 'tombstone') return [{ type: 'message.deleted', externalId, at: null }];
  const at = message.edited?.ts;
  if (at === undefined || at === before?.edited?.ts) return [];
  const said = { ...message, ts };
  const isSame = before != null && before.text === message.text && idsOf(before.files) === idsOf(message.files);
  if (isSame) return [];
  const [content] = contentsOf(said);
  return [{ type: 'message.edited', externalId, content, at: dateOf(at) }];
}

const idsOf = (files: unknown) => (Array.isArray(files) ? files.map((file) => peekName(file, 'id')).join() : '');

/** With all its files, which are messages of their own for us. */
function toDeletion(data: unknown): ChannelEvent[] {
  const { channel, deleted_ts, previous_message: before, event_ts } = Deleted.parse(data);
  const ts = deleted_ts ?? before?.ts;
  if (ts == null) throw new Unreadable('The deletion does not say of which message');
  const at = event_ts == null ? null : dateOf(event_ts);
  const others = before?.files?.slice(1).map((file) => idOfFile(channel, ts, file.id)) ?? [];
  return [idOf(channel, ts), ...others].map((externalId) => ({ type: 'message.deleted', externalId, at }));
}

/** A person may react with several emojis: which one was taken back is told along. */
export function toReaction(data: unknown, { team, botUser }: Install, added: 'added' | 'removed'): ChannelEvent[] {
  const { user, reaction, item, event_ts } = Reaction.parse(data);
  if (item.type !== 'message' || item.channel == null || item.ts == null) return [];
  const own = user === botUser;
  const emoji = emojiOf(reaction) ?? `:${reaction.slice(0, 60)}:`;
  return [
    {
      type: 'message.reacted',
      externalId: idOf(item.channel, item.ts),
      from: own ? { addresses: [] } : { addresses: [addressOf(team, user)] },
      own,
      emoji: added === 'added' ? emoji : null,
      ...(added === 'removed' && { was: emoji }),
      at: dateOf(event_ts),
    },
  ];
}

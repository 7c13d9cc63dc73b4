import type { Content } from '@parley/contracts/content';
import type { Message } from '@parley/contracts/messages';
import type { OutboxEntry } from '../composer/outbox';
import type { ThreadMessage } from './thread-rows';

/** Who writes here, for the bubbles that the server has not yet. */
export interface Author {
  memberId: string | null;
  name: string;
}

/**
 * The thread as its member should see it: what the server has, oldest first, with what still is on its way out at the end
 * and own reactions in place. Where both know a message, the server's counts.
 */
export function mergeOutbox(
  server: readonly Message[],
  entries: readonly OutboxEntry[],
  author: Author,
): readonly ThreadMessage[] {
  if (entries.length === 0) return server;
  const known = new Set(server.map((message) => message.id));
  const reactions = ownReactions(entries, known);
  const there =
    reactions.size === 0 ? server : server.map((message) => withReaction(message, reactions.get(message.id), author));
  const merged: ThreadMessage[] = [...there];
  for (const entry of entries) {
    if (entry.content.type === 'reaction' || known.has(entry.messageId)) continue;
    merged.push(toMessage(entry, author, (merged.at(-1)?.position ?? 0) + 1));
  }
  return merged;
}

/**
 * Of the accepted entries, those that the server's thread shows by now: a message by its id, a reaction by standing where
 * it was put.
 */
export function shownEntries(server: readonly Message[], entries: readonly OutboxEntry[]): Set<string> {
  const shown = new Set<string>();
  const accepted = entries.filter((entry) => entry.state === 'accepted');
  if (accepted.length === 0) return shown;
  const byId = new Map(server.map((message) => [message.id, message]));
  for (const { messageId, content } of accepted) {
    const target = byId.get(content.type === 'reaction' ? content.messageId : messageId);
    if (!target) continue;
    const own = target.reactions.find((reaction) => reaction.own)?.emoji ?? '';
    if (content.type !== 'reaction' || own === content.emoji) shown.add(messageId);
  }
  return shown;
}

/** The last thing said about each message: the emoji, or '' to take it back. */
function ownReactions(entries: readonly OutboxEntry[], known: ReadonlySet<string>): Map<string, string> {
  const latest = new Map<string, string>();
  for (const { content, state } of entries) {
    if (content.type === 'reaction' && state !== 'refused' && known.has(content.messageId))
      latest.set(content.messageId, content.emoji);
  }
  return latest;
}

function withReaction(message: Message, emoji: string | undefined, author: Author): Message {
  if (emoji === undefined) return message;
  const others = message.reactions.filter((reaction) => !reaction.own);
  const mine = emoji ? [{ emoji, by: author.name, own: true }] : [];
  return { ...message, reactions: [...others, ...mine] };
}

/** Shown after everything the server has, at the time when it was written. */
function toMessage(entry: OutboxEntry, author: Author, floor: number): ThreadMessage {
  return {
    id: entry.messageId,
    conversationId: entry.conversationId,
    chatId: entry.conversationId,
    direction: 'outbound',
    content: toContent(entry),
    sender: { contactId: null, memberId: author.memberId, name: author.name },
    origin: 'agent',
    quote: entry.quote,
    forwarded: false,
    reactions: [],
    delivery: null,
    sentAt: entry.at,
    createdAt: entry.at,
    editedAt: null,
    deletedAt: null,
    late: false,
    can: [],
    position: Math.max(floor, Date.parse(entry.at) * 1_000),
    local: { state: entry.state, reason: entry.reason },
  };
}

function toContent({ content, file, shown }: OutboxEntry): Content {
  if (content.type === 'template') return { ...content, text: shown };
  if (content.type === 'media' && file)
    return { type: 'media', ...file, durationMs: null, caption: content.caption || null };
  return { type: 'text', text: shown };
}

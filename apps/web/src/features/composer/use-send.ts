'use client';

import type { Conversation } from '@parley/contracts/conversations';
import type { OutboundContent } from '@parley/contracts/content';
import type { Message } from '@parley/contracts/messages';
import { useState } from 'react';
import { useConversationActions } from '@/features/conversations/actions';
import { holdFile } from './held-files';
import type { LocalFile, OutboxEntry } from './outbox';
import { useOutbox } from './use-outbox';
import { uuidV7 } from '@/lib/uuid-v7';

export interface Outward {
  content: OutboundContent;
  /** What the bubble says. */
  shown: string;
  quote: Message['quote'];
  /** Of a file. */
  file?: LocalFile;
  bytes?: Blob;
}

/** How long a send may take before we say that the conversation is not resolved yet. */
const PATIENCE_MS = 8_000;

/** Sends into a conversation: the bubble stands at once, the rest is the outbox's. Gives the message's id. */
export function useSend(conversationId: string): (outward: Outward) => string | null {
  const outbox = useOutbox();
  return ({ content, shown, quote, file, bytes }) => {
    if (!outbox) return null;
    const messageId = uuidV7();
    if (bytes) holdFile(messageId, bytes);
    outbox.add({ messageId, conversationId, content, file, shown, quote, replyTo: quote?.messageId ?? null });
    return messageId;
  };
}

/**
 * `waiting`: it has not left yet, so nothing was resolved. `refused`: neither sent nor resolved; a text is given back, a file
 * stays in the thread, to be tried again.
 */
export type Finish = { type: 'busy' } | { type: 'waiting' } | { type: 'refused'; entry: OutboxEntry };

/**
 * Sends, and resolves once the server took it. Calls `onResolved` only then: a refusal keeps one where one is.
 */
export function useSendAndResolve(conversation: Conversation, onResolved: () => void) {
  const outbox = useOutbox();
  const { setStatus } = useConversationActions();
  const send = useSend(conversation.id);
  const [finish, setFinish] = useState<Finish | null>(null);

  const run = async (outward: Outward) => {
    const messageId = send(outward);
    if (!outbox || messageId === null) return;
    setFinish({ type: 'busy' });
    const outcome = await Promise.race([outbox.settled(messageId), patience()]);
    if (outcome === 'refused') {
      const entry = outbox.entries().find((each) => each.messageId === messageId);
      if (!entry?.file) outbox.discard(messageId);
      setFinish(entry ? { type: 'refused', entry } : null);
      return;
    }
    if (outcome === 'waiting') return setFinish({ type: 'waiting' });
    setFinish(null);
    if (await setStatus(conversation, 'resolved')) onResolved();
  };
  return { finish, run, dismiss: () => setFinish(null) };
}

function patience(): Promise<'waiting'> {
  return new Promise((resolve) => setTimeout(() => resolve('waiting'), PATIENCE_MS));
}

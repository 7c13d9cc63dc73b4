import type { Message } from '@parley/contracts/messages';

/** What a member began to write in one conversation, and what it answers. */
export interface Draft {
  text: string;
  quote: Message['quote'];
}

/** Drafts of one member in one tenant. `live` changes with every key, `saved` when it was written down. */
export interface Drafts {
  live(conversationId: string): Draft | null;
  saved(conversationId: string): Draft | null;
  edit(conversationId: string, change: Partial<Draft>): void;
  clear(conversationId: string): void;
  /** Writes down at once what waits to be. */
  flush(): void;
  subscribe(changed: () => void): () => void;
}

/** Where drafts are kept; another tab's changes call back with their conversation. */
export interface DraftStorage {
  read(conversationId: string): string | null;
  write(conversationId: string, text: string | null): void;
  subscribe(changed: (conversationId: string) => void): () => void;
}

const SAVE_AFTER_MS = 500;
const EMPTY: Draft = { text: '', quote: null };

/**
 * One draft per conversation, each under its own key from the first character on, so that no text can end up in another
 * conversation. Saved half a second after the last key.
 */
export function createDrafts(storage: DraftStorage, later: (ms: number, act: () => void) => () => void): Drafts {
  const saved = new Map<string, Draft | null>();
  const live = new Map<string, Draft | null>();
  const waiting = new Map<string, () => void>();
  const listeners = new Set<() => void>();
  const tell = () => listeners.forEach((listener) => listener());

  function savedOf(conversationId: string): Draft | null {
    let draft = saved.get(conversationId);
    if (draft === undefined) saved.set(conversationId, (draft = parse(storage.read(conversationId))));
    return draft;
  }

  function save(conversationId: string): void {
    waiting.get(conversationId)?.();
    waiting.delete(conversationId);
    const draft = live.get(conversationId);
    if (draft === undefined) return;
    storage.write(conversationId, draft && JSON.stringify(draft));
    saved.set(conversationId, draft);
    tell();
  }

  storage.subscribe((conversationId) => {
    saved.delete(conversationId);
    if (!waiting.has(conversationId)) live.delete(conversationId);
    tell();
  });

  return {
    saved: savedOf,
    live(conversationId) {
      const draft = live.get(conversationId);
      return draft === undefined ? savedOf(conversationId) : draft;
    },
    edit(conversationId, change) {
      const draft = { ...(this.live(conversationId) ?? EMPTY), ...change };
      live.set(conversationId, draft.text.trim() || draft.quote ? draft : null);
      // Surrounding space alone is worth no draft, but it is what stands in the field.
      if (!live.get(conversationId) && draft.text) live.set(conversationId, draft);
      waiting.get(conversationId)?.();
      waiting.set(
        conversationId,
        later(SAVE_AFTER_MS, () => save(conversationId)),
      );
      tell();
    },
    clear(conversationId) {
      live.set(conversationId, null);
      save(conversationId);
    },
    flush() {
      for (const conversationId of [...waiting.keys()]) save(conversationId);
    },
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}

function parse(text: string | null): Draft | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('text' in value) || typeof value.text !== 'string')
      return null;
    return { text: value.text, quote: 'quote' in value ? asQuote(value.quote) : null };
  } catch {
    return null; // written by an older version
  }
}

function asQuote(value: unknown): Message['quote'] {
  if (typeof value !== 'object' || value === null || !('messageId' in value)) return null;
  const { messageId, author, text } = value as Record<string, unknown>;
  const word = (part: unknown) => (typeof part === 'string' ? part : null);
  return { messageId: word(messageId), author: word(author), text: word(text) };
}

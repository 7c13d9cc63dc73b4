import type { OutboxEntry, OutboxStorage } from './outbox';

const PREFIX = 'parley:outbox';

/**
 * One `localStorage` row per entry: written before the bubble shows, with no promise in between, so that closing the tab
 * right after Enter loses nothing; and two tabs never write the same row. Where the browser refuses to store (private
 * mode, full), entries live as long as the tab.
 */
export function outboxStorage(scope: string): OutboxStorage {
  const prefix = `${PREFIX}:${scope}:`;
  const unstored = new Map<string, OutboxEntry>();

  return {
    list() {
      const stored = storedKeys(prefix).flatMap((key) => readEntry(key) ?? []);
      return [...stored.filter((entry) => !unstored.has(entry.messageId)), ...unstored.values()];
    },
    put(entry) {
      try {
        localStorage.setItem(prefix + entry.messageId, JSON.stringify(entry));
        unstored.delete(entry.messageId);
      } catch {
        unstored.set(entry.messageId, entry);
      }
    },
    remove(messageId) {
      unstored.delete(messageId);
      localStorage.removeItem(prefix + messageId);
    },
    subscribe(changed) {
      const onStorage = (event: StorageEvent) => {
        if (event.key === null || event.key.startsWith(prefix)) changed();
      };
      window.addEventListener('storage', onStorage);
      return () => window.removeEventListener('storage', onStorage);
    },
  };
}

function storedKeys(prefix: string): string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
}

/** What an older version of this page, or somebody's hand, wrote there may be anything. */
function readEntry(key: string): OutboxEntry | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? '');
    return isEntry(value) ? value : null;
  } catch {
    return null;
  }
}

/** Enough of it to be shown and sent; the server checks the rest, as of anything that is sent. */
export function isEntry(value: unknown): value is OutboxEntry {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Record<keyof OutboxEntry, unknown>;
  const texts = [entry.messageId, entry.conversationId, entry.shown, entry.at];
  return (
    texts.every((text) => typeof text === 'string') &&
    typeof entry.order === 'number' &&
    (entry.state === 'waiting' || entry.state === 'refused' || entry.state === 'cancelled') &&
    isContent(entry.content) &&
    (entry.file === undefined || (typeof entry.file === 'object' && entry.file !== null)) &&
    isTextOrNull(entry.replyTo) &&
    isTextOrNull(entry.reason) &&
    (entry.quote === null || typeof entry.quote === 'object') &&
    !Number.isNaN(Date.parse(String(entry.at)))
  );
}

function isContent(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  return ['text', 'template', 'reaction', 'media'].includes(String(value.type));
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

import type { Message } from '@parley/contracts/messages';
import { withAlbums } from './album';

/** How a message of this browser fares on its way to the server; absent: the server has it. */
export interface Local {
  state: 'waiting' | 'accepted' | 'refused' | 'cancelled';
  /** Why it was refused, in words for people. */
  reason: string | null;
}
export type ThreadMessage = Message & { local?: Local };

export type ThreadRow =
  | { type: 'day'; key: string; at: number }
  | { type: 'new'; key: 'new'; count: number }
  | { type: 'system'; key: string; message: ThreadMessage }
  | {
      type: 'message';
      key: string;
      message: ThreadMessage;
      /** `first` and `last` of a run: messages of one sender, none more than five minutes after the one before. */
      first: boolean;
      last: boolean;
      /** Pictures shown as one, oldest first; `message` is the last of them, `key` that of the first. */
      album?: readonly ThreadMessage[];
    };

const RUN_MS = 5 * 60_000;

export interface RowOptions {
  /** Names the days; null: the browser's own. */
  timeZone?: string;
  /** Older ones are not loaded: it is not known yet whether the first message begins its day. */
  hasOlder: boolean;
  /** The line "N new" stands before this message. */
  unread: { messageId: string; count: number } | null;
}

/** Cuts a thread, oldest first, into what is shown: days, the line above what is new, system lines, bubbles in runs, albums. */
export function threadRows(
  messages: readonly ThreadMessage[],
  { timeZone, hasOlder, unread }: RowOptions,
): ThreadRow[] {
  const rows: ThreadRow[] = [];
  let day = '';
  let previous: Extract<ThreadRow, { type: 'message' }> | null = null;

  messages.forEach((message, index) => {
    const at = message.position / 1_000;
    const today = dayKey(at, timeZone);
    if (today !== day && (index > 0 || !hasOlder)) {
      rows.push({ type: 'day', key: `day:${today}`, at });
      previous = null;
    }
    day = today;
    if (unread?.messageId === message.id) {
      rows.push({ type: 'new', key: 'new', count: unread.count });
      previous = null;
    }
    if (message.direction === 'system') {
      rows.push({ type: 'system', key: message.id, message });
      previous = null;
      return;
    }
    const joins: boolean = previous !== null && isSameRun(previous.message, message);
    if (previous && joins) previous.last = false;
    previous = { type: 'message', key: message.id, message, first: !joins, last: true };
    rows.push(previous);
  });
  return withAlbums(rows);
}

function isSameRun(before: Message, after: Message): boolean {
  const gap = after.position - before.position;
  return senderKey(before) === senderKey(after) && gap <= RUN_MS * 1_000;
}

/** One writer as a reader sees it: a customer, a colleague, the phone, another program. */
function senderKey({ direction, origin, sender }: Message): string {
  return [direction, origin, sender.memberId ?? sender.contactId ?? sender.name].join(':');
}

const formats = new Map<string, Intl.DateTimeFormat>();
const keys = new Map<string, string>();

/** "2026-11-20" in a time zone. Kept per quarter of an hour, for no zone changes its day in between. */
export function dayKey(at: number, timeZone = 'browser'): string {
  const quarter = Math.floor(at / 900_000);
  const cacheKey = `${timeZone}:${quarter}`;
  const cached = keys.get(cacheKey);
  if (cached) return cached;
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: timeZone === 'browser' ? undefined : timeZone,
      dateStyle: 'short',
    });
    formats.set(timeZone, format);
  }
  const key = format.format(at);
  if (keys.size > 20_000) keys.clear();
  keys.set(cacheKey, key);
  return key;
}

/**
 * The first of the last `unread` inbound messages: where reading goes on. Null when nothing is unread; `more` when it lies
 * before what is loaded.
 */
export function findFirstUnread(
  messages: readonly Message[],
  unread: number,
): { messageId: string; more: boolean } | null {
  let left = unread;
  let oldest: string | null = null;
  for (let index = messages.length - 1; index >= 0 && left > 0; index -= 1) {
    const message = messages[index];
    if (message?.direction !== 'inbound') continue;
    oldest = message.id;
    left -= 1;
  }
  return oldest === null ? null : { messageId: oldest, more: left > 0 };
}

import type { ListRow } from './thread-list';
import type { ThreadMessage, ThreadRow } from './thread-rows';

type MessageRow = Extract<ThreadRow, { type: 'message' }>;

/** Fewer are better seen at their own shape, one below the other. */
const FEWEST = 4;
/** Between one picture and the next, in microseconds, as positions are. */
const MOST_BETWEEN = 60_000_000;

/**
 * Puts pictures and videos that one sender sent directly after each other into one row, keyed by its first. One with a story
 * of its own (it answers, was edited or deleted, is suspicious) stands alone, and of two captions each gets its own.
 */
export function withAlbums(rows: readonly ThreadRow[]): ThreadRow[] {
  const shown: ThreadRow[] = [];
  let run: MessageRow[] = [];
  const endRun = () => {
    shown.push(...(run.length < FEWEST ? run : [albumOf(run)]));
    run = [];
  };
  for (const row of rows) {
    const pictured = row.type === 'message' && canJoin(row.message);
    if (!pictured || !goesOn(run, row)) endRun();
    if (pictured) run.push(row);
    else shown.push(row);
  }
  endRun();
  return shown;
}

/** The words under a picture. */
export function captionOf({ content }: ThreadMessage): string | null {
  return content.type === 'media' ? content.caption : null;
}

/** Of an album the message that stands for all of it: the one with words, or else the last. */
export function faceOf(message: ThreadMessage, album: readonly ThreadMessage[] = []): ThreadMessage {
  return album.find(captionOf) ?? message;
}

/** Whether this row shows the message, alone or in an album. */
export function holds(row: ListRow, messageId: string): boolean {
  return row.key === messageId || (row.type === 'message' && row.album?.some(({ id }) => id === messageId) === true);
}

function canJoin({ content, quote, editedAt, deletedAt }: ThreadMessage): boolean {
  return (
    content.type === 'media' &&
    (content.kind === 'image' || content.kind === 'video') &&
    !content.file?.suspicious &&
    !quote &&
    !editedAt &&
    !deletedAt
  );
}

function goesOn(run: readonly MessageRow[], { first, message }: MessageRow): boolean {
  const before = run.at(-1)?.message;
  if (!before || first) return false;
  const twoCaptions = captionOf(message) && run.some((row) => captionOf(row.message));
  return message.position - before.position <= MOST_BETWEEN && message.forwarded === before.forwarded && !twoCaptions;
}

function albumOf(run: readonly MessageRow[]): MessageRow {
  const [head, tail] = [run[0], run.at(-1)];
  if (!head || !tail) throw new Error('An album has pictures');
  return { ...tail, key: head.key, first: head.first, album: run.map(({ message }) => message) };
}

import { faceOf } from './album';
import { messageText } from './message-text';
import { ALBUM_HEIGHT, pictureHeight } from './picture-size';
import type { ListRow } from './thread-list';

const LINE = 20;
const PER_LINE = 58;

/** About how high a row will be, in px, until it is measured: what stands above the screen must not jump when it is. */
export function estimateRow(row: ListRow | undefined): number {
  if (!row) return 0;
  switch (row.type) {
    case 'day':
      return 42;
    case 'new':
      return 40;
    case 'system':
      return 30;
    case 'typing':
      return 38;
    case 'message': {
      const { message, album = [message] } = row;
      const { content, quote, direction, origin } = faceOf(message, row.album);
      const text = messageText(content);
      const lines = text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / PER_LINE)), 0);
      const picture = row.album ? ALBUM_HEIGHT : content.type === 'media' ? pictureHeight(content) : 0;
      const under =
        (album.some(({ reactions }) => reactions.length > 0) ? 19 : 0) +
        (direction === 'outbound' && origin !== 'agent' ? 20 : 0);
      return (row.first ? 10 : 2) + 14 + lines * LINE + (quote ? 46 : 0) + picture + under;
    }
  }
}

import type { StoredFile } from '@parley/contracts/content';
import type { MediaContent } from './media';
import type { ThreadMessage } from './thread-rows';

export type Pictured = ThreadMessage & { content: MediaContent & { file: StoredFile } };

/** What a thread has to look at, oldest first: photos and videos that are here. */
export function picturesOf(messages: readonly ThreadMessage[]): Pictured[] {
  return messages.filter(isPictured);
}

/** The picture of this file, where in the row it stands, and those beside it; null: it is not there (any more). */
export function pictureAt(pictures: readonly Pictured[], fileId: string) {
  const index = pictures.findIndex(({ content }) => content.file.id === fileId);
  const picture = pictures[index];
  return picture ? { picture, index, previous: pictures[index - 1], next: pictures[index + 1] } : null;
}

function isPictured(message: ThreadMessage): message is Pictured {
  const { content, deletedAt, local } = message;
  return (
    content.type === 'media' &&
    (content.kind === 'image' || content.kind === 'video') &&
    content.file?.state === 'ready' &&
    !content.file.suspicious &&
    !deletedAt &&
    !local
  );
}

import { heldFile, letGoOfFile } from './held-files';
import type { OutboxEntry } from './outbox';
import { uploadFile } from './upload-file';
import { tellProgress } from './upload-progress';

// What only who sends files needs: it is fetched with the first of them.
export { letGoOfFile };

/** Brings the file of an entry to the server. Throws as `uploadFile` does. */
export async function bringFile({ messageId, content, file }: OutboxEntry, signal: AbortSignal): Promise<void> {
  if (content.type !== 'media' || !file) return;
  const { fileName, mimeType, sizeBytes } = file;
  await uploadFile({
    id: content.fileId,
    file: { fileName: fileName ?? 'file', mimeType: mimeType ?? 'application/octet-stream', sizeBytes: sizeBytes ?? 0 },
    bytes: await heldFile(messageId),
    signal,
    onProgress: (share) => tellProgress(messageId, share),
  });
  signal.throwIfAborted();
}

/** Nothing of it leaves any more. */
export function endProgress(messageId: string): void {
  tellProgress(messageId, null);
}

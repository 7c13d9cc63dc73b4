import { heldFile } from './held-files';
import type { OutboxEntry } from './outbox';
import { uploadFile } from './upload-file';
import { tellProgress } from './upload-progress';

/** Brings the file of an entry to the server. Throws as `uploadFile` does. Fetched with the first file that is sent. */
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

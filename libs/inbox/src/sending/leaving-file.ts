import { Readable } from 'node:stream';
import type { Outbound, OutboundFile, SendResult } from '@parley/channels/provider';
import { within } from '@parley/platform/deadline';
import { FileMissing } from '@parley/platform/file-store';
import { readWhole } from '@parley/platform/read-whole';
import { inTurn } from '../files/in-turn';
import { marked, only, sizeOf, withoutMarks, type Kept } from '../files/private-marks';

/** A picture that is larger leaves as it is: to be looked through it is held in memory. */
const MAX_BYTES = 32 * 2 ** 20;

/**
 * The same, with a file that can be opened, a picture without what its camera wrote into it. A result where it cannot: seen
 * before the call, for afterwards it would not be certain that nothing was sent. Null: its turn did not come, or the store
 * did not answer, within `ms`; nothing of it is read later.
 */
export async function readyToLeave(outbound: Outbound, ms: number): Promise<Outbound | SendResult | null> {
  const { content } = outbound;
  if (content.type !== 'media') return outbound;
  const late = new AbortController();
  const giveUp = () => {
    late.abort();
    return new Error('too late');
  };
  try {
    const file = await within(ms, opened(content.file, late.signal), giveUp);
    return { ...outbound, content: { ...content, file } };
  } catch (error) {
    if (late.signal.aborted) return null;
    if (error instanceof FileMissing)
      return { outcome: 'refused', reason: 'content', detail: 'its file is not here any more' };
    return { outcome: 'refused', reason: 'provider', detail: 'its file could not be opened' };
  }
}

async function opened(file: OutboundFile, late: AbortSignal): Promise<OutboundFile> {
  if (file.sizeBytes > MAX_BYTES || !marked.has(file.mimeType)) {
    (await file.open()).destroy();
    return file;
  }
  const kept = await inTurn(async () => {
    late.throwIfAborted();
    return withoutMarks(await readWhole(() => file.open()), file.mimeType);
  });
  return kept ? { ...file, sizeBytes: sizeOf(kept), open: () => openOnly(file, kept) } : file;
}

async function openOnly(file: OutboundFile, kept: Kept[]): Promise<Readable> {
  const whole = await file.open();
  const bare = Readable.from(only(whole, kept));
  bare.once('close', () => whole.destroy()); // also where nothing of it was read
  return bare;
}

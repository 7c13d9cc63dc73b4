import type { InboundContent } from '../provider';
import { toPlain } from './mrkdwn';
import { wordsOfAttachments, wordsOfBlocks } from './rich-text';
import type { File, Said } from './slack.payloads';

type Media = Extract<InboundContent, { type: 'media' }>;

/** What a message shows: its words, or its files, the first of which bears the words. Never empty. */
export function contentsOf(said: Said): [InboundContent, ...InboundContent[]] {
  const text = wordsOf(said);
  const [first, ...others] = said.files ?? [];
  if (first) return [mediaOf(first, text || null), ...others.map((file) => mediaOf(file, null))];
  if (text === '') return [{ type: 'unsupported', kind: said.subtype ?? 'message' }];
  return [{ type: 'text', text: said.subtype === 'me_message' ? `_${text}_` : text }];
}

export function wordsOf(said: Said): string {
  return toPlain(said.text || wordsOfBlocks(said.blocks) || wordsOfAttachments(said.attachments));
}

function mediaOf(file: File, caption: string | null): Media {
  return {
    type: 'media',
    kind: kindOf(file),
    mimeType: file.mimetype,
    fileName: file.name,
    sizeBytes: file.size,
    durationMs: file.duration_ms,
    width: file.original_w,
    height: file.original_h,
    caption,
  };
}

/** Clips recorded in Slack are voices; what was uploaded is a file. */
function kindOf({ mimetype, subtype }: File): Media['kind'] {
  if (subtype === 'slack_audio') return 'voice';
  const [kind] = mimetype?.split('/') ?? [];
  return kind === 'image' || kind === 'video' || kind === 'audio' ? kind : 'document';
}

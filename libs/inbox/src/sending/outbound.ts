import type { Address, MessageRef, Outbound, OutboundFile } from '@parley/channels/provider';
import type { Content } from '@parley/contracts/content';
import type { FileStore } from '@parley/platform/file-store';
import { storageKey } from '../files/file-links';
import { textOf } from '../messages/preview';
import type { OutboundRow } from './claim.queries';

/** What to do at the provider; a string says why it cannot be asked at all. Only who sends reads files. */
export function outboundOf(
  row: OutboundRow,
  reference: string,
  files: Pick<FileStore, 'read'> = unread,
): Outbound | string {
  const to = recipientOf(row);
  if (!to) return 'the chat has no address';
  const target = targetOf(row);
  if (row.kind === 'reaction') {
    if (!target) return 'the provider does not know the message that this reacts to';
    return {
      to,
      reference,
      content: {
        type: 'reaction',
        target,
        emoji: row.emoji ?? '',
        ...(row.reacted !== null && { before: row.reacted }),
      },
    };
  }
  const quote = target && { quote: target };
  const { content } = row;
  if (content.type === 'text') return { to, reference, content: { type: 'text', text: content.text, ...quote } };
  if (content.type === 'media' && content.file?.state === 'ready') {
    const { kind, caption } = content;
    return { to, reference, content: { type: 'media', kind, caption, file: fileOf(row, content, files), ...quote } };
  }
  if (content.type !== 'template') return `nothing of the kind "${content.type}" can be sent`;
  const { name, language, parameters } = content;
  return { to, reference, content: { type: 'template', name, language, parameters, ...quote } };
}

const unread: Pick<FileStore, 'read'> = {
  read: () => Promise.reject(new Error('a file is read only to be sent')),
};

/** As it was taken up: by then its name, type and size were known. */
function fileOf(
  { tenant_id: tenantId }: OutboundRow,
  { file, fileName, mimeType, sizeBytes, kind }: Extract<Content, { type: 'media' }>,
  files: Pick<FileStore, 'read'>,
): OutboundFile {
  const key = storageKey({ tenantId, id: file?.id ?? '' });
  return {
    name: fileName ?? kind,
    mimeType: mimeType ?? 'application/octet-stream',
    sizeBytes: sizeBytes ?? 0,
    open: () => files.read(key),
  };
}

export function recipientOf({
  chat_kind: kind,
  chat_address: chatAddress,
  addresses,
}: Pick<OutboundRow, 'chat_kind' | 'chat_address' | 'addresses'>): Outbound['to'] | null {
  if (kind === 'group') return { kind, externalId: chatAddress };
  const known = (addresses ?? []).map((one): Address => ({
    address: one.address,
    kind: one.kind ?? kindOf(one.address),
  }));
  const rest = known.filter((one) => one.address !== chatAddress);
  const own = known.find((one) => one.address === chatAddress) ?? { kind: kindOf(chatAddress), address: chatAddress };
  return chatAddress ? { kind: 'direct', addresses: [own, ...rest] } : null;
}

/** By its looks, of an address that no identity has. */
function kindOf(address: string): Address['kind'] {
  if (/^\+\d+$/.test(address)) return 'phone';
  if (/^T\w+:\w+$/.test(address)) return 'slack';
  return address.endsWith('@lid') ? 'lid' : 'username';
}

function targetOf(row: OutboundRow): MessageRef | null {
  if (row.target_external === null) return null;
  const own = row.target_direction === 'outbound';
  const author = own ? undefined : best(row.target_authors ?? []);
  const text = row.target_content ? textOf(row.target_content) : '';
  const quotes = row.target_quote && {
    quotes: { ...(row.target_quote.externalId && { externalId: row.target_quote.externalId }) },
  };
  return { externalId: row.target_external, own, ...(author && { author }), ...(text && { text }), ...quotes };
}

/** Providers know everybody by the phone, where they tell it at all. */
function best(addresses: Address[]): Address | undefined {
  return addresses.find((one) => one.kind === 'phone') ?? addresses[0];
}

import type { StoredFile } from '@parley/contracts/content';
import { describe, expect, it } from 'vitest';
import type { MediaContent } from './media';
import { pictureAt, picturesOf } from './pictures';
import { sampleMessage } from './sample-message';
import type { ThreadMessage } from './thread-rows';

const none = { mimeType: null, fileName: null, sizeBytes: null, durationMs: null, width: null, height: null };

function media(
  id: string,
  kind: MediaContent['kind'] = 'image',
  {
    state = 'ready',
    suspicious = false,
    ...change
  }: Partial<ThreadMessage & Pick<StoredFile, 'state' | 'suspicious'>> = {},
): ThreadMessage {
  const file = { id: `file ${id}`, state, suspicious, detail: null };
  return { ...sampleMessage({ id }), content: { type: 'media', kind, ...none, caption: null, file }, ...change };
}
const ids = (messages: readonly ThreadMessage[]) => messages.map(({ id }) => id).join('');

describe('the pictures of a thread', () => {
  it('are its photos and videos, in its order', () => {
    const thread = [media('a'), sampleMessage({ id: 'b' }), media('c', 'video'), media('d', 'voice'), media('e')];
    expect(ids(picturesOf(thread))).toBe('ace');
    expect(ids(picturesOf([media('s', 'sticker'), media('f', 'document')]))).toBe('');
  });

  it('are those that can be seen', () => {
    const thread = [
      media('a', 'image', { state: 'pending' }),
      media('b', 'image', { state: 'failed' }),
      media('c', 'image', { deletedAt: '2026-11-20T09:00:00.000Z' }),
      media('d', 'image', { local: { state: 'waiting', reason: null } }),
      media('e', 'image', { suspicious: true }),
      media('f'),
    ];
    expect(ids(picturesOf(thread))).toBe('f');
  });

  it('have one before and one after, but for the first and the last', () => {
    const pictures = picturesOf([media('a'), media('b'), media('c')]);
    const beside = (id: string) => {
      const at = pictureAt(pictures, `file ${id}`);
      return at && [at.previous?.id, at.picture.id, at.next?.id, at.index];
    };
    expect(beside('a')).toEqual([undefined, 'a', 'b', 0]);
    expect(beside('b')).toEqual(['a', 'b', 'c', 1]);
    expect(beside('c')).toEqual(['b', 'c', undefined, 2]);
    expect(beside('z')).toBeNull();
  });
});

import type { Content } from '@parley/contracts/content';
import { describe, expect, it, test } from 'vitest';
import { faceOf, holds } from './album';
import { estimateRow } from './estimate-row';
import { sampleMessage } from './sample-message';
import { type RowOptions, threadRows, type ThreadMessage } from './thread-rows';

type MediaContent = Extract<Content, { type: 'media' }>;

const SECOND = 1_000_000;
const start = Date.parse('2026-11-20T09:00:00Z') * 1_000;
const all: RowOptions = { timeZone: 'UTC', hasOlder: true, unread: null };

function picture(
  id: string,
  second: number,
  { media, ...change }: Partial<ThreadMessage> & { media?: Partial<MediaContent> } = {},
): ThreadMessage {
  const none = { mimeType: null, fileName: null, sizeBytes: null, durationMs: null, width: null, height: null };
  const content: Content = { type: 'media', kind: 'image', ...none, caption: null, ...media };
  return { ...sampleMessage({ id, position: start + second * SECOND, content, ...change }), local: change.local };
}
const pictures = (ids: string, each: (id: string) => Parameters<typeof picture>[2] = () => ({})) =>
  [...ids].map((id, index) => picture(id, index * 10, each(id)));
/** "a[bcde]f": one character a message, an album in brackets; other rows by their first letter in capitals. */
const shape = (messages: readonly ThreadMessage[], options = all) =>
  threadRows(messages, options)
    .map((row) =>
      row.type !== 'message'
        ? row.type.charAt(0).toUpperCase()
        : row.album
          ? `[${row.album.map(({ id }) => id).join('')}]`
          : row.message.id,
    )
    .join('');

describe('an album', () => {
  it('is four pictures or more, directly after each other', () => {
    expect(shape(pictures('abc'))).toBe('abc');
    expect(shape(pictures('abcd'))).toBe('[abcd]');
    expect(shape(pictures('abcdefg', (id) => (id === 'c' ? { media: { kind: 'video' } } : {})))).toBe('[abcdefg]');
  });

  it('ends after a minute and a moment, counted from the one before', () => {
    const apart = (gap: number) => [...'abcdefgh'].map((id, index) => picture(id, index * 60 + (index > 3 ? gap : 0)));
    expect(shape(apart(0))).toBe('[abcdefgh]');
    expect(shape(apart(0.001))).toBe('[abcd][efgh]');
  });

  test.each<[string, Parameters<typeof picture>[2]]>([
    ['words', { content: { type: 'text', text: 'and' } }],
    ['a document', { media: { kind: 'document' } }],
    ['a sticker', { media: { kind: 'sticker' } }],
    ['somebody else', { sender: { contactId: 'b', memberId: null, name: 'Bia' } }],
    ['us', { direction: 'outbound', origin: 'agent' }],
    ['one that answers', { quote: { messageId: 'q', author: null, text: null } }],
    ['one that was edited', { editedAt: '2026-11-20T09:10:00Z' }],
    ['one that was deleted', { deletedAt: '2026-11-20T09:10:00Z' }],
    ['one that is suspicious', { media: { file: { id: 'f', state: 'ready', suspicious: true, detail: null } } }],
  ])('is cut in two by %s', (_name, change) => {
    expect(shape(pictures('abcdefghi', (id) => (id === 'e' ? change : {})))).toBe('[abcd]e[fghi]');
  });

  it('does not mix what was forwarded with what was not', () => {
    expect(shape(pictures('abcdefgh', (id) => ({ forwarded: id > 'd' })))).toBe('[abcd][efgh]');
  });

  it('keeps its pictures together when one gets a reaction', () => {
    const reactions = [{ emoji: '👍', by: 'Ana', own: false }];
    expect(shape(pictures('abcd', (id) => (id === 'b' ? { reactions } : {})))).toBe('[abcd]');
  });

  it('ends at the line of what is new, and at midnight', () => {
    const unread = { messageId: 'e', count: 4 };
    expect(shape(pictures('abcdefgh'), { ...all, unread })).toBe('[abcd]N[efgh]');
    const midnight = [...'abcdefgh'].map((id, index) => picture(id, 15 * 3_600 + (index - 4) * 10));
    expect(shape(midnight)).toBe('[abcd]D[efgh]');
  });

  it('has one caption, wherever it is', () => {
    const captions = (which: string) =>
      pictures('abcdefgh', (id) => ({ media: { caption: which.includes(id) ? `of ${id}` : null } }));
    for (const which of ['a', 'd', 'h']) expect(shape(captions(which))).toBe('[abcdefgh]');
    expect(shape(captions('ae'))).toBe('[abcd][efgh]');
    expect(shape(captions('abcdefgh'))).toBe('abcdefgh');
  });

  it('holds what still leaves, and what did not', () => {
    const states = { a: 'accepted', b: 'waiting', c: 'refused', d: 'waiting' } as const;
    const leaving = pictures('abcd', (id) => ({ local: { state: states[id as keyof typeof states], reason: null } }));
    expect(shape(leaving)).toBe('[abcd]');
  });
});

describe('the row of an album', () => {
  const rowOf = (messages: readonly ThreadMessage[]) => {
    const [row] = threadRows(messages, all);
    if (row?.type !== 'message') throw new Error('No row');
    return row;
  };

  it('keeps its key as pictures arrive, and stands in its run as its pictures would', () => {
    const seven = pictures('abcdefg');
    expect([4, 5, 7].map((count) => rowOf(seven.slice(0, count)).key)).toEqual(['a', 'a', 'a']);
    const after = sampleMessage({ id: 'z', position: start + 80 * SECOND });
    expect(threadRows([...seven, after], all)).toMatchObject([
      { key: 'a', first: true, last: false, message: { id: 'g' } },
      { key: 'z', first: false, last: true },
    ]);
  });

  it('takes in what an older page brings', () => {
    const seven = pictures('abcdefg');
    expect(shape(seven.slice(3))).toBe('[defg]');
    expect(shape(seven)).toBe('[abcdefg]');
  });

  it('is found by every picture in it', () => {
    const row = rowOf(pictures('abcd'));
    expect([...'abcde'].map((id) => holds(row, id))).toEqual([true, true, true, true, false]);
  });

  it('is spoken for by the one with words, or else by the last', () => {
    const face = (caption: string | null) => {
      const { message, album } = rowOf(pictures('abcd', (id) => ({ media: { caption: id === 'b' ? caption : null } })));
      return faceOf(message, album).id;
    };
    expect([face('our shop'), face(null)]).toEqual(['b', 'd']);
  });

  it('is as high as a grid, not as its last picture', () => {
    const shapeless = rowOf(pictures('abcd'));
    const wide = rowOf(pictures('abcd', () => ({ media: { width: 2_000, height: 100 } })));
    expect(estimateRow(shapeless)).toBe(estimateRow(wide));
  });
});

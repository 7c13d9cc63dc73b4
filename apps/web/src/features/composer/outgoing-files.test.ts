import { describe, expect, it, test } from 'vitest';
import { outgoingFiles, pickable, refusalOf, type Picked } from './outgoing-files';

const rules = [
  { kind: 'image' as const, types: ['image/png', 'image/jpeg'], maxBytes: 100, maxCaption: 10 },
  { kind: 'audio' as const, types: ['audio/*'], maxBytes: 100, maxCaption: 0 },
  { kind: 'document' as const, types: ['application/pdf', 'image/png'], maxBytes: 1_000, maxCaption: 10 },
];
const fileOf = (type: string, size = 5, name = 'a') => new File([new Uint8Array(size)], name, { type });
const picked = (type: string, size?: number): Picked => ({
  id: type,
  bytes: fileOf(type, size),
  width: null,
  height: null,
});
const quote = { messageId: 'q', author: null, text: null };
const said = (files: Picked[], text: string) =>
  outgoingFiles(rules, files, text, quote).map(({ content, file, quote: quoted }) => [
    file?.kind ?? 'text',
    content.type === 'text' ? content.text : content.type === 'media' ? content.caption : null,
    quoted?.messageId ?? null,
  ]);

describe('files that leave', () => {
  it('bear the words with the first that may have words', () => {
    expect(said([picked('audio/ogg'), picked('image/png'), picked('application/pdf')], 'look')).toEqual([
      ['audio', null, 'q'],
      ['image', 'look', null],
      ['document', null, null],
    ]);
  });

  it('let the words go ahead where none may have them, or not so many', () => {
    expect(said([picked('audio/ogg')], 'listen')).toEqual([
      ['text', 'listen', 'q'],
      ['audio', null, null],
    ]);
    expect(said([picked('image/png')], 'more than ten')).toEqual([
      ['text', 'more than ten', 'q'],
      ['image', null, null],
    ]);
  });

  it('go without words where there are none, each under an id of its own', () => {
    const leaving = outgoingFiles(rules, [picked('image/png'), picked('image/png')], '', null);
    const ids = leaving.flatMap(({ content }) => (content.type === 'media' ? content.fileId : []));
    expect([leaving.length, new Set(ids).size]).toEqual([2, 2]);
  });

  it('that are too large for a picture go as what takes them', () => {
    expect(said([picked('image/png', 101)], '')).toEqual([['document', null, 'q']]);
  });
});

test.each([
  ['image/png', 5, null],
  ['image/gif', 5, 'This channel does not take files of the type image/gif.'],
  ['', 5, 'This channel does not take files of the type application/octet-stream.'],
  ['image/jpeg', 0, 'This file is empty.'],
  ['image/jpeg', 101, 'This channel takes such a file up to 0 MB; this one has 0.1 MB.'],
])('%s of %i bytes: %s', (type, size, refusal) => {
  expect(refusalOf(rules, fileOf(type, size))).toBe(refusal);
});

it('lets the browser show what can be picked', () => {
  expect(pickable(rules)).toBe('image/png,image/jpeg,audio/*,application/pdf,image/png');
  expect(pickable([{ kind: 'document', types: ['*/*'], maxBytes: 1, maxCaption: 0 }])).toBeUndefined();
});

import { Readable } from 'node:stream';
import type { OutboundFile } from '@parley/channels/provider';
import { expect, it } from 'vitest';
import { readyToLeave } from './leaving-file';

const jpeg = Buffer.from('ffd8ffda0003000102', 'hex');
const leaving = (open: OutboundFile['open'], ms: number) => {
  const file = { name: 'a.jpg', mimeType: 'image/jpeg', sizeBytes: jpeg.length, open };
  const content = { type: 'media', kind: 'image', caption: null, file } as const;
  return readyToLeave({ to: { kind: 'group', externalId: 'g' }, reference: 'r', content }, ms);
};

it('a picture whose turn did not come in time is not read, and holds nobody up', async () => {
  const store = Promise.withResolvers<Readable>();
  const slow = leaving(() => store.promise, 60_000);
  let reads = 0;
  const read = async () => {
    reads++;
    return Readable.from([jpeg]);
  };
  expect(await leaving(read, 1)).toBeNull();
  store.resolve(Readable.from([jpeg]));
  expect(await slow).toMatchObject({ content: { type: 'media' } });
  expect(await leaving(read, 60_000)).toMatchObject({ content: { type: 'media' } });
  expect(reads).toBe(1);
});

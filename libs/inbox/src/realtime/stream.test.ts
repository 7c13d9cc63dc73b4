import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Frame } from './frame';
import { Joined } from './joined';
import { Stream, type Reader } from './stream';

const reader = { tenantId: 't', memberId: 'm', credential: 's', can: '{}', writes: true, rightsSeq: 0 };

let stream: Stream;
let response: ServerResponse;
let told: Promise<string>;
const server = createServer((_request, answer) => (response = answer));
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => server.close());
beforeEach(async () => {
  const asked = new Promise<void>((resolve) => server.once('request', () => resolve()));
  told = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).then((answer) => answer.text());
  await asked;
  stream = new Stream({ ...reader, sight: {} } as Reader, 0, response);
});

const frames = (...seqs: number[]) =>
  seqs.map(
    (seq) =>
      new Frame({
        seq,
        audience: { to: 'tenant' },
        correlationId: null,
        data: '"type":"label.updated","at":"2026-01-01T00:00:00.000Z"',
      }),
  );
const live = (...seqs: number[]) => stream.receive(frames(...seqs), new Joined());

/** The numbers that its reader was told, in that order. */
async function seqs(): Promise<number[]> {
  response.end();
  return [...(await told).matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
}

describe('a stream that is told what it missed', () => {
  beforeEach(() => {
    stream.fallBehind();
    live(1); // it is in what will be read
    stream.beginHolding();
  });

  it('is told after it what came live meanwhile, and then the next at once', async () => {
    live(3);
    live(4, 5);
    stream.tell(frames(1, 2, 3));
    stream.endHolding();
    live(6);
    expect(await seqs()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('is told nothing across what still is missing: of a page that ends before, of numbers that are not kept', async () => {
    live(4);
    live(6);
    stream.tell(frames(1, 2));
    stream.endHolding();
    expect([stream.isLive, stream.pos]).toEqual([true, 2]);
    stream.beginHolding();
    live(4);
    live(6);
    stream.tell(frames(3));
    stream.endHolding();
    live(7);
    expect([stream.pos, await seqs()]).toEqual([4, [1, 2, 3, 4]]);
  });

  it('is told once what is received twice', async () => {
    live(3, 4);
    live(3, 4);
    live(5);
    stream.tell(frames(1, 2));
    stream.endHolding();
    expect(await seqs()).toEqual([1, 2, 3, 4, 5]);
  });

  it('holds no more than can be read again', async () => {
    for (let seq = 3; seq <= 203; seq++) live(seq);
    stream.tell(frames(1, 2));
    stream.endHolding();
    expect([stream.isLive, await seqs()]).toEqual([true, [1, 2]]);
  });

  it('goes on from where it was when reading fails', async () => {
    live(3);
    stream.endHolding();
    live(4);
    expect([stream.isLive, stream.pos, await seqs()]).toEqual([true, 0, []]);
  });
});

import { connect, type Socket } from 'node:net';
import { monotonicMs, type CrowdOrder, type CrowdWord, type Opening } from './crowd-words';
import '../with-parent';

/**
 * Many readers of event streams in one process. They cost the machine as little as can be: of what arrives only the numbers
 * of the events are read, which each of them has once, before a comma.
 */
const EVENT = Buffer.from('"seq":');
const COMMA = 44;
const TELL_MS = 10;

interface Reader {
  socket: Socket;
  isOpen: boolean;
  heard: number;
  /** The last event's number; 0: none yet. */
  last: number;
  /** Events that did not come right after the one before. */
  outOfTurn: number;
  /** When it had heard of all that is waited for. */
  doneAt: number;
  /** The end of what came last: an event's mark may be cut in two. */
  rest: Buffer;
}

let readers: Reader[] = [];
/** Events that each of so many readers is to hear of. */
let [wanted, among] = [Infinity, 0];
let done = 0;
let told = 0;

process.on('message', (order: CrowdOrder) => void obey(order)); // from gather.ts
process.on('disconnect', () => process.exit());
setInterval(tellLeast, TELL_MS);

async function obey(order: CrowdOrder): Promise<void> {
  switch (order.order) {
    case 'open':
      return openAll(order.streams, order.inFlight);
    case 'count':
      for (const reader of readers) [reader.heard, reader.outOfTurn, reader.doneAt] = [0, 0, 0];
      [wanted, among, done, told] = [order.events, order.streams, 0, 0];
      return tell({ word: 'counting' });
    case 'cut':
      for (const { socket } of readers) socket.destroy();
      readers = [];
      return tell({ word: 'cut' });
  }
}

async function openAll(streams: Opening[], inFlight: number): Promise<void> {
  let refused = 0;
  const queue = [...streams];
  const line = async () => {
    for (let one = queue.shift(); one; one = queue.shift()) await open(one).catch(() => refused++);
  };
  await Promise.all(Array.from({ length: inFlight }, line));
  tell({ word: 'opened', refused });
}

function open({ url, headers }: Opening): Promise<void> {
  const { hostname, port, pathname, search } = new URL(url);
  const lines = Object.entries({ host: 'crowd', accept: 'text/event-stream', ...headers }).map((pair) =>
    pair.join(': '),
  );
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write(`GET ${pathname}${search} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`),
    );
    const reader: Reader = { socket, isOpen: false, heard: 0, last: 0, outOfTurn: 0, doneAt: 0, rest: Buffer.alloc(0) };
    socket.setNoDelay();
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed')));
    socket.on('data', (chunk) => {
      if (!reader.isOpen) {
        if (chunk.toString('latin1', 0, 12) !== 'HTTP/1.1 200') return void socket.destroy();
        reader.isOpen = true;
        readers.push(reader);
        resolve();
      }
      hear(reader, chunk);
    });
  });
}

function hear(reader: Reader, chunk: Buffer): void {
  const bytes = reader.rest.length ? Buffer.concat([reader.rest, chunk]) : chunk;
  let rest = Math.max(0, bytes.length - EVENT.length + 1);
  for (let at = bytes.indexOf(EVENT); at >= 0;) {
    const end = bytes.indexOf(COMMA, at + EVENT.length);
    if (end < 0) rest = at;
    else take(reader, Number(bytes.toString('latin1', at + EVENT.length, end)));
    at = end < 0 ? -1 : bytes.indexOf(EVENT, end);
  }
  reader.rest = Buffer.from(bytes.subarray(rest));
  if (reader.heard < wanted || reader.doneAt) return;
  reader.doneAt = monotonicMs();
  if (++done === among) tell(counted());
}

function take(reader: Reader, seq: number): void {
  if (reader.last && seq !== reader.last + 1) reader.outOfTurn++;
  reader.last = seq;
  reader.heard++;
}

function counted(): CrowdWord {
  const outOfTurn = readers.reduce((sum, reader) => sum + reader.outOfTurn, 0);
  return { word: 'counted', at: readers.map(({ doneAt }) => doneAt), outOfTurn };
}

function tellLeast(): void {
  if (readers.length < among) return;
  const events = readers.reduce((least, { heard }) => Math.min(least, heard), Infinity);
  if (events > told && events !== Infinity) tell({ word: 'least', events: (told = events) });
}

function tell(word: CrowdWord): void {
  process.send?.(word);
}

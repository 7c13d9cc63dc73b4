import { connect } from 'node:net';
import type { Desk } from '../subject';

const END = Buffer.from('\n\n');

/**
 * One event stream, read from the bare socket: what a frame tells is found by its bytes, so that a hundred streams cost
 * the machine little. The lengths between HTTP chunks stand outside frames or between two pieces of one, and do no harm.
 */
export function listen(
  desk: Desk,
  { frame, mark }: { frame: string; mark: string },
  heard: (call: number) => void,
): Promise<void> {
  const { hostname, port, pathname, search } = new URL(desk.eventsUrl);
  const [isMessage, marks] = [Buffer.from(frame), Buffer.from(mark)];
  const headers = Object.entries({ host: 'bench', accept: 'text/event-stream', ...desk.headers });
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        `GET ${pathname}${search} HTTP/1.1\r\n${headers.map((pair) => pair.join(': ')).join('\r\n')}\r\n\r\n`,
      );
    });
    let rest: Buffer = Buffer.alloc(0);
    let opened = false;
    socket.setNoDelay();
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('a stream was closed before it was opened')));
    socket.on('data', (chunk) => {
      if (!opened) {
        opened = true;
        const status = chunk.toString('latin1', 0, 12);
        if (status === 'HTTP/1.1 200') resolve();
        else reject(new Error(`${desk.eventsUrl} answered ${status}`));
      }
      rest = rest.length ? Buffer.concat([rest, chunk]) : chunk;
      for (let end = rest.indexOf(END); end >= 0; end = rest.indexOf(END)) {
        take(rest.subarray(0, end));
        rest = rest.subarray(end + END.length);
      }
    });
    function take(bytes: Buffer): void {
      const at = bytes.indexOf(marks);
      if (at < 0 || !bytes.includes(isMessage)) return;
      const from = at + marks.length;
      heard(Number(bytes.toString('latin1', from, bytes.indexOf('~', from))));
    }
  });
}

import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What a client of ours said: to Postgres its statements, to Redis its commands. */
export interface StatementTap {
  /** For a process of ours, in place of its own address. */
  url: string;
  /** What was said since it was asked last, in order. */
  take(): Said[];
  close(): Promise<void>;
}

export interface Said {
  /** The connection's number. */
  line: number;
  /** Its name in Postgres, e.g. `drain`. */
  by: string;
  text: string;
}

type Reader = (chunk: Buffer) => void;
type Tell = (said: Omit<Said, 'line'>) => void;

/** Every statement that is executed, BEGIN and COMMIT among them. */
export const tapPostgres = (url: string): Promise<StatementTap> => startTap(url, 5432, postgresReader);

/** Every command, pipelined or not; not those that a script calls. */
export const tapRedis = (url: string): Promise<StatementTap> => startTap(url, 6379, redisReader);

async function startTap(address: string, usual: number, readerOf: (tell: Tell) => Reader): Promise<StatementTap> {
  const target = new URL(address);
  const said: Said[] = [];
  let lines = 0;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const service = connect({ host: target.hostname, port: Number(target.port || usual), noDelay: true });
    const line = lines++;
    client.on(
      'data',
      readerOf((one) => said.push({ ...one, line })),
    );
    client.pipe(service).pipe(client);
    for (const socket of [client, service]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => (client.destroy(), service.destroy(), sockets.delete(socket)));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    take: () => said.splice(0),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The frontend's messages: a letter, the length of the rest, the rest; the first has no letter. */
function postgresReader(tell: Tell): Reader {
  let rest: Buffer = Buffer.alloc(0);
  let by: string | undefined;
  const texts = new Map<string, string>();
  let bound = '';
  const hear = (letter: string, body: Buffer) => {
    const [first = '', second = ''] = body.toString('utf8').split('\0', 2);
    if (letter === 'P') texts.set(first, second);
    if (letter === 'B') bound = texts.get(second) ?? '';
    if (letter === 'E') tell({ by: by ?? '', text: bound });
    if (letter === 'Q') tell({ by: by ?? '', text: first });
  };
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = by === undefined ? 0 : 1;
      if (rest.length < head + 4) return;
      const length = head + rest.readUInt32BE(head);
      if (rest.length < length) return;
      const body = rest.subarray(head + 4, length);
      if (by === undefined) by = /application_name\0([^\0]*)/.exec(body.toString('utf8'))?.[1] ?? '';
      else hear(String.fromCharCode(rest[0] ?? 0), body);
      rest = rest.subarray(length);
    }
  };
}

/** A client's commands are arrays of bulk strings: `*n`, then n times `$length` and so many bytes. */
function redisReader(tell: Tell): Reader {
  let rest = '';
  return (chunk) => {
    rest += chunk.toString('latin1');
    for (let next = commandIn(rest); next; next = commandIn(rest)) {
      tell({ by: 'redis', text: next.words.slice(0, 2).join(' ') });
      rest = rest.slice(next.length);
    }
  };
}

function commandIn(text: string): { words: string[]; length: number } | undefined {
  const head = /^\*(\d+)\r\n/.exec(text);
  if (!head) return undefined;
  const words: string[] = [];
  let at = head[0].length;
  for (let left = Number(head[1]); left > 0; left--) {
    const size = /^\$(\d+)\r\n/.exec(text.slice(at, at + 20));
    if (!size) return undefined;
    const start = at + size[0].length;
    const end = start + Number(size[1]);
    if (text.length < end + 2) return undefined;
    words.push(text.slice(start, end));
    at = end + 2;
  }
  return { words, length: at };
}

import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import postgres from 'postgres';
import type { Plan, PlanNode } from './plan';

/** A way to Postgres on which every statement tells its plan as it ran, those inside of functions too. */
export interface PlanTap {
  /** For a process of ours, in place of its own `DATABASE_URL`. */
  url: string;
  /** What was told since it was asked last. A statement's plan is told before its answer. */
  take(): Plan[];
  close(): Promise<void>;
}

const SETTINGS = {
  session_preload_libraries: 'auto_explain',
  client_min_messages: 'log',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_buffers': 'on',
  'auto_explain.log_nested_statements': 'on',
  'auto_explain.log_format': 'json',
  'auto_explain.log_level': 'log',
};

/** Of this database, whose owner must be a superuser: who connects from then on until it is closed is told plans, which our pools ignore. */
export async function startPlanTap(databaseUrl: string): Promise<PlanTap> {
  const target = new URL(databaseUrl);
  await alter(databaseUrl, (setting) => `set ${setting} = '${SETTINGS[setting]}'`);
  const plans: Plan[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const service = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
    const read = noticeReader((notice) => plans.push(...planOf(notice)));
    service.on('data', read);
    client.pipe(service).pipe(client);
    for (const socket of [client, service]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => (client.destroy(), service.destroy(), sockets.delete(socket)));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    take: () => plans.splice(0),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await alter(databaseUrl, (setting) => `reset ${setting}`);
    },
  };
}

async function alter(databaseUrl: string, how: (setting: keyof typeof SETTINGS) => string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice() {} });
  const name = new URL(databaseUrl).pathname.slice(1);
  try {
    for (const setting of Object.keys(SETTINGS) as (keyof typeof SETTINGS)[])
      await sql.unsafe(`alter database "${name}" ${how(setting)}`);
  } finally {
    await sql.end();
  }
}

/** Reads the backend's messages: a letter, the length of the rest, the rest. A notice is `N`, its text the field `M`. */
function noticeReader(tell: (message: string) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length ? Buffer.concat([rest, chunk]) : chunk;
    for (; rest.length >= 5;) {
      const length = 1 + rest.readUInt32BE(1);
      if (rest.length < length) return;
      if (rest[0] === 0x4e) tell(messageIn(rest.subarray(5, length)));
      rest = rest.subarray(length);
    }
  };
}

function messageIn(fields: Buffer): string {
  const field = fields
    .toString('utf8')
    .split('\0')
    .find((one) => one.startsWith('M'));
  return field?.slice(1) ?? '';
}

function planOf(message: string): Plan[] {
  const json = /^duration: [\d.]+ ms {2}plan:\n(\{.*)$/s.exec(message)?.[1];
  if (!json) return [];
  const { 'Query Text': text, Plan: root } = JSON.parse(json) as { 'Query Text': string; Plan: PlanNode };
  return [{ text, root }];
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RealtimeEvent } from '@parley/contracts/realtime';
import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { labelsQuery } from '@/features/labels/queries';
import { connection } from './connection';
import { SharedStream } from './shared-stream';
import { syncOf } from './sync';
import { ids, T0 } from './test/factories';

/** An API that streams labels: as many names as there were events. */
class StreamServer {
  readonly events: RealtimeEvent[] = [];
  readonly opened: { lastEventId: string }[] = [];
  private readonly streams = new Set<ServerResponse>();
  private server: Server | undefined;
  answerReset = false;

  async start(): Promise<string> {
    this.server = createServer((request, response) => this.answer(request, response)).listen(0, '127.0.0.1');
    await new Promise((resolve) => this.server?.once('listening', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  stop(): void {
    this.cut();
    this.server?.close();
  }
  get head(): number {
    return this.events.at(-1)?.seq ?? 0;
  }
  get open(): number {
    return this.streams.size;
  }
  emit(): void {
    const seq = this.head + 1;
    const event: RealtimeEvent = {
      seq,
      at: T0,
      type: 'label.updated',
      label: { id: ids.label(0), name: `Name ${seq}`, hue: 60 },
    };
    this.events.push(event);
    for (const stream of this.streams) this.write(stream, event);
  }
  ping(seq: number): void {
    for (const stream of this.streams) stream.write(`id: ${seq}\n\n`);
  }
  cut(): void {
    for (const stream of this.streams) stream.destroy();
    this.streams.clear();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const headers = { 'parley-cursor': String(this.head), 'content-type': 'application/json' };
    if (!request.url?.startsWith('/api/inbox/events')) {
      const name = this.head === 0 ? 'Name 0' : `Name ${this.head}`;
      response
        .writeHead(200, headers)
        .end(JSON.stringify({ items: [{ id: ids.label(0), name, hue: 60 }], nextCursor: null }));
      return;
    }
    const lastEventId = String(request.headers['last-event-id']);
    this.opened.push({ lastEventId });
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
    if (this.answerReset) {
      this.answerReset = false;
      response.end('event: reset\ndata: {}\n\n');
      return;
    }
    this.streams.add(response);
    request.on('close', () => this.streams.delete(response));
    for (const event of this.events) if (event.seq > Number(lastEventId)) this.write(response, event);
  }
  private write(stream: ServerResponse, event: RealtimeEvent): void {
    stream.write(`id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`);
  }
}

/** One tab of the browser, with its own cache. */
class Tab {
  readonly client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false } } });
  readonly heard: number[] = [];
  readonly stream: SharedStream;

  constructor(scope: string, after: number, freshCursor: () => Promise<number>) {
    this.stream = new SharedStream({
      client: this.client,
      scope,
      after,
      freshCursor,
      onEvent: ({ seq }) => this.heard.push(seq),
      onSignedOut: () => undefined,
    });
  }
  async open(): Promise<this> {
    await this.client.fetchQuery(labelsQuery);
    this.stream.start();
    return this;
  }
  get label(): string | undefined {
    return this.client.getQueryData(labelsQuery.queryKey)?.items[0]?.name;
  }
  get head(): number {
    return syncOf(this.client).head;
  }
}

let server: StreamServer;
let scope: string;
let tabs: Tab[];

beforeEach(async () => {
  server = new StreamServer();
  const origin = await server.start();
  const { fetch: real } = globalThis;
  vi.stubGlobal('fetch', (url: string, init?: RequestInit) => real(origin + url, init)); // a page knows its origin
  vi.stubGlobal('document', { visibilityState: 'visible' });
  scope = crypto.randomUUID();
  tabs = [];
});
afterEach(() => {
  tabs.forEach((tab) => tab.stream.stop());
  server.stop();
  vi.unstubAllGlobals();
});

const openTab = async (after = server.head) => {
  const tab = new Tab(scope, after, () => Promise.resolve(server.head));
  tabs.push(tab);
  return tab.open();
};
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 30_000, interval: 5 });

it('holds one stream for all tabs, and each takes every event once', async () => {
  const [one, two] = [await openTab(), await openTab()];
  await eventually(() => expect(server.open).toBe(1));
  for (let n = 0; n < 5; n += 1) server.emit();
  await eventually(() => expect([one.label, two.label]).toEqual(['Name 5', 'Name 5']));
  expect([one.heard, two.heard]).toEqual([
    [1, 2, 3, 4, 5],
    [1, 2, 3, 4, 5],
  ]);
  expect(server.opened).toHaveLength(1);
});

it('goes on with another tab when the leading one closes, without a gap', async () => {
  const [one, two] = [await openTab(), await openTab()];
  await eventually(() => expect(one.stream.leading && server.open === 1).toBe(true));
  server.emit();
  await eventually(() => expect(two.label).toBe('Name 1'));
  one.stream.stop();
  server.emit();
  await eventually(() => expect(two.stream.leading).toBe(true));
  server.emit();
  await eventually(() => expect(two.heard).toEqual([1, 2, 3]));
  expect(server.opened.at(-1)).toEqual({ lastEventId: '1' });
});

it('resumes after a cut where it stopped, pings included', async () => {
  const tab = await openTab();
  await eventually(() => expect(server.open).toBe(1));
  server.emit();
  server.ping(1);
  await eventually(() => expect(tab.heard).toEqual([1]));
  server.cut();
  server.emit();
  await eventually(() => expect(tab.heard).toEqual([1, 2]));
  expect(server.opened.at(-1)).toEqual({ lastEventId: '1' });
  await eventually(() => expect(connection.get().connected).toBe(true));
});

it('brings a tab that opens later, with an older snapshot, up to date from the leader', async () => {
  const leader = await openTab();
  await eventually(() => expect(server.open).toBe(1));
  const late = new Tab(scope, 0, () => Promise.resolve(server.head));
  tabs.push(late);
  await late.client.fetchQuery(labelsQuery); // read at 0
  server.emit();
  server.emit();
  await eventually(() => expect(leader.label).toBe('Name 2'));
  late.stream.start();
  await eventually(() => expect(late.label).toBe('Name 2'));
  expect(server.opened).toHaveLength(1);
});

it('reads everything anew in every tab when the server says so', async () => {
  const [one, two] = [await openTab(), await openTab()];
  await eventually(() => expect(server.open).toBe(1));
  server.answerReset = true;
  server.events.push({ seq: 40, at: T0, type: 'label.updated', label: { id: ids.label(0), name: 'Name 40', hue: 60 } }); // too old to be streamed
  server.cut();
  await eventually(() => expect([one.head, two.head]).toEqual([40, 40]));
  server.emit();
  await eventually(() => expect([one.heard.at(-1), two.heard.at(-1)]).toEqual([41, 41]));
});

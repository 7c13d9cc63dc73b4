import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call that the provider got. */
export interface ProviderCall {
  /** After the instance's name was cut off: `message/sendText`. */
  operation: string;
  /** Digits of whom it is to. */
  number: string;
  text: string;
  body: Body;
  /** Of the process's monotonic clock, ms. */
  at: number;
}

/** What it answers: an HTTP answer, or nothing while the connection breaks. */
export type Reply = { status: number; body?: unknown; headers?: Record<string, string> } | 'reset';

/**
 * An Evolution server, and Cloud API's sends, that do as a test says: takes everything at once, unless a script for that number answers
 * otherwise. Remembers every call in the order of their arrival.
 */
export class ScriptedProvider {
  readonly calls: ProviderCall[] = [];
  private readonly scripts = new Map<string, (call: ProviderCall, nth: number) => Promise<Reply> | Reply>();
  private readonly counts = new Map<string, number>();
  private readonly server = createServer((request, response) => void this.take(request, response));
  private ids = 0;
  /** What the server stored, for look-ups: by number. */
  readonly stored = new Map<string, { id: string; text: string; at: Date }[]>();

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Answers sends to that number ("+1202…" or digits) this way; `nth` counts from 1. */
  script(number: string, answer: (call: ProviderCall, nth: number) => Promise<Reply> | Reply): void {
    this.scripts.set(digits(number), answer);
  }

  /** Takes it, under that id or a new one. */
  accept(call: Pick<ProviderCall, 'number' | 'operation'>, id: string = this.newId()): Reply {
    if (call.operation === CLOUD_API)
      return { status: 200, body: { messaging_product: 'whatsapp', messages: [{ id }] } };
    if (!call.number) return { status: 200, body: { id } }; // a file was handed over, to be sent later
    return { status: 201, body: { key: { id, fromMe: true, remoteJid: `${call.number}@s.whatsapp.net` } } };
  }

  newId(): string {
    this.ids++;
    return `3EB0${process.pid}${String(this.ids).padStart(8, '0')}`;
  }

  /** Texts that reached the server for that number, in order. */
  textsTo(number: string): string[] {
    return this.calls.filter((call) => call.number === digits(number)).map((call) => call.text);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = parsed(await read(request));
    const operation = body.messaging_product ? CLOUD_API : (request.url ?? '').split('/').slice(1, 3).join('/');
    const number = digits(body.number ?? body.to ?? body.key?.remoteJid ?? body.where?.key?.remoteJid ?? '');
    const text = body.text?.toString() ?? body.reaction ?? '';
    const call = {
      operation,
      number,
      text: typeof body.text === 'object' ? body.text.body : text,
      body,
      at: performance.now(),
    };
    const reply = operation === 'chat/findMessages' ? this.find(number) : await this.send(call);
    if (reply === 'reset') return void request.socket.destroy();
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(JSON.stringify(reply.body ?? {}));
  }

  private async send(call: ProviderCall): Promise<Reply> {
    if (call.operation.startsWith('chat/')) return { status: 201 };
    this.calls.push(call);
    const nth = (this.counts.get(call.number) ?? 0) + 1;
    this.counts.set(call.number, nth);
    return (await this.scripts.get(call.number)?.(call, nth)) ?? this.accept(call);
  }

  private find(number: string): Reply {
    const records = (this.stored.get(number) ?? []).map(({ id, text, at }) => ({
      key: { id, fromMe: true, remoteJid: `${number}@s.whatsapp.net` },
      message: { conversation: text },
      messageTimestamp: Math.floor(at.getTime() / 1000),
    }));
    return { status: 200, body: { messages: { total: records.length, pages: 1, currentPage: 1, records } } };
  }
}

const CLOUD_API = 'messages';

/** What of a call's body tests look at. */
interface Body {
  number?: string;
  text?: string | { body: string };
  reaction?: string;
  key?: { remoteJid?: string };
  where?: { key?: { remoteJid?: string } };
  messaging_product?: string;
  to?: string;
  biz_opaque_callback_data?: string;
}

/** JSON, or of a form that brings a file whom it is to, and its name as the text. */
function parsed(said: string): Body {
  if (!said.startsWith('--')) return JSON.parse(said || '{}') as Body;
  const field = (name: string) => new RegExp(`name="${name}"\r\n\r\n(.*)\r\n`).exec(said)?.[1];
  return { number: field('number') ?? 'upload', text: field('fileName') ?? '' };
}

const digits = (number: string) => number.replace(/@.*$/, '').replace(/\D/g, '');

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

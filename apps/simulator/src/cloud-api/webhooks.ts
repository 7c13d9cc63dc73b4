import { createHmac } from 'node:crypto';
import { keyOf } from '../world/account';
import type { Timer } from '../world/clock';
import type { About } from '../world/journal';
import type { RetryPolicy } from '../world/webhooks';
import { ControlError } from '../provider';
import { parameter } from './errors';
import type { CloudSettings, Line, MetaApp, Override, State } from './state';

const TIMEOUT_MS = 5_000;
const MOST_UPDATES = 1000;

type Signature = CloudSettings['signature'] | 'sha1';

/** One change of one entry. Account-level fields carry the entry's time. */
export interface Change {
  line: Line;
  field: string;
  value: Record<string, unknown>;
  about: About[];
  phone?: string;
  copies?: number;
  unheard?: boolean;
  /** Seconds, on account-level fields. */
  time?: number;
  /** Whose accounts it concerns; only the number's own, unless the whole WABA is told. */
  lines?: Line[];
}

interface Batch {
  changes: Change[];
  timer: Timer;
  done: Promise<void>;
  resolve: () => void;
}

/** Meta's way of telling: signed, escaped, batched, at the number's, the WABA's or the app's address. */
export class MetaWebhooks {
  private readonly batches = new Map<string, Batch>();

  constructor(private readonly state: State) {}

  /** Tells every app that is subscribed to the number's WABA. Resolves once all were told, or gave up. */
  async emit(change: Change): Promise<void> {
    const waba = this.state.waba(change.line);
    const told = Object.keys(waba.subscriptions).map((appId) => {
      const app = this.state.app(appId);
      const url = app && this.urlOf(change, app);
      return app && url ? this.enqueue(app, url, change) : undefined;
    });
    await Promise.all(told);
  }

  /** A body of one's own choice, signed as asked. */
  raw(line: Line, body: string, signature: Signature, headers: Record<string, string> = {}): Promise<void> {
    const app = this.state.app(line.appId);
    const url = app && this.urlOf({ line, field: 'messages' }, app);
    if (!app || !url) throw new ControlError(409, 'The app of this number has no callback address');
    const about: About[] = [{ what: 'other', externalId: null, chat: null }];
    const hook = { accounts: [keyOf(line)], event: 'raw', url, body, about };
    return this.state.world.webhooks.send(
      { ...hook, headers: { ...signed(body, app.secret, signature), ...headers } },
      policyOf(line),
    );
  }

  /** GET handshake, as Meta runs it while a callback is being set. Throws error 100 unless the challenge comes back as it is. */
  async handshake({ url, verifyToken }: Override): Promise<void> {
    const challenge = String(Math.floor(1_000_000_000 + Math.random() * 1_000_000_000));
    const target = new URL(url);
    target.searchParams.set('hub.mode', 'subscribe');
    target.searchParams.set('hub.challenge', challenge);
    target.searchParams.set('hub.verify_token', verifyToken);
    const answer = await fetch(target, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'manual' }).catch(
      () => undefined,
    );
    const text = answer?.status === 200 ? await answer.text() : undefined;
    if (text !== challenge)
      throw parameter(
        `Callback verification failed: HTTP Status Code = ${answer?.status ?? 'none'}; the challenge did not come back`,
      );
  }

  resume(): void {
    const { journal, webhooks } = this.state.world;
    for (const entry of journal.unfinished('cloud-api')) void webhooks.resume(entry, metaPolicy(14));
  }

  clear(): void {
    for (const batch of this.batches.values()) batch.timer.cancel();
    this.batches.clear();
  }

  /** Overrides count for `messages` alone: the number's, then the WABA's, then the app's own. */
  private urlOf({ line, field }: Pick<Change, 'line' | 'field'>, app: MetaApp): string | null {
    if (line.callback && app.id === line.appId) return line.callback;
    if (field !== 'messages') return app.callbackUrl;
    return line.overrides[app.id]?.url ?? this.state.waba(line).subscriptions[app.id]?.override?.url ?? app.callbackUrl;
  }

  private enqueue(app: MetaApp, url: string, change: Change): Promise<void> {
    const { batchMs } = change.line.settings;
    if (batchMs === 0) return this.deliver(app, url, [change]);
    const key = `${app.id} ${url}`;
    const batch = this.batches.get(key) ?? this.startBatch(key, app, url, batchMs);
    batch.changes.push(change);
    if (batch.changes.length >= MOST_UPDATES) this.closeBatch(key, app, url);
    return batch.done;
  }

  private startBatch(key: string, app: MetaApp, url: string, batchMs: number): Batch {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.state.world.clock.after(batchMs, () => this.closeBatch(key, app, url));
    const batch: Batch = { changes: [], timer, done: promise, resolve };
    this.batches.set(key, batch);
    return batch;
  }

  private closeBatch(key: string, app: MetaApp, url: string): void {
    const batch = this.batches.get(key);
    if (!batch) return;
    batch.timer.cancel();
    this.batches.delete(key);
    void this.deliver(app, url, batch.changes).then(batch.resolve);
  }

  private deliver(app: MetaApp, url: string, changes: Change[]): Promise<void> {
    const [first] = changes;
    if (!first) return Promise.resolve();
    const { signature } = first.line.settings;
    const plain = JSON.stringify({ object: 'whatsapp_business_account', entry: entriesOf(changes) });
    const body = signature === 'unescaped' ? plain : escaped(plain);
    const accounts = new Set(changes.flatMap(({ line, lines }) => (lines ?? [line]).map(keyOf)));
    return this.state.world.webhooks.send(
      {
        accounts: [...accounts],
        event: first.field,
        url,
        headers: signed(body, app.secret, signature),
        body,
        about: changes.flatMap(({ about }) => about),
        phone: first.phone,
        copies: first.copies,
        unheard: first.unheard,
      },
      policyOf(first.line),
    );
  }
}

/** One entry a WABA, one change a number and field; what can share a value does. */
function entriesOf(changes: Change[]) {
  const entries = new Map<
    string,
    { id: string; time?: number; changes: { field: string; value: Record<string, unknown> }[] }
  >();
  for (const { line, field, value, time } of changes) {
    const entry = entries.get(line.wabaId) ?? { id: line.wabaId, ...(time && { time }), changes: [] };
    entries.set(line.wabaId, entry);
    const shared =
      field === 'messages'
        ? entry.changes.find((each) => each.field === field && sameNumber(each.value, value))
        : undefined;
    if (shared) shared.value = merged(shared.value, value);
    else entry.changes.push({ field, value });
  }
  return [...entries.values()];
}

const sameNumber = (a: Record<string, unknown>, b: Record<string, unknown>) =>
  JSON.stringify(a.metadata) === JSON.stringify(b.metadata);

function merged(a: Record<string, unknown>, b: Record<string, unknown>): Record<string, unknown> {
  const lists = ['contacts', 'messages', 'statuses', 'errors'].flatMap((name) => {
    const all = [...((a[name] ?? []) as unknown[]), ...((b[name] ?? []) as unknown[])];
    const distinct = name === 'contacts' ? [...new Map(all.map((each) => [JSON.stringify(each), each])).values()] : all;
    return distinct.length ? [[name, distinct]] : [];
  });
  return { ...a, ...Object.fromEntries(lists) };
}

/** Meta's serialiser: ASCII alone, and every slash behind a backslash. */
export const escaped = (json: string) =>
  json
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** `unescaped`: the body keeps its own characters, the signature is of the escaped form. */
function signed(body: string, secret: string, signature: Signature): Record<string, string> {
  const form =
    signature === 'unescaped'
      ? body.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      : body;
  const key = signature === 'bad' ? `${secret} of somebody else` : secret;
  const hmac = (hash: string) => createHmac(hash, key).update(form).digest('hex');
  return {
    'content-type': 'application/json',
    'user-agent': 'facebookexternalua',
    ...(signature !== 'missing' && { 'x-hub-signature': `sha1=${hmac('sha1')}` }),
    ...(signature !== 'missing' && signature !== 'sha1' && { 'x-hub-signature-256': `sha256=${hmac('sha256')}` }),
  };
}

const policyOf = (line: Line) => metaPolicy(line.settings.webhookTries);

/** Anything but 200 within 5 s is tried again: at once, then after 1, 2, 4 … s. */
const metaPolicy = (tries: number): RetryPolicy => ({
  timeoutMs: TIMEOUT_MS,
  taken: (status) => status === 200,
  final: () => false,
  delayAfter: (attempts) => (attempts >= tries ? undefined : attempts === 1 ? 0 : 2 ** (attempts - 2) * 1000),
});

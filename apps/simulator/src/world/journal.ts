import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import path from 'node:path';

const FLUSH_MS = 100;
/** Entries that are held; the oldest go first. */
const MAX_ENTRIES = 100_000;
/** Changes that are remembered; the oldest go first. */
const MAX_CHANGES = 100_000;
/** Entries that are taken over a restart. */
const KEPT_ENTRIES = 20_000;

export interface Attempt {
  at: string;
  ms: number;
  /** What the receiver answered; `null` when it did not. */
  status: number | null;
  /** What it answered, too late for the provider. */
  late?: number | null;
  error?: string;
  /** It asked not to be tried again. */
  ends?: boolean;
}

/** What one webhook tells: of which message, and what. */
export interface About {
  what: 'message' | 'echo' | 'status' | 'other';
  externalId: string | null;
  chat: string | null;
  status?: string;
}

/** A webhook, with everything that happened to it. */
export interface WebhookEntry {
  type: 'webhook';
  seq: number;
  at: string;
  accounts: string[];
  event: string;
  url: string;
  headers: Record<string, string>;
  body: string;
  about: About[];
  attempts: Attempt[];
  /** `lost`: a fault swallowed it; `refused`: the provider takes this answer as final; `given-up`: out of attempts. */
  outcome: 'pending' | 'acked' | 'refused' | 'given-up' | 'lost';
}

/** A call that the simulated provider received. */
export interface CallEntry {
  type: 'call';
  seq: number;
  at: string;
  accounts: string[];
  method: string;
  path: string;
  body: unknown;
  /** `null`: the answer never came, or has not come yet. */
  status: number | null;
  answer?: unknown;
  ms?: number;
  /** The message that it sent, where it sent one. */
  externalId?: string;
}

/** Something a customer, or the control API, made happen. */
interface HappenedEntry {
  type: 'happened';
  seq: number;
  at: string;
  accounts: string[];
  kind: string;
  externalId: string | null;
  chat: string | null;
  text?: string;
  /** Why no webhook tells of it. */
  silent?: string;
}

export type Entry = WebhookEntry | CallEntry | HappenedEntry;
type Draft<E> = E extends Entry ? Omit<E, 'seq' | 'at'> : never;

/** Everything that passed between Parley and the providers, numbered. Entries grow while attempts and answers come in. */
export class Journal {
  private readonly file: string;
  private readonly byAccount = new Map<string, Entry[]>();
  private readonly changed = new Set<Entry>();
  /** Every change, in order, by the number that its entry then got. */
  private changes: { number: number; entry: Entry }[] = [];
  private readonly latest = new WeakMap<Entry, number>();
  private changeCount = 0;
  private entries: Entry[] = [];
  private seq = 0;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    folder: string,
    private readonly now: () => number,
  ) {
    mkdirSync(folder, { recursive: true });
    this.file = path.join(folder, 'journal.jsonl');
    this.load();
  }

  add<E extends Entry>(draft: Draft<E>): E {
    const entry = { seq: ++this.seq, at: new Date(this.now()).toISOString(), ...draft } as unknown as E;
    this.index(entry);
    this.changedEntry(entry);
    if (this.entries.length > MAX_ENTRIES) this.trim();
    return entry;
  }

  /** Says that an entry was changed in place. */
  changedEntry(entry: Entry): void {
    this.changed.add(entry);
    this.changes.push({ number: ++this.changeCount, entry });
    this.latest.set(entry, this.changeCount);
    if (this.changes.length > MAX_CHANGES) this.changes = this.changes.slice(-MAX_CHANGES * 0.8);
    this.timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  /** Entries after that number, oldest first; of one account, or of all. */
  read({ after, limit, tail }: { after: number; limit: number; tail?: number }, account?: string): Entry[] {
    const entries = account ? (this.byAccount.get(account) ?? []) : this.entries;
    if (tail) return entries.slice(-tail);
    const start = firstPast(entries, after, ({ seq }) => seq);
    return entries.slice(start, start + limit);
  }

  /**
   * Entries as they are now that changed after the change of that number, each once, and the number to ask with next.
   * `limit` counts changes. Also tells of entries that `read` has forgotten.
   */
  changesAfter(after: number, limit: number): { entries: Entry[]; upTo: number } {
    const start = firstPast(this.changes, after, ({ number }) => number);
    const found = this.changes.slice(start, start + limit);
    const newest = found.filter(({ number, entry }) => this.latest.get(entry) === number);
    return { entries: newest.map(({ entry }) => entry), upTo: found.at(-1)?.number ?? this.changeCount };
  }

  /** Webhooks that were still being tried when the last run ended. */
  unfinished(provider: string): WebhookEntry[] {
    return this.entries.filter(
      (entry): entry is WebhookEntry =>
        entry.type === 'webhook' &&
        entry.outcome === 'pending' &&
        entry.accounts.some((key) => key.startsWith(`${provider}/`)),
    );
  }

  clear(): void {
    this.entries = [];
    this.byAccount.clear();
    this.changed.clear();
    this.changes = [];
    const empty = () => truncateSync(this.file, 0);
    this.writing = this.writing.then(empty, empty);
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.writing;
    appendFileSync(this.file, this.changedLines());
  }

  private flush(): void {
    this.timer = undefined;
    const lines = this.changedLines();
    this.writing = this.writing.then(() => appendFile(this.file, lines)).catch(reportLoss);
  }

  private changedLines(): string {
    let lines = '';
    for (const entry of this.changed) lines += `${JSON.stringify(entry)}\n`;
    this.changed.clear();
    return lines;
  }

  private index(entry: Entry): void {
    this.entries.push(entry);
    for (const account of entry.accounts) {
      const own = this.byAccount.get(account);
      if (own) own.push(entry);
      else this.byAccount.set(account, [entry]);
    }
  }

  /** In large steps, so that it costs nothing an entry. */
  private trim(): void {
    const kept = this.entries.slice(-MAX_ENTRIES * 0.8);
    this.entries = [];
    this.byAccount.clear();
    for (const entry of kept) this.index(entry);
  }

  private load(): void {
    if (!existsSync(this.file)) return writeFileSync(this.file, '');
    const found = new Map<number, Entry>();
    for (const line of readFileSync(this.file, 'utf8').split('\n')) {
      const entry = parse(line);
      if (entry) found.set(entry.seq, entry);
    }
    const kept = [...found.values()].sort((a, b) => a.seq - b.seq).slice(-KEPT_ENTRIES);
    for (const entry of kept) this.index(entry);
    this.seq = kept.at(-1)?.seq ?? 0;
    writeFileSync(`${this.file}.new`, kept.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    renameSync(`${this.file}.new`, this.file);
  }
}

function parse(line: string): Entry | undefined {
  try {
    return line ? (JSON.parse(line) as Entry) : undefined;
  } catch {
    return undefined; // cut short by a kill
  }
}

/** Position of the first item past that number; items are sorted by it. */
function firstPast<T>(items: T[], after: number, numberOf: (item: T) => number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && numberOf(item) <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}

function reportLoss(error: unknown): void {
  console.error('The simulator could not write its journal:', error);
}

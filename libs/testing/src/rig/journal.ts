import type { CallEntry, SimulatorClient, WebhookEntry } from '../simulator';

const EVERY_MS = 500;
const PAGE = 5_000;

interface HookAttempt {
  at: number;
  ms: number;
  status: number | null;
  /** What was answered, too late for the provider: some loads have such answers. */
  late?: number | null;
}

/** A webhook of a provider, as far as checkers look at it. */
export interface Hook {
  /** Of the messages of customers in it. */
  externalIds: string[];
  /** When it was sent for the first time; epoch ms. */
  sentAt: number;
  attempts: HookAttempt[];
  outcome: WebhookEntry['outcome'];
}

/** A call that a provider received; `words` is the text that it was to send, where it was to send one. */
export interface Call {
  at: number;
  account: string | undefined;
  path: string;
  words: string | undefined;
  status: number | null;
}

/** Follows the simulator's journal, which forgets what is old, and remembers what checkers need. */
export class JournalFollower {
  readonly hooks = new Map<number, Hook>();
  readonly calls = new Map<number, Call>();
  /** When something last changed in it; epoch ms. */
  changedAt = Date.now();
  private readonly unsettled = new Set<number>();
  private upTo = 0;
  private timer: NodeJS.Timeout | undefined;
  private reading: Promise<void> | undefined;

  constructor(private readonly simulator: SimulatorClient) {}

  start(): void {
    this.timer = setInterval(() => void this.catchUp().catch(() => {}), EVERY_MS); // next time
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Webhooks that are still on their way, or will be tried again. */
  get pending(): number {
    return this.unsettled.size;
  }

  /** Reads all there is by now. */
  async catchUp(): Promise<void> {
    await this.reading?.catch(() => {});
    this.reading ??= this.read().finally(() => (this.reading = undefined));
    await this.reading;
  }

  private async read(): Promise<void> {
    for (;;) {
      const { entries, upTo } = await this.simulator.changes(this.upTo, PAGE);
      if (upTo === this.upTo) return;
      this.upTo = upTo;
      this.changedAt = Date.now();
      for (const entry of entries) {
        if (entry.type === 'webhook') this.takeHook(entry);
        else if (entry.type === 'call') this.calls.set(entry.seq, callOf(entry));
      }
    }
  }

  private takeHook({ seq, at, about, attempts, outcome }: WebhookEntry): void {
    if (outcome === 'pending') this.unsettled.add(seq);
    else this.unsettled.delete(seq);
    this.hooks.set(seq, {
      externalIds: about.flatMap(({ what, externalId }) => (what === 'message' && externalId ? [externalId] : [])),
      sentAt: Date.parse(attempts[0]?.at ?? at),
      attempts: attempts.map(({ at, ms, status, late }) => ({ at: Date.parse(at), ms, status, late })),
      outcome,
    });
  }
}

function callOf({ at, accounts, path, body, status }: CallEntry): Call {
  return { at: Date.parse(at), account: accounts[0], path, words: wordsIn(body), status };
}

/** Evolution: `text`; Cloud API: `text.body`. */
function wordsIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('text' in body)) return undefined;
  const { text } = body;
  if (typeof text === 'object' && text !== null && 'body' in text) return String(text.body);
  return typeof text === 'string' ? text : undefined;
}

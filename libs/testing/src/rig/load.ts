import type { LiveAccount } from '../system/system';
import { Agents } from './agents';
import { BacklogWatch } from './backlog';
import type { Fleet } from './fleet';
import { chatAt, type Intent, type LoadChat, type Written } from './said';

/** Customers of every account write, agents answer. Open loop: a slow system gets no rest. */
export interface LoadOptions {
  /** Messages of customers a second, over all chats. */
  perSecond: number;
  seconds: number;
  chats: number;
  /** Share of messages whose webhook comes twice at once. */
  duplicates: number;
  /** Share of messages whose first answer the provider never hears: it asks again. */
  timeouts: number;
  /** Answers of agents a second; a tenth of `perSecond` unless said. */
  sends: number;
  /** How much of the messages each account gets, compared with the others; all alike unless said. */
  weightOf: (account: LiveAccount, index: number) => number;
  /** How much the clock of the account's provider is ahead of ours, ms; 0 unless said. */
  clockAheadOf: (account: LiveAccount) => number;
  /** 0 ≤ x < 1. */
  random: () => number;
}

export interface Load {
  /** Every load of a fleet has its own: texts are `in <run> <chat>.<k> …` and `out <run> <chat> …`. */
  run: number;
  options: LoadOptions;
  chats: LoadChat[];
  written: Written[];
  intents: Intent[];
  /** Epoch ms. */
  startedAt: number;
  /** What waited meanwhile. */
  backlog: BacklogWatch;
  /** All was said, and the api took every answer of the agents. */
  done: Promise<void>;
  /** Says no more; `done` follows. */
  stop(): Promise<void>;
}

export const commonLoad = {
  perSecond: 150,
  seconds: 60,
  chats: 1000,
  duplicates: 0.05,
  timeouts: 0.02,
  weightOf: () => 1,
  clockAheadOf: () => 0,
  random: Math.random,
} satisfies Partial<LoadOptions>;

const TICK_MS = 50;
export function startLoad(fleet: Fleet, change: Partial<LoadOptions> = {}): Load {
  const options = { ...commonLoad, sends: (change.perSecond ?? commonLoad.perSecond) / 10, ...change };
  const load = new RunningLoad(fleet, options, nextRun(fleet));
  load.start();
  return load;
}

const runs = new WeakMap<Fleet, number>();
function nextRun(fleet: Fleet): number {
  const run = runs.get(fleet) ?? 0;
  runs.set(fleet, run + 1);
  return run;
}

class RunningLoad implements Load {
  readonly chats: LoadChat[];
  readonly written: Written[] = [];
  readonly intents: Intent[] = [];
  readonly startedAt = Date.now();
  readonly backlog: BacklogWatch;
  done: Promise<void> = Promise.resolve();
  private readonly next: number[];
  private readonly chooseChat: () => number;
  private readonly agents: Agents;
  private stopped = false;

  constructor(
    private readonly fleet: Fleet,
    readonly options: LoadOptions,
    readonly run: number,
  ) {
    this.backlog = new BacklogWatch(fleet);
    const accounts = fleet.tenants.flatMap((tenant) => tenant.accounts);
    this.chats = Array.from({ length: options.chats }, (_, i) => {
      const account = accounts[i % accounts.length];
      if (!account) throw new Error('a load needs accounts');
      return { account, phone: phoneOf(run, i) };
    });
    this.next = this.chats.map(() => 0);
    const weights = accounts.map(options.weightOf);
    this.chooseChat = weighted(
      this.chats.map((_, i) => weights[i % accounts.length] ?? 1),
      options.random,
    );
    this.agents = new Agents(fleet, this.chats);
  }

  start(): void {
    const work = [this.customersWrite(), this.agentsAnswer()];
    this.done = Promise.all(work).then(() => undefined);
    this.done.catch(() => {}); // whoever waits for it hears of it
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.done;
  }

  /** One call at a time, so that nobody's messages change places on the way; the slower it is, the more are in the next. */
  private async customersWrite(): Promise<void> {
    const { perSecond } = this.options;
    await this.paced(perSecond, async (count) => {
      const batch = Array.from({ length: count }, () => this.nextMessage());
      const answers = await this.fleet.simulator.receiveMany(batch.map(({ event }) => event));
      answers.forEach((answer, i) => {
        const said = batch[i]?.said;
        if (!said || 'error' in answer) throw new Error(`the simulator refuses to play: ${JSON.stringify(answer)}`);
        this.written.push({ ...said, externalId: answer.externalId });
      });
    });
  }

  private nextMessage() {
    const { options, chats, next, run } = this;
    const chat = this.chooseChat();
    const { account, phone } = chatAt(chats, chat);
    const aheadMs = options.clockAheadOf(account);
    const k = next[chat] ?? 0;
    next[chat] = k + 1;
    const text = `in ${run} ${chat}.${k} ${'When will it be here? '.repeat(1 + (k % 3))}`.trim();
    const event = {
      provider: account.provider,
      ref: account.ref,
      from: phone,
      name: `Customer ${chat}`,
      kind: 'text',
      text,
      ...(aheadMs && { at: Date.now() + aheadMs }),
      ...(options.random() < options.duplicates && { dup: 2 }),
      ...(options.random() < options.timeouts && { unheard: true }),
    };
    return { event, said: { chat, k, text } };
  }

  private async agentsAnswer(): Promise<void> {
    const waiting = new Set<Promise<void>>();
    const failed: unknown[] = [];
    let said = 0;
    const poll = setInterval(() => void this.agents.meetCustomers(), 1000);
    await this.paced(this.options.sends, async (count) => {
      for (let i = 0; i < count; i++) {
        const chat = this.agents.choose(this.options.random);
        if (chat === undefined) continue;
        const text = `out ${this.run} ${chat}.${said++} It is on its way.`;
        const sending = this.agents
          .send(chat, text)
          .then((intent) => void this.intents.push(intent))
          .catch((error: unknown) => void failed.push(error))
          .finally(() => waiting.delete(sending));
        waiting.add(sending);
      }
    });
    clearInterval(poll);
    await Promise.all(waiting);
    if (failed.length) throw new Error(`${failed.length} answers of agents were not taken`, { cause: failed[0] });
  }

  /** Calls with how many are due, until all were or it was stopped. */
  private async paced(perSecond: number, act: (count: number) => Promise<void>): Promise<void> {
    const start = performance.now();
    const total = Math.round(perSecond * this.options.seconds);
    for (let done = 0; done < total && !this.stopped;) {
      const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * perSecond) + 1);
      if (due > done) await act(due - done);
      done = due;
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
  }
}

/** Numbers of nobody, other ones for each run; a fleet has at most 100 runs of 10,000 chats. */
const phoneOf = (run: number, chat: number) => `+1212${2_000_000 + run * 10_000 + chat}`;

/** Draws an index, each as often as its weight says. */
function weighted(weights: number[], random: () => number): () => number {
  const sums: number[] = [];
  let total = 0;
  for (const weight of weights) sums.push((total += weight));
  return () => {
    const at = random() * total;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

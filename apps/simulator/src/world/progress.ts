import type { Chats, Message, Step } from './chats';
import type { Clock, Timer } from './clock';
import type { Views } from './views';

/** A person needs a moment to see what just appeared. */
const GLANCE_MS = 400;

/** Tells Parley, in the provider's words, that a message went one step further. */
type EmitStatus = (message: Message, step: Step) => Promise<void> | void;

/** Takes every message that Parley sent through its statuses, at the customer's pace, and over a restart. */
export class Progress {
  private readonly emitters = new Map<string, EmitStatus>();
  private readonly timers = new Map<Message, Timer>();

  constructor(
    private readonly clock: Clock,
    private readonly chats: Chats,
    private readonly views: Views,
  ) {
    views.onShow((account, chat) => this.seen(account, chat));
  }

  register(provider: string, emit: EmitStatus): void {
    this.emitters.set(provider, emit);
  }

  /** Starts, or after a restart goes on with, the steps that a message still has before it. */
  follow(message: Message): void {
    const step = message.steps[0];
    if (!step) return;
    const due = message.at + step.afterMs - this.clock.now();
    const wait =
      step.status === 'read' && this.views.isShown(message.account, message.chat) ? Math.min(due, GLANCE_MS) : due;
    this.timers.set(
      message,
      this.clock.after(Math.max(0, wait), () => void this.advance(message)),
    );
  }

  /** Takes the next step now and waits until Parley was told. */
  async advance(message: Message): Promise<void> {
    this.timers.get(message)?.cancel();
    this.timers.delete(message);
    const step = message.steps.shift();
    if (!step) return;
    if (step.error !== undefined) message.error = step.error;
    if (rank[step.status] > rank[message.status] || step.status === 'failed') message.status = step.status;
    this.chats.touch(message);
    const told = this.emitters.get(message.account.split('/')[0] ?? '')?.(message, step);
    this.follow(message);
    await told;
  }

  resume(): void {
    for (const message of this.chats.all()) if (message.steps.length) this.follow(message);
  }

  /** Drops what was still to come: a reset. */
  stop(): void {
    for (const timer of this.timers.values()) timer.cancel();
    this.timers.clear();
  }

  private seen(account: string, chat: string): void {
    for (const message of this.timers.keys()) {
      if (message.account === account && message.chat === chat && message.steps[0]?.status === 'read')
        void this.advance(message);
    }
  }
}

const rank = { pending: 0, failed: 0, sent: 1, delivered: 2, read: 3, played: 4 };

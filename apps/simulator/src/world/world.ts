import { Answers } from './answers';
import { Bus } from './bus';
import { Chats } from './chats';
import { Clock, type ClockState } from './clock';
import { Faults } from './faults';
import { Journal, type WebhookEntry } from './journal';
import { Media } from './media';
import { Progress } from './progress';
import { Store, type Table } from './store';
import { Views } from './views';
import { Webhooks } from './webhooks';

interface WorldOptions {
  folder: string;
  timeScale: number;
  /** Parley's public origin. */
  parleyUrl: string;
  platformApp: { secret: string; verifyToken: string };
  evolutionKey: string;
  slackApp: { clientId: string; clientSecret: string; signingSecret: string };
}

/** Everything that the simulated providers share: time, phones, files, faults, and the way to Parley. */
export class World {
  readonly store: Store;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly bus = new Bus();
  readonly media: Media;
  readonly chats: Chats;
  readonly views = new Views();
  readonly progress: Progress;
  readonly answers: Answers;
  readonly webhooks: Webhooks;
  /** Chats, by account and key, in which somebody at the business types. */
  readonly typing = new Set<string>();
  /** Origin under which Parley reaches the simulator; known once it listens. */
  origin = '';
  private readonly clockState: Table<ClockState>;

  constructor(readonly options: WorldOptions) {
    this.store = new Store(options.folder);
    this.clockState = this.store.table('clock');
    this.clock = new Clock({ offsetMs: this.clockState.get('clock')?.offsetMs ?? 0, scale: options.timeScale });
    this.journal = new Journal(options.folder, () => this.clock.now());
    this.faults = new Faults(this.store);
    this.media = new Media(this.store, options.folder);
    this.chats = new Chats(this.store, this.bus);
    this.progress = new Progress(this.clock, this.chats, this.views);
    this.answers = new Answers(this.clock, this.chats);
    this.bus.subscribe((event) => {
      if (event.type !== 'typing') return;
      if (event.typing) this.typing.add(`${event.account} ${event.chat}`);
      else this.typing.delete(`${event.account} ${event.chat}`);
    });
    this.webhooks = new Webhooks(this.clock, this.journal, this.faults, (entry) => this.taken(entry));
  }

  setClock(change: { now?: number; offsetMs?: number; scale?: number }): ClockState {
    return this.clockState.set('clock', this.clock.set(change));
  }

  /** Forgets what happened. Accounts are their providers' business. */
  forget(): void {
    this.progress.stop();
    this.chats.forget();
    this.store.table('faults').wipe();
    this.store.table('media').wipe();
    this.media.clear();
    this.journal.clear();
    this.setClock({ offsetMs: 0, scale: this.options.timeScale });
  }

  async close(): Promise<void> {
    this.clock.stop();
    await this.webhooks.close();
    await this.journal.close();
    await this.store.close();
  }

  /** Parley took a webhook: the customers' own messages in it have arrived. */
  private taken(entry: WebhookEntry): void {
    for (const { what, externalId } of entry.about) {
      if (what !== 'message' || !externalId) continue;
      const message = entry.accounts.map((account) => this.chats.messageOf(account, externalId)).find(Boolean);
      if (message && !message.ours && message.status === 'sent') this.chats.setStatus(message, 'delivered');
    }
  }
}

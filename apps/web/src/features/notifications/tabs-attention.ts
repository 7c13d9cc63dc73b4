import { openConversationNow } from '@/features/shell/use-open-conversation';
import { hasAttention, watchAttention } from '@/lib/use-attention';
import { uuidV7 } from '@/lib/uuid-v7';

/** What each tab tells the others. `lookingAt` null: at the list; undefined: nowhere. */
interface Attention {
  tab: string;
  lookingAt: string | null | undefined;
}

/** Where somebody looks, in any tab of this browser. */
export class TabsAttention {
  private readonly tab = uuidV7();
  private readonly channel = new BroadcastChannel('parley:attention');
  private readonly looks = new Map<string, string | null>();
  private readonly unwatch: () => void;

  constructor() {
    this.channel.onmessage = (message: MessageEvent<Attention>) => this.take(message.data);
    this.unwatch = watchAttention(this.tell);
    window.addEventListener('pagehide', this.leave);
  }

  get anywhere(): boolean {
    return this.looks.size > 0;
  }

  at(conversationId: string): boolean {
    return [...this.looks.values()].includes(conversationId);
  }

  /** Says where this tab looks now. By itself it does so whenever somebody comes or goes. */
  tell = (): void => this.say(hasAttention() ? openConversationNow() : undefined);

  stop(): void {
    this.leave();
    this.unwatch();
    window.removeEventListener('pagehide', this.leave);
    this.channel.close();
  }

  private readonly leave = (): void => this.say(undefined);

  private say(lookingAt: Attention['lookingAt']): void {
    const attention: Attention = { tab: this.tab, lookingAt };
    this.take(attention);
    this.channel.postMessage(attention);
  }

  private take({ tab, lookingAt }: Attention): void {
    if (lookingAt === undefined) this.looks.delete(tab);
    else this.looks.set(tab, lookingAt);
  }
}

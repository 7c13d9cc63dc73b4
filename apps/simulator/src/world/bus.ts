import type { Chat, Message } from './chats';

/** What the phones' page is told while it is open. */
export type BusEvent =
  | { type: 'message'; account: string; chat: Chat; message: Message }
  | { type: 'chat'; account: string; chat: Chat }
  | { type: 'typing'; account: string; chat: string; typing: boolean }
  | { type: 'account'; account: string }
  | { type: 'reset' };

/** Tells every listener, in order of subscription. */
export class Bus {
  private readonly listeners = new Set<(event: BusEvent) => void>();

  publish(event: BusEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  subscribe(listener: (event: BusEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

import type { Customers } from '@parley/testing/customer';
import { TestStream } from '@parley/testing/event-stream';
import type { FilledConversation } from './fill';
import { markOf } from './probe';

interface TrafficOptions {
  customers: Customers;
  /** Who writes: one after the other, from the first, round again. */
  conversations: FilledConversation[];
  perSecond: number;
  /** Where a second reader listens, so that it is known when an event came. */
  origin: string;
  cookie: string;
}

/** Customers who write at a steady rate, whether the product keeps up or not. */
export interface Traffic {
  /** Number of each marked text, and when its event came to the second reader, in ms since 1970. */
  arrivals: Map<number, number>;
  stop(): Promise<void>;
}

/** Each message carries a number of its own (`markOf`), from 1 on. */
export async function startTraffic(options: TrafficOptions): Promise<Traffic> {
  const { customers, conversations, perSecond, origin, cookie } = options;
  const arrivals = new Map<number, number>();
  const stream = await TestStream.open({
    url: origin,
    cookie,
    onEvent: (event) => {
      if (event.type !== 'message.created') return;
      const [, mark] = /⟦(\d+)⟧/.exec(JSON.stringify(event.message.content)) ?? [];
      if (mark) arrivals.set(Number(mark), performance.timeOrigin + performance.now());
    },
  });
  const began = performance.now();
  const writing = new Set<Promise<void>>();
  let failure: unknown = null;
  let written = 0;
  const write = (conversation: FilledConversation, text: string) => {
    const work = customers.write(conversation, text).then(
      () => void writing.delete(work),
      (error: unknown) => void (failure = error),
    );
    writing.add(work);
  };
  const timer = setInterval(() => {
    const due = ((performance.now() - began) / 1_000) * perSecond;
    for (; written < due; written += 1) {
      const conversation = conversations[written % conversations.length];
      if (conversation) write(conversation, `${markOf(written + 1)} Is there any news of it?`);
    }
  }, 5);
  return {
    arrivals,
    async stop() {
      clearInterval(timer);
      await Promise.all(writing);
      stream.cut();
      if (failure) throw failure;
    },
  };
}

import type { Chat, Chats } from './chats';
import type { Clock } from './clock';

/** How long a customer takes to notice a message, and then to write an answer. */
const NOTICE_MS = [600, 1500] as const;
const WRITE_MS = [2000, 4000] as const;

/** What a customer does with the phone. */
interface Hands {
  type(chat: Chat): void;
  write(chat: Chat, text: string): void;
}

/** Customers of recorded chats answer by themselves what Parley writes to them. */
export class Answers {
  constructor(
    private readonly clock: Clock,
    private readonly chats: Chats,
  ) {}

  /** Words of ours reached the customer, who answers with the next text in store, if there is one. */
  next(chat: Chat, hands: Hands): void {
    const [text, ...rest] = chat.answers;
    if (text === undefined) return;
    this.chats.change(chat, { answers: rest });
    this.clock.after(between(NOTICE_MS), () => {
      hands.type(chat);
      this.clock.after(between(WRITE_MS), () => hands.write(chat, text));
    });
  }
}

const between = ([least, most]: readonly [number, number]) => least + Math.random() * (most - least);

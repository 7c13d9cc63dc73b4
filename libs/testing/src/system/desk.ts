import { getConversation, type Conversation, type ConversationDetails } from '@parley/contracts/conversations';
import type { Message } from '@parley/contracts/messages';
import type { Caller } from '../app';
import type { TestMember } from '../tenant';
import { waitFor } from '../wait-for';
import { conversationsOf, threadOf } from './reading';
import type { LiveAccount, System } from './system';

/** Somebody at work: what the simulator's customers do, and what of it this member sees. */
export class Desk {
  readonly caller: Caller;

  constructor(
    private readonly system: System,
    readonly member: TestMember,
    readonly account: LiveAccount,
  ) {
    this.caller = system.app.as(member);
  }

  /** A customer does something. Answers the provider's id of it. */
  async receive(event: Record<string, unknown>): Promise<string> {
    const { externalId } = await this.system.simulator.receive(this.account.provider, this.account.ref, event);
    return externalId;
  }

  /** The conversation with that number, or of that group, as soon as it is there. */
  conversation(q: string): Promise<Conversation> {
    return this.until(`a conversation with ${q}`, async () => {
      const found = await conversationsOf(this.caller, { account: this.account.id, q: q.replace('+', '') });
      return found[0];
    });
  }

  /** Its thread, once that is as it should be; oldest first. */
  async thread(q: string, isReady: (thread: Message[]) => boolean): Promise<Message[]> {
    const { id } = await this.conversation(q);
    return this.until(`the thread with ${q}`, async () => {
      const thread = await threadOf(this.caller, id);
      return isReady(thread) ? thread : undefined;
    });
  }

  /** The newest of so many bubbles. */
  async bubble(q: string, count = 1): Promise<Message> {
    const thread = await this.thread(q, (all) => bubblesIn(all).length >= count);
    const bubbles = bubblesIn(thread);
    const last = bubbles.at(-1);
    if (bubbles.length > count || !last) throw new Error(`${bubbles.length} bubbles with ${q}, not ${count}`);
    return last;
  }

  /** The account's one conversation. */
  only(): Promise<Conversation> {
    return this.until('its conversation', async () => {
      const all = await conversationsOf(this.caller, { account: this.account.id });
      if (all.length > 1) throw new Error(`${all.length} conversations`);
      return all[0];
    });
  }

  threadById(id: string): Promise<Message[]> {
    return threadOf(this.caller, id);
  }

  async details(q: string): Promise<ConversationDetails> {
    const { id } = await this.conversation(q);
    return (await this.caller.call(getConversation, { params: { id } })).body;
  }

  until<T>(what: string, ask: () => Promise<T | undefined | null | false>): Promise<T> {
    return waitFor(what, ask, { timeoutMs: 30_000, everyMs: 100 });
  }
}

export const bubblesIn = (thread: Message[]) => thread.filter(({ direction }) => direction !== 'system');
export const linesIn = (thread: Message[]) =>
  thread.flatMap(({ content }) => (content.type === 'system' ? [content] : []));

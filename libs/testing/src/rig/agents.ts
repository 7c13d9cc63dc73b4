import { sendMessage } from '@parley/contracts/messages';
import { uuid7 } from '@parley/db/uuid';
import type { Caller } from '../app';
import type { Fleet } from './fleet';
import { chatAt, type Intent, type LoadChat } from './said';

/** Of an agent's client, which tries again until the api took what was written. */
const RETRY_MS = 500;
const AGENTS_PATIENCE_MS = 120_000;

/** Members at work. In a chat each waits until the answer before was taken. */
export class Agents {
  private readonly conversations = new Map<number, string>();
  private readonly open: number[] = [];
  private readonly busy = new Set<number>();
  private readonly callers: Map<string, Caller>;

  constructor(
    private readonly fleet: Fleet,
    private readonly chats: LoadChat[],
  ) {
    this.callers = new Map(fleet.tenants.map(({ tenant, agent }) => [tenant.id, fleet.app.as(agent)]));
  }

  /** Looks who has written since. While the database is away nobody is met. */
  async meetCustomers(): Promise<void> {
    if (this.open.length === this.chats.length) return;
    const rows = await this.fleet.sql<{ account_id: string; external_id: string; conversation_id: string }[]>`
      select account_id, external_id, conversation_id from chats`.catch(() => []);
    const found = new Map(rows.map((row) => [`${row.account_id} ${row.external_id}`, row.conversation_id]));
    this.chats.forEach(({ account, phone }, chat) => {
      const conversation = found.get(`${account.id} ${phone}`);
      if (!conversation || this.conversations.has(chat)) return;
      this.conversations.set(chat, conversation);
      this.open.push(chat);
    });
  }

  /** A chat that somebody has written in and nobody is answering. */
  choose(random: () => number): number | undefined {
    for (let tries = 0; tries < 20; tries++) {
      const chat = this.open[Math.floor(random() * this.open.length)];
      if (chat !== undefined && !this.busy.has(chat)) return chat;
    }
    return undefined;
  }

  /** Resolves once the api took it; throws when it says that it never will, or takes none for two minutes. */
  async send(chat: number, text: string): Promise<Intent> {
    const [messageId, wantedAt] = [uuid7(), Date.now()];
    let last = 0;
    this.busy.add(chat);
    try {
      for (let tries = 1; ; tries++) {
        const status = await this.post(chat, messageId, text);
        if (status !== undefined) last = status;
        if (status === 202) return { messageId, chat, text, wantedAt, acceptedAt: Date.now(), tries };
        if (status !== undefined && status < 500 && status !== 429 && status !== 409)
          throw new Error(`an answer of an agent was refused with ${status}`);
        if (Date.now() - wantedAt > AGENTS_PATIENCE_MS)
          throw new Error(`an answer of an agent was taken by nobody; the last status was ${last}`);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    } finally {
      this.busy.delete(chat);
    }
  }

  /** The status, or nothing when the call was cut. The same `messageId` answers the same. */
  private async post(chat: number, messageId: string, text: string): Promise<number | undefined> {
    const { tenantId } = chatAt(this.chats, chat).account;
    const conversationId = this.conversations.get(chat) ?? '';
    const body = { messageId, conversationId, content: { type: 'text' as const, text } };
    const answer = this.callers.get(tenantId)?.call(sendMessage, { body });
    return answer?.then(
      ({ status }) => status,
      () => undefined,
    );
  }
}

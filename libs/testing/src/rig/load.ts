import type { LiveAccount } from '../system/system';
import type { Fleet } from './fleet';

/** The common load: customers of every account write, agents answer; open loop, so that a slow system gets no rest. */
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
  /** The share of the messages that each account gets; all alike unless said. */
  shareOf?: (account: LiveAccount, index: number) => number;
}

export const commonLoad: Omit<LoadOptions, 'sends'> = {
  perSecond: 150,
  seconds: 60,
  chats: 1000,
  duplicates: 0.05,
  timeouts: 0.02,
};

/** One customer's chat with one account. */
export interface LoadChat {
  index: number;
  account: LiveAccount;
  /** E.164. */
  phone: string;
}

/** What a customer wrote. `text` is there once in the whole install. */
export interface Written {
  chat: number;
  /** Its number inside the chat, from 0. */
  k: number;
  text: string;
  externalId: string;
  /** When it was to be written, epoch ms. */
  dueAt: number;
}

/** What an agent wants to say, and the api took (202). `text` is there once in the whole install. */
export interface Intent {
  messageId: string;
  chat: number;
  text: string;
  /** Epoch ms. */
  acceptedAt: number;
}

export interface Load {
  options: LoadOptions;
  chats: LoadChat[];
  written: Written[];
  intents: Intent[];
  startedAt: number;
  /** Everything was said, and the api took every answer of the agents. */
  done: Promise<void>;
  /** Says no more. */
  stop(): Promise<void>;
}

export declare function startLoad(fleet: Fleet, options?: Partial<LoadOptions>): Load;

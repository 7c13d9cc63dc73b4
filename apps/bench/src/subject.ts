import type postgres from 'postgres';
import type { Side } from './case';
import type { SendChat } from './load/send-plan';

/** What runs, of either side, as the counters see it. */
export interface Running {
  name: Side;
  pids: { api?: number; worker?: number };
  /** Its database, as the owner. */
  sql: postgres.Sql;
  /** p99 of how late timers of its processes ran since the last question, ms. */
  loopLag(): Promise<{ api?: number; worker?: number }>;
  close(): Promise<void>;
}

/** The way in, as the generator sees it. */
export interface Subject extends Running {
  /** Where webhooks are posted; a Cloud API call names its account by the phone number's id. */
  doors: Door[];
  /** Signs the calls. */
  appSecret: string;
  /** One member of each tenant who may watch its events. */
  desks: Desk[];
  /** Stands in the frame of a new message, and in no other frame. */
  messageFrame: string;
  /** What stands in the database. */
  rows(): Promise<Rows>;
}

export interface Door {
  url: string;
  phoneNumberId: string;
  wabaId: string;
  /** Index of its tenant, as in `desks`. */
  tenant: number;
}

export interface Desk {
  eventsUrl: string;
  headers: Record<string, string>;
}

export interface Rows {
  /** Webhooks that were kept. */
  kept: number;
  /** Of them, not applied yet. */
  waiting: number;
  /** Messages that came of them. */
  messages: number;
}

/** The way out, as the agents see it. */
export interface SendSubject extends Running {
  chats: SendChat[];
  /** The accounts, as the provider knows them, in the order of `SendChat.account`. */
  numbers: string[];
}

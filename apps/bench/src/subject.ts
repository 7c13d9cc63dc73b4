import type postgres from 'postgres';

/** A running pipeline, of either side, as the generator and the counters see it. */
export interface Subject {
  name: 'bare' | 'product';
  /** Where webhooks are posted; a Cloud API call names its account by the phone number's id. */
  doors: Door[];
  /** Signs the calls. */
  appSecret: string;
  /** One member of each tenant who may watch its events. */
  desks: Desk[];
  /** Stands in the frame of a new message, and in no other frame. */
  messageFrame: string;
  pids: { api?: number; worker?: number };
  /** Its database, as the owner. */
  sql: postgres.Sql;
  /** What stands in the database. */
  rows(): Promise<Rows>;
  /** p99 of how late timers of its processes ran since the last question, ms. */
  loopLag(): Promise<{ api?: number; worker?: number }>;
  close(): Promise<void>;
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

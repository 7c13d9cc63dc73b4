import type { TestMember } from '../tenant';
import type { Fleet } from './fleet';

export interface Frame {
  seq: number;
  type: string;
  /** Of the message it is about, where it is about one. */
  messageId?: string;
  /** When it arrived, epoch ms. */
  at: number;
}

/** One client of the event stream. Comes back with Last-Event-ID whenever it is cut, as a browser does. */
export interface Watcher {
  member: TestMember;
  /** The cursor it began with: what comes after is to be seen. */
  from: number;
  /** Everything that arrived, in that order. */
  frames: Frame[];
  resets: number[];
  /** How often it was connected. */
  connects: number;
  /** Cuts the connection, as a lost network does. */
  cut(): void;
}

export interface Watchers {
  clients: Watcher[];
  stop(): Promise<void>;
}

/** So many clients a tenant, each signed in as the tenant's owner. */
export declare function startWatchers(fleet: Fleet, options?: { perTenant?: number }): Promise<Watchers>;

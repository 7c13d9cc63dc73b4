import type { Desk, Door } from '../subject';

/** What the generator is told to do, and tells when it is done. Both cross a process boundary as they are. */
export interface LoadPlan {
  doors: Door[];
  desks: Desk[];
  appSecret: string;
  messageFrame: string;
  /** Chats of each account. */
  chats: number;
  /** Streams at each desk. */
  streams: number;
  /** Calls per second, each meant for its own moment; without one, as many as `inFlight` lets through. */
  perSecond?: number;
  /** Calls that are under way at once, at most. */
  inFlight: number;
  /** Begins to count after so long. */
  warmUpSeconds: number;
  seconds: number;
  /** Size of a call, bytes. */
  bytes: number;
  /** Of 100 calls so many are posted twice. */
  duplicates: number;
  /** How much of the traffic each door has, in the order of `doors`. Even without it. */
  shares?: number[];
  /** Doors whose latencies are told apart: names and indices of `doors`. */
  groups?: Record<string, number[]>;
  seed: number;
}

/** ms. */
export interface Latencies {
  count: number;
  p50: number;
  p95: number;
  p99: number;
  p999: number;
  max: number;
}

export interface LoadReport {
  /** Calls that were answered 2xx, warm-up included; duplicates count once. */
  acked: number;
  /** Answers other than 2xx, and connections that broke: each was tried again. */
  refused: number;
  /** What a frame should have told every stream, and how many did, once each. */
  expected: number;
  delivered: number;
  duplicated: number;
  /** Frames of a chat that overtook an earlier one of it. */
  outOfOrder: number;
  /** From the end of the warm-up on: calls answered, and messages of which every stream of their tenant knew. */
  counted: { acked: number; arrived: number };
  /** From the end of the warm-up to the last answer and to the last frame. */
  seconds: { toAck: number; toArrival: number };
  /** From the moment a call was meant for. */
  ack: Latencies;
  arrival: Latencies;
  groups: Record<string, { ack: Latencies; arrival: Latencies }>;
}

/** From the generator, in this order. `ready`: its streams are open. */
export type LoadWord = { word: 'ready' } | { word: 'warm' } | { word: 'done'; report: LoadReport };

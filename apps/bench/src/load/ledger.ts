import { quantile } from '../measure/spread';
import type { Door } from '../subject';
import type { Latencies, LoadPlan, LoadReport } from './load-plan';

/** One call and what became of it. Times are of `performance.now()`. */
interface Entry {
  door: number;
  chat: number;
  /** Its place among the calls of its chat. */
  place: number;
  intendedAt: number;
  ackedAt: number;
  /** Streams that told it. */
  told: number;
}

/** What was sent, answered and told, joined. */
export class Ledger {
  refused = 0;
  private readonly entries: Entry[] = [];
  private readonly places = new Map<number, number>();
  /** Per stream: which calls it told, and the last place of each chat. */
  private readonly told: Uint8Array<ArrayBuffer>[] = [];
  private readonly last: Int32Array[] = [];
  private readonly arrivals: { at: number; ms: number; door: number }[] = [];
  private duplicated = 0;
  private outOfOrder = 0;
  private delivered = 0;
  private ackedCount = 0;
  private lastAckAt = 0;
  private lastArrivalAt = 0;
  private warmAt = Infinity;

  constructor(
    private readonly plan: LoadPlan,
    private readonly doors: Door[],
  ) {}

  /** What began before does not count towards rates and latencies. */
  warm(): void {
    this.warmAt = performance.now();
  }

  /** A call that is about to be made; answers its number. */
  open(door: number, chat: number, intendedAt: number): number {
    const key = door * this.plan.chats + chat;
    const place = (this.places.get(key) ?? -1) + 1;
    this.places.set(key, place);
    this.entries.push({ door, chat, place, intendedAt, ackedAt: 0, told: 0 });
    return this.entries.length - 1;
  }

  /** In a closed loop a call is meant for the moment in which it is made. */
  begin(call: number): void {
    this.entryOf(call).intendedAt = performance.now();
  }

  acked(call: number): void {
    const entry = this.entryOf(call);
    entry.ackedAt = this.lastAckAt = performance.now();
    this.ackedCount++;
  }

  /** A stream, numbered over all desks, told of a call. */
  heard(stream: number, call: number): void {
    const entry = this.entryOf(call);
    const told = (this.told[stream] = grown(this.told[stream], call));
    if (told[call]) {
      this.duplicated++;
      return;
    }
    told[call] = 1;
    this.delivered++;
    this.checkOrder(stream, entry);
    entry.told++;
    if (entry.told < this.plan.streams) return;
    const at = (this.lastArrivalAt = performance.now());
    if (at >= this.warmAt) this.arrivals.push({ at, ms: at - entry.intendedAt, door: entry.door });
  }

  get isComplete(): boolean {
    return this.delivered >= this.ackedCount * this.plan.streams;
  }

  report(): LoadReport {
    const counted = this.entries.filter((one) => one.ackedAt > 0 && one.intendedAt >= this.warmAt);
    const ack = counted.map((one) => ({ ms: one.ackedAt - one.intendedAt, door: one.door }));
    const arrivals = this.arrivals.filter((one) => one.at - one.ms >= this.warmAt); // meant for a counted moment
    const groups = Object.entries(this.plan.groups ?? {}).map(([name, doors]) => {
      const mine = new Set(doors);
      const of = (all: { ms: number; door: number }[]) => latencies(all.filter((one) => mine.has(one.door)));
      return [name, { ack: of(ack), arrival: of(arrivals) }] as const;
    });
    return {
      acked: this.ackedCount,
      refused: this.refused,
      expected: this.ackedCount * this.plan.streams,
      delivered: this.delivered,
      duplicated: this.duplicated,
      outOfOrder: this.outOfOrder,
      counted: {
        acked: this.entries.filter((one) => one.ackedAt >= this.warmAt).length,
        arrived: this.arrivals.length,
      },
      seconds: { toAck: this.since(this.lastAckAt), toArrival: this.since(this.lastArrivalAt) },
      ack: latencies(ack),
      arrival: latencies(arrivals),
      groups: Object.fromEntries(groups),
    };
  }

  private since(at: number): number {
    return Math.max(0, at - this.warmAt) / 1000;
  }

  private checkOrder(stream: number, { door, chat, place }: Entry): void {
    const last = (this.last[stream] ??= new Int32Array(this.doors.length * this.plan.chats).fill(-1));
    const key = door * this.plan.chats + chat;
    if ((last[key] ?? -1) > place) this.outOfOrder++;
    last[key] = place;
  }

  private entryOf(call: number): Entry {
    const entry = this.entries[call];
    if (!entry) throw new Error(`a stream told of call ${call}, which was never made`);
    return entry;
  }
}

function grown(bytes = new Uint8Array(1 << 14), index: number): Uint8Array<ArrayBuffer> {
  if (index < bytes.length) return bytes;
  const larger = new Uint8Array(Math.max(index + 1, bytes.length * 2));
  larger.set(bytes);
  return larger;
}

function latencies(all: { ms: number }[]): Latencies {
  const ms = all.map((one) => one.ms);
  return {
    count: ms.length,
    p50: quantile(ms, 0.5),
    p95: quantile(ms, 0.95),
    p99: quantile(ms, 0.99),
    p999: quantile(ms, 0.999),
    max: quantile(ms, 1),
  };
}

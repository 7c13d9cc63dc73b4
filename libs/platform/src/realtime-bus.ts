import type { EphemeralEvent } from '@parley/contracts/realtime';
import type { Redis } from 'ioredis';
import type { Audience, StoredEvent } from './events';
import { Tracing } from './tracing';

export const channelOf = (tenantId: string) => `tenant:${tenantId}:inbox`;

/** What goes over a tenant's channel: numbered events of one transaction, or something that is gone if missed. */
export type BusMessage =
  { kind: 'events'; events: StoredEvent[] } | { kind: 'ephemeral'; audience: Audience; event: EphemeralEvent };

/** Tells the processes that hold streams. Fire and forget: whoever misses it reads the events from Postgres. */
export class RealtimeBus {
  constructor(
    private readonly redis: Redis,
    private readonly watch: { failed(): void; tracing: Tracing } = { failed: () => {}, tracing: new Tracing() },
  ) {}

  publish(byTenant: Map<string, StoredEvent[]>): void {
    if (!byTenant.size) return;
    const [beganMs, pipeline] = [performance.now(), this.redis.pipeline()];
    for (const [tenantId, events] of byTenant)
      pipeline.publish(channelOf(tenantId), encode({ kind: 'events', events }));
    const failed = () => this.watch.failed(); // the once-a-second check finds what this loses
    pipeline.exec().then((answers) => {
      if (answers?.every(([error]) => !error)) this.published(byTenant, beganMs);
      else failed();
    }, failed);
  }

  publishEphemeral(tenantId: string, audience: Audience, event: EphemeralEvent): void {
    this.redis
      .publish(channelOf(tenantId), encode({ kind: 'ephemeral', audience, event }))
      .catch(() => this.watch.failed()); // only a hint
  }

  private published(byTenant: Map<string, StoredEvent[]>, beganMs: number): void {
    if (!this.watch.tracing.isOn) return;
    for (const [tenant, events] of byTenant)
      for (const { correlationId, seq } of events)
        this.watch.tracing.tell({ name: 'realtime.publish', of: correlationId, beganMs, attributes: { tenant, seq } });
  }
}

// An event's data is JSON already: lines of `seq TAB audience TAB correlation TAB data` spare parsing it again.

function encode(message: BusMessage): string {
  if (message.kind === 'ephemeral') return `~${JSON.stringify(message)}`;
  return message.events
    .map((e) => [e.seq, JSON.stringify(e.audience), e.correlationId ?? '', e.data].join('\t'))
    .join('\n');
}

/** The reverse of what `publish` sends. Throws on anything else. */
export function decodeBusMessage(text: string): BusMessage {
  if (text.startsWith('~')) return JSON.parse(text.slice(1)) as BusMessage;
  const events = text.split('\n').map((line): StoredEvent => {
    const [seq, audience, correlationId, ...data] = line.split('\t');
    if (!seq || !audience) throw new Error('not a message of the realtime bus');
    return {
      seq: Number(seq),
      audience: JSON.parse(audience) as Audience,
      correlationId: correlationId || null,
      data: data.join('\t'),
    };
  });
  return { kind: 'events', events };
}

import type { ServerResponse } from 'node:http';
import { AppError } from '@parley/platform/app-error';
import { ENV, type Env } from '@parley/platform/env';
import { Metrics } from '@parley/platform/metrics';
import { channelOf, decodeBusMessage } from '@parley/platform/realtime-bus';
import { REDIS_SILENCE_MS } from '@parley/platform/redis-silence';
import { Tracing } from '@parley/platform/tracing';
import { countRedis } from '@parley/platform/trouble';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Redis } from 'ioredis';
import type { MemberContext } from '../context';
import { SessionsService } from '../people/sessions.service';
import { Admission } from './admission';
import { answered } from './answered';
import { EventLog } from './event-log';
import { resetFrame } from './frame';
import { Room } from './room';
import { Stream, type Reader } from './stream';

/** With what an event may be late, and the reading of it, within the second that is promised. */
const CHECK_MS = 750;
/** What Postgres has comes live a little later, the more so while a herd keeps everybody busy. */
const LATE_MS = 200;
const PING_MS = 15_000;
/** When those come back who lost the stream: within a second, for a room reads for a herd once in each. */
const COME_BACK_MS = [1000, 2000] as const;
/** The same of those whom a process tells that it ends: at leisure, for another serves already. */
const MOVE_MS = [500, 3000] as const;
/** Streams that a session may have open in this process. */
const MOST_STREAMS = 20;

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no', // nginx would collect what should arrive at once
};

/** Keeps browsers true to the database: the open streams of this process. */
@Injectable()
export class RealtimeService implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly log = new Logger('realtime');
  private readonly rooms = new Map<string, Room>();
  private readonly subscriber: Redis;
  private readonly timers: NodeJS.Timeout[] = [];
  private checking = false;
  private closing = false;

  constructor(
    @Inject(ENV) env: Pick<Env, 'REDIS_URL'>,
    private readonly sessions: SessionsService,
    private readonly admission: Admission,
    private readonly events: EventLog,
    private readonly metrics: Metrics,
    private readonly tracing: Tracing,
  ) {
    this.subscriber = new Redis(env.REDIS_URL, {
      lazyConnect: true,
      maxRetriesPerRequest: null, // subscriptions wait for Redis to come back
      socketTimeout: REDIS_SILENCE_MS,
      retryStrategy: (times) => Math.min(500, 50 * times),
    });
    countRedis(metrics, 'subscriber', this.subscriber); // told by the health check too
    this.subscriber.on('ready', () => void this.check(0)); // what was published meanwhile is lost
    this.subscriber.on('message', (channel: string, text: string) => this.receive(channel, text));
  }

  onModuleInit(): void {
    this.subscriber.connect().catch(() => {}); // tries again by itself
    this.timers.push(
      setInterval(() => void this.check(), CHECK_MS),
      setInterval(() => this.ping(), PING_MS),
    );
  }

  /**
   * Streams from `after` (without it: from now) on. `takeOver` gives the connection, once the reader is admitted; from
   * then on the stream ends by itself. Throws `unauthenticated`, `rate_limited`, `unavailable`.
   */
  async open(ctx: MemberContext, after: number | undefined, takeOver: () => ServerResponse): Promise<void> {
    const { reader, reason, head } = await this.admission.admit(ctx, after);
    if (this.closing)
      throw new AppError('unavailable', 'The server is going down. Try again in a moment.', { retryAfterMs: 1000 });
    this.assertRoom(reader);
    const response = takeOver();
    response.writeHead(200, headers);
    response.on('error', () => {}); // the other side went away; `close` follows
    response.socket?.setNoDelay(true);
    if (reason) {
      this.metrics.realtimeResets.inc({ reason });
      response.end(resetFrame(head));
      return;
    }
    const stream = new Stream(reader, after ?? head, response);
    response.write(`retry: ${spread(COME_BACK_MS)}\nid: ${stream.pos}\n\n`);
    this.join(stream, head);
    response.on('close', () => this.leave(stream));
    if (!stream.isOpen) this.leave(stream);
  }

  /** Streams come back at different moments, to whoever runs then. */
  beforeApplicationShutdown(): void {
    this.closing = true;
    for (const timer of this.timers) clearInterval(timer);
    for (const stream of this.streams()) stream.leave(`retry: ${spread(MOVE_MS)}\n\n`);
  }

  onApplicationShutdown(): void {
    for (const room of this.rooms.values()) room.close();
    this.subscriber.disconnect();
  }

  /** A browser shares one stream among its tabs; who opens ever more has lost count. */
  private assertRoom({ tenantId, credential }: Reader): void {
    if ((this.rooms.get(tenantId)?.streamsOf(credential) ?? 0) < MOST_STREAMS) return;
    const message = `This session has ${MOST_STREAMS} streams open already. Close one first.`;
    throw new AppError('rate_limited', message, { retryAfterMs: 5_000 });
  }

  private join(stream: Stream, head: number): void {
    const { tenantId } = stream.reader;
    let room = this.rooms.get(tenantId);
    if (!room) {
      room = new Room(tenantId, head, this.events, this.metrics, this.tracing);
      this.rooms.set(tenantId, room);
      this.subscriber.subscribe(channelOf(tenantId)).catch(() => {}); // until it works the check of each second serves
    }
    room.add(stream);
    this.metrics.realtimeConnections.inc();
  }

  private leave(stream: Stream): void {
    const room = this.rooms.get(stream.reader.tenantId);
    if (!room?.remove(stream)) return;
    this.metrics.realtimeConnections.dec();
    if (room.streams.size) return;
    room.close();
    this.rooms.delete(room.tenantId);
    this.subscriber.unsubscribe(channelOf(room.tenantId)).catch(() => {}); // a message to no room is dropped
  }

  private receive(channel: string, text: string): void {
    const room = this.rooms.get(channel.slice('tenant:'.length, -':inbox'.length));
    if (!room) return;
    try {
      const message = decodeBusMessage(text);
      if (message.kind === 'events') room.receive(message.events);
      else room.receiveEphemeral(message.audience, message.event);
    } catch (error) {
      this.log.warn({ err: error, channel }, 'this is no message of ours'); // Postgres has what it should have said
    }
  }

  /** One query each time: who is still signed in, what changed of their rights, and how far the tenants are. */
  private async check(lateMs = this.subscriber.status === 'ready' ? LATE_MS : 0): Promise<void> {
    const streams = this.streams();
    if (this.checking || !streams.length) return;
    this.checking = true;
    try {
      const credentials = [...new Set(streams.map((stream) => stream.reader.credential))];
      const valid = await answered(this.sessions.stillValid(credentials));
      const heads = new Map<string, number>();
      for (const stream of streams) {
        const { reader } = stream;
        const rights = valid.get(reader.credential);
        if (!rights || rights.memberId !== reader.memberId || rights.tenantId !== reader.tenantId) stream.end();
        else if (rights.rightsSeq > reader.rightsSeq) {
          this.metrics.realtimeResets.inc({ reason: 'rights' });
          stream.reset(rights.head);
        } else heads.set(reader.tenantId, Math.max(heads.get(reader.tenantId) ?? 0, rights.head));
      }
      for (const [tenantId, head] of heads) this.rooms.get(tenantId)?.check(head, lateMs);
    } catch (error) {
      this.log.warn({ err: error }, 'open streams could not be checked; tried again in a second');
    } finally {
      this.checking = false;
    }
  }

  private ping(): void {
    for (const stream of this.streams()) stream.ping();
    if (this.subscriber.status === 'ready') this.subscriber.ping().catch(() => {}); // else nobody would notice a dead one
  }

  private streams(): Stream[] {
    return [...this.rooms.values()].flatMap((room) => [...room.streams]);
  }
}

function spread([from, to]: readonly [number, number]): number {
  return Math.round(from + Math.random() * (to - from));
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { registry } from '@parley/channels/registry';
import { ENV, type Env } from '@parley/platform/env';
import { Bells } from '@parley/platform/bells';
import { Metrics } from '@parley/platform/metrics';
import { Tracing } from '@parley/platform/tracing';
import type { SteadyPool } from '@parley/platform/steady-pool';
import { RealtimeBus } from '@parley/platform/realtime-bus';
import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Dead } from './apply';
import { Drain, type DrainParts, type Published } from './drain';
import { lanePool } from './lane-pool';
import { listForgottenLanes } from './lanes.queries';
import { NamesService } from '../names/names.service';
import { TrafficService } from '../upkeep/traffic.service';

/** One drain takes every waiting lane; a second starts only when the first is stuck. */
const SLOTS = 2;
const PATIENCE_MS = 100;
const BUSY_MS = 25;
const AWAY_MS = 200;
/** Applies what intake kept, each account's in order. */
@Injectable()
export class LanesService implements BeforeApplicationShutdown {
  private readonly log = new Logger('lanes');
  private readonly waiting = new Set<number>();
  private readonly running = new Set<number>();
  private readonly idle: Drain[] = [];
  private readonly active = new Set<Promise<void>>();
  private readonly sweeper: SteadyPool;
  private startedAt = 0;
  private later: NodeJS.Timeout | null = null;
  private closing = false;

  constructor(
    @Inject(ENV) env: Env,
    private readonly bus: RealtimeBus,
    private readonly bells: Bells,
    private readonly metrics: Metrics,
    private readonly tracing: Tracing,
    private readonly traffic: TrafficService,
    private readonly names: NamesService,
  ) {
    const parts: DrainParts = {
      providers: new Map(),
      publish: (published) => this.tell(published),
      died: (row) => this.died(row),
    };
    for (let i = 0; i < SLOTS; i++) this.idle.push(new Drain(parts, env, metrics));
    this.sweeper = lanePool(env, 'sweeper', metrics);
  }

  /** Something waits in this lane. */
  ring(lane: number): void {
    this.waiting.add(lane);
    this.pump();
  }

  /**
   * Resolves when one more drain could start. A lane that is taken from the bells before that would wait here, while
   * another worker stands idle.
   */
  async free(): Promise<void> {
    for (let wait = this.startsIn(); wait > 0; wait = this.startsIn()) {
      const patience = Number.isFinite(wait) ? [new Promise((resolve) => setTimeout(resolve, wait))] : [];
      await Promise.race([...this.active, ...patience]);
    }
  }

  /** Drains lanes whose bell was lost; called twice a second by a timer. */
  async sweep(): Promise<void> {
    for (const lane of await this.sweeper.query((sql) => listForgottenLanes(sql))) this.ring(lane);
  }

  /** Nothing waits or runs. For tests and shutdown. */
  async settled(): Promise<void> {
    while (this.active.size || (this.waiting.size && !this.closing)) {
      await Promise.allSettled([...this.active]);
      await nextTurn(); // in which those that wait begin
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closing = true;
    if (this.later) clearTimeout(this.later);
    await this.settled();
    this.bells.ringLanes(this.waiting); // others need not wait for their sweeper
    await Promise.allSettled([this.sweeper, ...this.idle].map((drain) => drain.close()));
  }

  /** What arrives while a drain runs goes out with the next. */
  private pump(): void {
    const lanes = [...this.waiting].filter((lane) => !this.running.has(lane));
    const wait = this.startsIn();
    if (!lanes.length || this.closing || wait === Infinity) return;
    if (wait > 0) {
      this.later ??= setTimeout(() => {
        this.later = null;
        this.pump();
      }, wait);
      return;
    }
    const drain = this.idle.pop();
    if (!drain) return;
    const job = this.drain(drain, lanes).finally(() => this.active.delete(job));
    this.active.add(job);
  }

  /** How long until a drain may start, in ms; Infinity: not before one ends. */
  private startsIn(): number {
    if (!this.active.size) return 0;
    return this.idle.length ? this.startedAt + PATIENCE_MS - performance.now() : Infinity;
  }

  private async drain(drain: Drain, lanes: number[]): Promise<void> {
    this.startedAt = performance.now();
    for (const lane of lanes) {
      this.waiting.delete(lane);
      this.running.add(lane);
    }
    try {
      const { busy, more } = await drain.run(lanes);
      for (const lane of more) this.waiting.add(lane);
      for (const lane of busy) this.ringLater(lane, BUSY_MS);
    } catch (error) {
      this.log.warn({ err: error, lanes }, 'a drain failed and is tried again');
      for (const lane of lanes) this.ringLater(lane, AWAY_MS);
    } finally {
      this.idle.push(drain);
      for (const lane of lanes) this.running.delete(lane);
      setImmediate(() => this.pump());
    }
  }

  private ringLater(lane: number, ms: number): void {
    if (!this.closing) setTimeout(() => this.ring(lane), ms);
  }

  private died(row: Dead): void {
    this.metrics.queueFailed.inc({ queue: 'webhooks' });
    this.log.warn({ accountId: row.account_id, key: row.key }, 'an item could not be applied; it is kept');
  }

  private tell(published: Published): void {
    const { events, ephemeral, ring, nameless } = published;
    if (nameless.length) this.askNames(nameless, published.applied);
    this.bus.publish(events);
    for (const { tenantId, audience, event } of ephemeral) this.bus.publishEphemeral(tenantId, audience, event);
    this.bells.ringAccounts(ring);
    this.count(published);
    if (this.tracing.isOn) this.trace(published);
  }

  /** Of the providers that tell them to who asks. */
  private askNames(nameless: Published['nameless'], applied: Published['applied']): void {
    const able = new Set(applied.filter(({ provider }) => registry[provider].names).map(({ accountId }) => accountId));
    if (able.size) this.names.ask(nameless.filter(({ accountId }) => able.has(accountId)));
  }

  private count({ applied, received, beganMs, endedMs }: Published): void {
    const seconds = (endedMs - beganMs) / 1000;
    this.metrics.laneBatch.observe(applied.length);
    this.metrics.laneDuration.observe(seconds);
    this.metrics.queueCompleted.inc({ queue: 'webhooks' }, applied.length);
    for (const { provider, ageS } of applied) this.metrics.processing.observe({ provider }, ageS + seconds);
    this.traffic.heard(applied);
    for (const { tenantId, provider } of received) this.metrics.messagesReceived.inc({ tenant: tenantId, provider });
  }

  private trace({ applied, beganMs, endedMs }: Published): void {
    for (const [of, { provider, accountId }] of new Map(applied.map((row) => [row.correlationId, row]))) {
      const attributes = { provider, account: accountId, rows: applied.length };
      this.tracing.tell({ name: 'lane.apply', of, beganMs, endedMs, attributes });
    }
  }
}

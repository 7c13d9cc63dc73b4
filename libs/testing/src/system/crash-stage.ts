import type { CrashPoint } from '@parley/platform/crash-points';
import { expect } from 'vitest';
import { freePort } from '../app';
import { runProcess, startProcess, variablesOf, type AppProcess } from '../processes';
import { startWatchers, type Watchers } from '../rig/watchers';
import type { TestMember } from '../tenant';
import { waitFor } from '../wait-for';
import { startSystem, type System } from './system';

/** Far past what any point needs to be reached. */
const NEVER_MS = 30_000;

/** The running product, one process of which dies again and again, and is started again as a supervisor does. */
export class CrashStage {
  private constructor(
    readonly system: System,
    private readonly part: 'api' | 'worker',
    private readonly port: number,
    private current: AppProcess | undefined,
  ) {}

  static async start(part: 'api' | 'worker'): Promise<CrashStage> {
    const system = await startSystem();
    const [current, port] =
      part === 'api' ? [system.apis[0], system.app.env.API_PORT] : [system.workers[0], await freePort()];
    return new CrashStage(system, part, port, current);
  }

  /** Somebody does, whatever became of the point before. */
  async heal(): Promise<void> {
    if (!this.current) await this.startAgain();
  }

  /** Nobody does its work. */
  async stop(): Promise<void> {
    await this.current?.kill('SIGKILL');
    this.current = undefined;
  }

  /** In its place one that dies there. Resolves when it is ready, or dead already: there may be work for it from the start. */
  async startDying(fault: string): Promise<void> {
    await this.stop();
    const app = runProcess(this.part, { ...this.variables, FAULT: fault });
    this.current = app;
    let isOver = false;
    void app.ended.then(() => (isOver = true));
    await waitFor('it to be ready', async () => isOver || (await fetch(this.readyUrl).catch(() => undefined))?.ok, {
      timeoutMs: 40_000,
    });
  }

  /** Resolves once it died there, by itself; throws when it never does. */
  async died(point: CrashPoint): Promise<void> {
    const { current } = this;
    if (!current) throw new Error('nothing runs that could die');
    const never = new Promise<'never'>((resolve) => setTimeout(resolve, NEVER_MS, 'never').unref());
    const how = await Promise.race([current.ended, never]);
    if (how !== 'SIGKILL' || !current.output().includes(`crash point ${point}:`))
      throw new Error(`${point} was never reached (${how}): ${current.output().slice(-2000)}`);
    this.current = undefined;
  }

  /** As a supervisor does: the normal build, without `FAULT`. */
  async startAgain(): Promise<void> {
    await this.stop();
    this.current = await startProcess(this.part, this.variables, this.readyUrl);
  }

  /** Clients of all events of a tenant, signed in as that member. */
  watch(owner: TestMember, perTenant = 1): Promise<Watchers> {
    const { app } = this.system;
    return startWatchers({ app, entry: app.url, tenants: [{ owner }] }, { perTenant, from: 0 });
  }

  /** Each of them was told of each event that there is, once and in order. */
  async expectTold({ clients }: Watchers): Promise<void> {
    for (const { member, frames, resets } of clients) {
      const [row] = await this.system.app.sql<{ head: number }[]>`
        select coalesce(max(seq), 0)::int head from events where tenant_id = ${member.tenantId}`;
      const head = row?.head ?? 0;
      await waitFor(`event ${head}`, () => (frames.at(-1)?.seq ?? 0) >= head).catch(() => {}); // said in numbers below
      expect(frames.map(({ seq }) => seq)).toEqual(Array.from({ length: head }, (_, i) => i + 1));
      expect(resets).toEqual([]);
    }
  }

  async close(): Promise<void> {
    await this.current?.close();
    await this.system.close();
  }

  private get variables(): Record<string, string> {
    const port = { [this.part === 'api' ? 'API_PORT' : 'WORKER_PORT']: String(this.port) };
    return { ...variablesOf(this.system.app.env), ...port };
  }

  private get readyUrl(): string {
    return `http://127.0.0.1:${this.port}/health/ready`;
  }
}

/** Asks again, as somebody does whose call was cut, until it gives something. */
export function untilAnswered<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  return waitFor(what, () => ask().catch(() => undefined), { timeoutMs: 40_000, everyMs: 50 });
}

/** Something that runs beside: if it fails, that is told where it is awaited. */
export function awaitedLater<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {});
  return work;
}

/** For the report. */
export function after(since: number, what: string): string {
  return `${what} after ${Math.round(performance.now() - since)} ms`;
}

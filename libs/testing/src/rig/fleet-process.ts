import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { spawnApp } from '../processes';
import { waitFor } from '../wait-for';

/** A built app in a process of its own, started again within 250 ms when it dies, unless it was stopped. */
export interface FleetProcess {
  name: 'api' | 'worker';
  /** Origin of the api, or of the worker's health and metrics. */
  url: string;
  /** Of the process that runs now; 0 while none does. */
  pid(): number;
  kill(signal: NodeJS.Signals): void;
  /** Ends it in order (SIGTERM), and leaves it so. */
  stop(): Promise<void>;
  /**
   * Stops it if it runs, and starts it with these variables beside the fleet's, which it keeps until the next `start`.
   * Resolves once it is ready; throws after 90 s.
   */
  start(env?: Record<string, string>): Promise<void>;
  /** Resolves once the process, or the next, is ready; throws after 90 s. */
  ready(): Promise<void>;
  /** How often it died without having been asked to stop. */
  deaths(): number;
  /** Bytes that the process which runs now holds in memory; 0 while none does. */
  rss(): number;
  /** What the process which runs now has used so far, in steps of 10 ms; 0 while none does. */
  cpuMs(): number;
  /** What all its lives printed, the last 2 MB of it. */
  output(): string;
}

const RESTART_MS = 200;
const PATIENCE_MS = 90_000; // many start at once, on a busy machine
const LONGEST_OUTPUT = 2_000_000;

export class SupervisedApp implements FleetProcess {
  private child: ChildProcess | undefined;
  private extra: Record<string, string> = {};
  private wanted = false;
  private died = 0;
  private readonly printed: string[] = [];
  private printedLength = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    readonly name: 'api' | 'worker',
    readonly url: string,
    private readonly variables: Record<string, string>,
  ) {}

  pid = () => this.child?.pid ?? 0;
  deaths = () => this.died;
  output = () => this.printed.join('');

  kill(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  async start(env: Record<string, string> = {}): Promise<void> {
    await this.stop();
    [this.extra, this.wanted] = [env, true];
    this.run();
    await this.ready();
  }

  async stop(): Promise<void> {
    this.wanted = false;
    clearTimeout(this.timer);
    const { child } = this;
    if (!child) return;
    const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
    child.kill('SIGTERM');
    const last = setTimeout(() => child.kill('SIGKILL'), 15_000); // frozen, or hung
    await gone;
    clearTimeout(last);
  }

  async ready(): Promise<void> {
    const isReady = async () => {
      const answer = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(3_000) }).catch(() => null);
      await answer?.body?.cancel();
      return answer?.ok && this.child !== undefined;
    };
    await waitFor(`${this.name} to be ready`, isReady, { timeoutMs: PATIENCE_MS, everyMs: 50 }).catch(
      (error: unknown) => {
        throw new Error(`${this.name} is not ready:\n${this.output().slice(-2000)}`, { cause: error });
      },
    );
  }

  rss(): number {
    return Number(/VmRSS:\s+(\d+)/.exec(told(this.pid(), 'status'))?.[1] ?? 0) * 1024;
  }

  cpuMs(): number {
    return cpuMsOf(this.pid());
  }

  private keep(text: string): void {
    this.printed.push(text);
    this.printedLength += text.length;
    while (this.printedLength > LONGEST_OUTPUT) this.printedLength -= this.printed.shift()?.length ?? 0;
  }

  private run(): void {
    const child = spawnApp(this.name, { ...this.variables, ...this.extra });
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => this.keep(chunk.toString()));
    child.once('exit', () => {
      this.child = undefined;
      if (!this.wanted) return;
      this.died++;
      this.timer = setTimeout(() => this.run(), RESTART_MS);
    });
  }
}

/** What a process has used so far, in steps of 10 ms; 0 of one that is not there. */
export function cpuMsOf(pid: number): number {
  // Counted from behind the name, which may hold spaces: utime and stime are its 14th and 15th fields.
  const fields = told(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10;
}

function told(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it has just ended
  }
}

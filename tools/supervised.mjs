import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure, say } from './console.mjs';
import { LogFile } from './log-file.mjs';
import { giveUp } from './shutdown.mjs';

const window = 60_000;
const maxDeaths = 10;
/** So short that ten deaths and ten slow starts between them still fit into the window. */
const maxDelayMs = 3_000;

/**
 * One long-running process: started, waited for, started again when it dies, stopped.
 *
 * `spec`: `name`, `command`, `args`, `env`, `cwd`, `uid`, `gid`, `logFile`; `isReady()` tells when it can be used and
 * `readyMs` how long that may take; `stopSignal` and `stopMs` say how it ends; `delayMs` is the first wait before another
 * start. `echo` gets every line that it prints, `onGiveUp` the reason when it died too often. With `waitForChange` a dead
 * process stays dead until `restart()`, with `staysDead` until `start()`, and nothing is said of it.
 */
export class Supervised {
  #spec;
  #log;
  #child;
  #ending;
  #exited = Promise.resolve();
  #deaths = [];
  #wasReady = false;
  #stopping = false;
  #timer;

  constructor(spec) {
    this.#spec = { readyMs: 60_000, delayMs: 250, stopSignal: 'SIGTERM', stopMs: 12_000, onGiveUp: giveUp, ...spec };
    this.#log = new LogFile(spec.logFile);
  }

  get name() {
    return this.#spec.name;
  }

  /** Of the process that runs now, if one does. */
  get pid() {
    return this.#child?.pid;
  }

  /** Resolves once the process is ready. One that ends before has nothing to recover from: it fails with its last words. */
  async start() {
    const { name, isReady, readyMs } = this.#spec;
    this.#stopping = false;
    this.#wasReady = false;
    this.#run();
    const deadline = Date.now() + readyMs;
    let ready = false;
    while (!ready) {
      ready = await isReady();
      if (this.#stopping) throw new Failure(`${name} was stopped while it started.`);
      if (!this.#child) throw new Failure(`${name} ended while it started. Its last lines:\n${this.#log.tail()}`);
      if (Date.now() > deadline)
        throw new Failure(`${name} was not ready after ${readyMs / 1000} s. Its last lines:\n${this.#log.tail()}`);
      if (!ready) await delay(50);
    }
    this.#wasReady = true;
  }

  /** Ends the running process, if any, and starts a new one at once. Does not wait for it to be ready. */
  async restart() {
    clearTimeout(this.#timer);
    this.#wasReady = true;
    await this.#end();
    if (!this.#stopping) this.#run();
  }

  async stop(signal = this.#spec.stopSignal) {
    this.#stopping = true;
    clearTimeout(this.#timer);
    await this.#end(signal);
  }

  #run() {
    const { command, args, env, cwd, uid, gid, echo } = this.#spec;
    // A group of its own: the terminal's Ctrl-C reaches the launcher alone, which then stops everything in order.
    const child = spawn(command, args, { env, cwd, uid, gid, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => this.#log.write(chunk).forEach((line) => echo?.(line)));
    this.#exited = new Promise((resolve) => {
      child.once('error', (error) => this.#log.write(Buffer.from(`${error.message}\n`)));
      child.once('exit', () => killGroup(child));
      child.once('close', (code, signal) => {
        this.#child = undefined;
        resolve();
        if (this.#ending !== child) this.#died(signal ?? `exit code ${code}`);
      });
    });
  }

  #died(how) {
    const { name, delayMs, onGiveUp, waitForChange, staysDead } = this.#spec;
    if (!this.#wasReady || this.#stopping || staysDead) return; // start() tells
    const now = Date.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < window), now];
    if (waitForChange) return say(`${name} ended (${how}); it starts again with the next change`);
    if (this.#deaths.length >= maxDeaths)
      return onGiveUp(
        new Failure(`${name} ended ${maxDeaths} times within a minute (${how}). Its last lines:\n${this.#log.tail()}`),
      );
    const wait = Math.min(delayMs * 2 ** (this.#deaths.length - 1), maxDelayMs);
    say(`${name} ended (${how}); starting it again in ${wait / 1000} s`);
    this.#timer = setTimeout(() => this.#run(), wait);
  }

  /** Waits for `close`: a child that a signal ended has no exit code to look at, and its own children may outlive it. */
  async #end(signal = this.#spec.stopSignal) {
    const child = this.#child;
    if (!child) return this.#exited;
    this.#ending = child;
    child.kill(signal);
    const force = setTimeout(() => killGroup(child), this.#spec.stopMs);
    await this.#exited;
    clearTimeout(force);
  }
}

/** What a process leaves behind of its own making ends with it. */
function killGroup(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody of the group is left.
  }
}

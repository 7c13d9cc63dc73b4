import { fork } from 'node:child_process';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { SendPlan, SendProgress, SendReport, SendWord } from './send-plan';

export interface SendHooks {
  /** The warm-up is over. */
  warm(): void;
  /** How many answers the provider was called for. */
  called(): Promise<number>;
}

/** Runs the agents. */
export async function runSends(plan: SendPlan, { warm, called }: SendHooks): Promise<SendReport> {
  const child = fork(path.join(import.meta.dirname, 'send-load.js'), { serialization: 'advanced' });
  child.send(plan);
  const report = new Promise<SendReport>((resolve, reject) => {
    child.on('message', (message) => {
      const told = message as SendWord; // written by send-load.ts
      if (told.word === 'warm') return warm();
      child.kill('SIGKILL');
      resolve(told.report);
    });
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the agents ended with ${code} before they were done`)));
  });
  let writing = true;
  void report.catch(() => {}).finally(() => (writing = false));
  while (writing && child.connected && plan.perSecond === undefined) {
    child.send({ called: await called() } satisfies SendProgress);
    await delay(20);
  }
  return report;
}

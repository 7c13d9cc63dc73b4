import { fork } from 'node:child_process';
import path from 'node:path';
import type { SendPlan, SendReport, SendWord } from './send-plan';

/** Runs the agents. `warm` is called when the warm-up is over. */
export function runSends(plan: SendPlan, warm: () => void = () => {}): Promise<SendReport> {
  const child = fork(path.join(import.meta.dirname, 'send-load.js'), { serialization: 'advanced' });
  child.send(plan);
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      const told = message as SendWord; // written by send-load.ts
      if (told.word === 'warm') return warm();
      child.kill('SIGKILL');
      resolve(told.report);
    });
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the agents ended with ${code} before they were done`)));
  });
}

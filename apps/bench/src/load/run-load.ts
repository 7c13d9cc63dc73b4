import { fork } from 'node:child_process';
import path from 'node:path';
import type { LoadPlan, LoadReport, LoadWord } from './load-plan';

/** Runs the generator. `warm` is called when the warm-up is over. */
export function runLoad(plan: LoadPlan, warm: () => void): Promise<LoadReport> {
  const child = fork(path.join(import.meta.dirname, 'load.js'));
  child.send(plan); // no argument: of thousands of doors it would be too long
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      const told = message as LoadWord; // written by load.ts
      if (told.word === 'warm') warm();
      if (told.word !== 'done') return;
      child.kill('SIGKILL');
      resolve(told.report);
    });
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the generator ended with ${code} before it was done`)));
  });
}

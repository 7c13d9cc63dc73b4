import { spawn } from 'node:child_process';
import { Failure } from './console.mjs';
import { root } from './paths.mjs';
import { onShutdown } from './shutdown.mjs';

/** Runs a command to its end, its output on ours, and resolves with its exit code (1 if a signal ended it). */
export function exitCodeOf(command, args, { env, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: 'inherit', env: { ...process.env, ...quietTools, ...env } });
    const ended = new Promise((done) => child.once('close', done));
    const forget = onShutdown(() => {
      child.kill('SIGTERM');
      return ended;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      forget();
      resolve(code ?? 1);
    });
  });
}

/** Like `exitCodeOf`, but anything except success is an error. */
export async function run(command, args, options) {
  const code = await exitCodeOf(command, args, options);
  if (code !== 0) throw new Failure(`${[command, ...args].join(' ')} failed: see above.`);
}

/** None of the tools we run has business on the network. */
const quietTools = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false', NEXT_TELEMETRY_DISABLED: '1' };

import { spawn } from 'node:child_process';
import { Failure } from './console.mjs';
import { root } from './paths.mjs';
import { onShutdown } from './shutdown.mjs';

/** Runs a command to its end, its output on ours. Anything except success is an error. */
export async function run(command, args, { env, cwd = root } = {}) {
  const child = spawn(command, args, { cwd, stdio: 'inherit', env: { ...process.env, ...quietTools, ...env } });
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const forget = onShutdown(() => {
    child.kill('SIGTERM');
    return ended;
  });
  const code = await ended.finally(forget);
  if (code !== 0) throw new Failure(`${[command, ...args].join(' ')} failed: see above.`);
}

/** None of the tools we run has business on the network. */
const quietTools = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false', NEXT_TELEMETRY_DISABLED: '1' };

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { waitFor } from '@parley/testing/wait-for';

/** What the build of the pages made. */
export const webBuild = path.resolve(import.meta.dirname, '../../web/.next');

/** The built pages, as `npm start` serves them. Resolves once they answer; gives how to end them. */
export async function startWeb(port: number): Promise<() => Promise<void>> {
  const server = path.join(webBuild, 'standalone/apps/web/server.js');
  if (!existsSync(server)) throw new Error('The pages are not built: run `npx nx run @parley/web:build` first.');
  const child = spawn(process.execPath, [server], {
    env: { NODE_ENV: 'production', HOSTNAME: '127.0.0.1', PORT: String(port), NEXT_TELEMETRY_DISABLED: '1' },
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  await waitFor('the pages', async () => {
    if (child.exitCode !== null) throw new Error(`The pages ended with ${child.exitCode}.`);
    const answer = await fetch(`http://127.0.0.1:${port}/sign-in`).catch(() => undefined);
    await answer?.arrayBuffer();
    return answer?.ok;
  });
  return async () => {
    child.kill('SIGTERM');
    await exited;
  };
}

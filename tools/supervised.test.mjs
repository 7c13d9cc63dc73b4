import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { programOf } from './stale.mjs';
import { Supervised } from './supervised.mjs';

let folder;
let supervised;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'parley-supervised-'))));
afterEach(async () => {
  await supervised?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

const starts = () => (fs.existsSync(`${folder}/starts`) ? fs.readFileSync(`${folder}/starts`, 'utf8').length : 0);
/** Runs a script that notes each of its starts; it counts as ready once it did. */
function supervise(script, options = {}) {
  const noted = `require('node:fs').appendFileSync(${JSON.stringify(`${folder}/starts`)}, '.'); ${script}`;
  supervised = new Supervised({
    name: 'dummy',
    command: process.execPath,
    args: ['-e', noted],
    env: process.env,
    logFile: `${folder}/dummy.log`,
    isReady: () => starts() > 0,
    delayMs: 2,
    ...options,
  });
  return supervised;
}

it('starts again what dies', async () => {
  await supervise(`setTimeout(() => process.exit(3), 200)`).start();
  await expect.poll(starts, { timeout: 10_000 }).toBeGreaterThan(2);
});

it('starts again what a signal killed', async () => {
  const pidFile = `${folder}/pid`;
  await supervise(
    `require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => {}, 1000)`,
  ).start();
  await expect.poll(() => fs.existsSync(pidFile)).toBe(true);
  process.kill(Number(fs.readFileSync(pidFile, 'utf8')), 'SIGKILL');
  await expect.poll(starts, { timeout: 10_000 }).toBe(2);
});

it('gives up after ten deaths within a minute, with the last words of the dead', async () => {
  let reason;
  await supervise(`console.log('cannot go on'); setTimeout(() => process.exit(3), 200)`, {
    onGiveUp: (error) => (reason = error.message),
  }).start();
  await expect.poll(() => reason, { timeout: 60_000 }).toMatch(/dummy ended 10 times within a minute.*cannot go on/s);
  expect(starts()).toBe(10);
}, 90_000);

it('does not repeat a start that failed, and says why', async () => {
  const start = supervise(`console.error('bad environment'); process.exit(1)`, { isReady: () => false }).start();
  await expect(start).rejects.toThrow(/dummy ended while it started.*bad environment/s);
  expect(starts()).toBe(1);
});

it('leaves nothing running: neither what ignores the signal nor its children', async () => {
  const child = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`;
  const pids = `${folder}/pids`;
  await supervise(
    `${child}; const c = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' });
     require('node:fs').writeFileSync(${JSON.stringify(pids)}, process.pid + ' ' + c.pid)`,
    { stopMs: 300, isReady: () => fs.existsSync(pids) },
  ).start();
  await supervised.stop();
  for (const pid of fs.readFileSync(pids, 'utf8').split(' ').map(Number)) expect(programOf(pid)).toBe('');
});

it('leaves dead what is to stay so, until it is started again', async () => {
  const one = supervise(`setInterval(() => {}, 1000)`, { staysDead: true });
  await one.start();
  process.kill(one.pid, 'SIGKILL');
  await expect.poll(() => one.pid).toBe(undefined);
  await one.start();
  await expect.poll(starts).toBe(2);
  await one.stop('SIGKILL');
  expect(one.pid).toBe(undefined);
});

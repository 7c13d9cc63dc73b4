import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inRoot } from './paths.mjs';

let folder;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'parley-secrets-'));
  fs.cpSync(inRoot('tools'), path.join(folder, 'tools'), { recursive: true });
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** What a clone of its own is given; each call is a new process. */
function load(demo, env = {}) {
  const script = `import('./tools/secrets.mjs').then(({ loadSecrets }) => console.log(JSON.stringify(loadSecrets({ demo: ${demo} }))))`;
  return JSON.parse(execFileSync(process.execPath, ['-e', script], { cwd: folder, env, encoding: 'utf8' }));
}

it('keeps what it made, and gives what the providers’ stand-in needs to the demo alone', () => {
  const first = load(false);
  expect(Object.keys(first)).not.toContain('CLOUD_API_APP_SECRET');
  const demo = load(true);
  expect(demo).toMatchObject({ ...first, CLOUD_API_APP_SECRET: expect.stringMatching(/^[\da-f]{32}$/) });
  expect(demo.SLACK_CLIENT_ID).toMatch(/^\d+\.\d+$/);
  expect(load(true)).toEqual(demo);
  expect(load(false)).toEqual(first); // those of an earlier demo are not taken for real ones
});

it('takes what the environment gives first', () => {
  expect(load(true, { CLOUD_API_APP_SECRET: 'from-the-shell' }).CLOUD_API_APP_SECRET).toBe('from-the-shell');
});

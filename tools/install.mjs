import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Failure, step } from './console.mjs';
import { inRoot } from './paths.mjs';

const stamp = inRoot('node_modules/.parley-lock');

/** Installs the packages when `node_modules` is not what the lock file says. Install scripts stay off: none is needed. */
export async function installPackages() {
  const wanted = createHash('sha256')
    .update(fs.readFileSync(inRoot('package-lock.json')))
    .digest('hex');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return;
  if (!matchesLock()) await step('Installing packages (a few minutes on the first run)', npmCi);
  fs.writeFileSync(stamp, wanted);
}

/** npm records what it installed: a developer's own `npm install` is as good as ours. */
function matchesLock() {
  const installed = readPackages('node_modules/.package-lock.json');
  if (!installed) return false;
  return Object.entries(readPackages('package-lock.json')).every(([name, locked]) => {
    if (!name.includes('node_modules/')) return true; // the workspaces themselves
    return installed[name] ? installed[name].version === locked.version : locked.optional && !isForThisMachine(locked);
  });
}

/** Optional packages that name no platform belong to one that does, and `libc` tells apart what cannot be seen here. */
function isForThisMachine({ os, cpu, libc }) {
  return os?.includes(process.platform) && cpu?.includes(process.arch) && !libc;
}

function readPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(inRoot(file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** `npm ci` deletes `node_modules`, and with it the Node inside, so it runs on a Node from elsewhere. */
function npmCi() {
  const outside = searchPath().filter((folder) => !folder.includes('node_modules'));
  const env = { ...process.env, PATH: outside.join(path.delimiter), npm_config_loglevel: 'error' };
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  const npmCli = process.env.npm_execpath?.endsWith('.js') ? process.env.npm_execpath : undefined;
  const node = outside.map((folder) => path.join(folder, 'node')).find((file) => fs.existsSync(file));
  return npmCli ? run(node ?? process.execPath, [npmCli, ...args], env) : run('npm', args, env);
}

function run(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: inRoot(), stdio: 'inherit', env });
    child.on('error', (cause) => reject(new Failure(`npm could not be started: ${cause.message}`)));
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Failure('npm ci failed: see above.'))));
  });
}

/** The major version that the packages bring along, and that everything after the installation runs on. */
const wantedNode = 24;

/** Runs this same command on the packaged Node when the current one is too old. Returns only if it is not. */
export async function useInstalledNode() {
  process.env.PATH = [inRoot('node_modules/.bin'), ...searchPath()].join(path.delimiter);
  if (Number.parseInt(process.versions.node, 10) >= wantedNode) return;
  const packaged = inRoot('node_modules/.bin/node');
  if (!fs.existsSync(packaged))
    throw new Failure(
      `Parley runs on Node.js ${wantedNode} or newer. This is ${process.version}, and there is no packaged one for ` +
        `${process.platform}-${process.arch}: install Node.js ${wantedNode} from https://nodejs.org and start again.`,
    );
  await replaceBy(packaged);
}

function replaceBy(node) {
  const args = ['--import', inRoot('tools/follow-parent.mjs'), ...process.argv.slice(1)];
  const child = spawn(node, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : code));
  return new Promise(() => {});
}

function searchPath() {
  return (process.env.PATH ?? '').split(path.delimiter);
}

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { Failure, step } from './console.mjs';
import { inState } from './paths.mjs';

const run = promisify(execFile);

/**
 * A program that npm does not have: one of `names` on PATH, else `program` of the distribution's `packages`, unpacked
 * into `folder` below `.parley`. Nothing is installed, and no root is needed. Returns `{ command, env }`, the variables
 * that it needs beside others; fails with `help` where there is neither.
 */
export async function findProgram({ title, names, folder, packages, program, help }) {
  const copy = inState(folder);
  const own = { command: path.join(copy, program), env: libraryPath(copy) };
  const found = names.map(onPath).find(Boolean);
  if (found) return { command: found, env: {} };
  if (!fs.existsSync(own.command) && onPath('apt-get') && onPath('dpkg-deb')) {
    await step(`Fetching ${title} into .parley (the distribution’s package; nothing is installed)`, () =>
      fetchPackages({ copy, packages, program }),
    ).catch((error) => console.error(error.stderr ?? error.message));
  }
  if (fs.existsSync(own.command)) return own;
  throw new Failure(help);
}

function onPath(name) {
  const candidates = (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, name));
  return candidates.find((file) => fs.existsSync(file));
}

/** Debian's and Ubuntu's own packages: apt with a private state needs no root. The copy gets its name last, when it runs. */
async function fetchPackages({ copy, packages, program }) {
  const work = `${copy}.${process.pid}`;
  const [apt, archives, unpacked] = ['apt', 'packages', 'unpacked'].map((name) => path.join(work, name));
  for (const folder of [`${apt}/lists/partial`, `${apt}/cache/archives/partial`, archives, unpacked])
    fs.mkdirSync(folder, { recursive: true });
  const settings = [`Dir::State=${apt}`, 'Dir::State::status=/var/lib/dpkg/status', `Dir::Cache=${apt}/cache`];
  const options = ['-q', ...[...settings, 'APT::Sandbox::User=root'].flatMap((setting) => ['-o', setting])];
  try {
    await run('apt-get', [...options, 'update']);
    await run('apt-get', [...options, 'download', ...packages], { cwd: archives });
    for (const file of fs.readdirSync(archives)) await run('dpkg-deb', ['-x', path.join(archives, file), unpacked]);
    const env = { ...process.env, ...libraryPath(unpacked) };
    await run(path.join(unpacked, program), ['--version'], { env });
    if (!fs.existsSync(path.join(copy, program))) fs.renameSync(unpacked, copy);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

function libraryPath(folder) {
  const triplet = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch];
  return { LD_LIBRARY_PATH: path.join(folder, 'usr/lib', triplet ?? '') };
}

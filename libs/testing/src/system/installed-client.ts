import { execFile, spawn } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '../../../..');
const run = promisify(execFile);

/** A program that somebody else wrote, while it runs. */
export interface Program {
  output(): string;
  interrupt(): void;
  /** Its exit code. */
  ended: Promise<number | null>;
}

/** The client's package in a folder far from the workspace, with its examples beside it. */
export interface InstalledClient {
  /** Every file of the package with what is in it. */
  files: Record<string, string>;
  /** What the compiler has to say of the examples and of this program; empty where all is well. */
  check(program: string): Promise<string>;
  run(example: string, env: Record<string, string>): Program;
  remove(): Promise<void>;
}

/** Packs the built client and installs it as anybody would. Of the network nothing is needed: its one dependency lies here. */
export async function installClient(): Promise<InstalledClient> {
  const folder = await mkdtemp(path.join(tmpdir(), 'parley-client-'));
  const inFolder = { cwd: folder };
  const { stdout } = await run('npm', ['pack', path.join(root, 'libs/client/dist'), '--silent'], inFolder);
  const dependencies = {
    '@parley/client': `file:${stdout.trim()}`,
    zod: `file:${path.join(root, 'node_modules/zod')}`,
  };
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ type: 'module', dependencies }));
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--silent'], inFolder);
  const installed = path.join(folder, 'node_modules/@parley/client');
  const examples = await readdir(path.join(installed, 'examples'));
  for (const name of examples) await copyFile(path.join(installed, 'examples', name), path.join(folder, name));
  return {
    files: await textsIn(installed),
    check: (program) => check(folder, { examples, program }),
    run: (example, env) => start(folder, example, env),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function textsIn(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const texts = files.map(async (file) => [path.relative(folder, file), await readFile(file, 'utf8')] as const);
  return Object.fromEntries(await Promise.all(texts));
}

async function check(folder: string, { examples, program }: { examples: string[]; program: string }): Promise<string> {
  await writeFile(path.join(folder, 'program.ts'), program);
  const compilerOptions = {
    ...{ target: 'es2023', lib: ['es2023'], module: 'nodenext', strict: true, noEmit: true, skipLibCheck: true },
    ...{ typeRoots: [path.join(root, 'node_modules/@types')], types: ['node'] },
  };
  const config = { compilerOptions, files: [...examples, 'program.ts'] };
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  return run(process.execPath, [compiler, '-p', '.'], { cwd: folder }).then(
    () => '',
    (error: { stdout?: string }) => error.stdout ?? String(error),
  );
}

function start(folder: string, example: string, env: Record<string, string>): Program {
  const child = spawn(process.execPath, [example], { cwd: folder, env: { PATH: process.env.PATH, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return {
    output: () => output,
    interrupt: () => void child.kill('SIGINT'),
    ended: new Promise((resolve) => child.on('close', resolve)),
  };
}

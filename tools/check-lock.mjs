// Offline: would `npm ci` accept the lock file on every platform, and does it name no registry?
// A release whose packages for other platforms are missing installs here, and then fails there.
import fs from 'node:fs';
import { inRoot } from './paths.mjs';

const { packages } = JSON.parse(fs.readFileSync(inRoot('package-lock.json'), 'utf8'));
const locked = new Set(Object.keys(packages).map((key) => key.slice(key.lastIndexOf('node_modules/') + 13)));

const missing = Object.entries(packages).flatMap(([key, { version, optionalDependencies = {} }]) =>
  Object.entries(optionalDependencies)
    .filter(([name]) => !locked.has(name))
    .map(([name, range]) => `${key || 'root'}@${version} wants ${name}@${range}, which is not locked`),
);
const addresses = Object.entries(packages)
  .filter(([, { resolved }]) => /^https?:/.test(resolved ?? ''))
  .map(([key]) => `${key} records a download address`);

const problems = [...missing, ...addresses];
console.log(problems.length ? problems.join('\n') : 'lock complete');
process.exitCode = problems.length ? 1 : 0;

import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top folder of the repository. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Everything the launcher keeps on this machine: databases, secrets, logs. Ignored by git. */
export const stateDir = path.join(root, '.parley');

export const inRoot = (...parts) => path.join(root, ...parts);
export const inState = (...parts) => path.join(stateDir, ...parts);

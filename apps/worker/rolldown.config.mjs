import { existsSync } from 'node:fs';
import { nodeAppWithFaults } from '../../tools/rolldown.mjs';

const seed = existsSync(new URL('src/seed.ts', import.meta.url)) ? { seed: 'seed' } : {};

export default nodeAppWithFaults(import.meta.url, { main: 'main', 'audit-verify': 'audit-verify', ...seed });

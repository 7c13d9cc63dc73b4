import { existsSync } from 'node:fs';
import { nodeApp } from '../../tools/rolldown.mjs';

const seed = existsSync(new URL('src/seed.ts', import.meta.url)) ? { seed: 'seed' } : {};

export default nodeApp(import.meta.url, { main: 'main', ...seed });

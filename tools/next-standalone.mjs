// After `next build`: the standalone server serves its static files from beside itself, but Next does not put them there.
import fs from 'node:fs';
import { inRoot } from './paths.mjs';

const web = inRoot('apps/web');
const standalone = `${web}/.next/standalone/apps/web`;

fs.cpSync(`${web}/.next/static`, `${standalone}/.next/static`, { recursive: true });
if (fs.existsSync(`${web}/public`)) fs.cpSync(`${web}/public`, `${standalone}/public`, { recursive: true });

// `npm run env:example` writes .env.example from the schema that api and worker parse: every variable, explained.
import fs from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Env } from '../libs/platform/src/env.ts';
import { inRoot } from './paths.mjs';

const header = `# What Parley's api and worker read from their environment. Written by \`npm run env:example\`.
# \`npm start\` sets all of it by itself and reads .env for what should differ; docker-compose.yml needs the secrets.
`;

/** The whole file. What has no default and may not be missing stands there empty, everything else commented out. */
export function renderEnvExample() {
  const required = new Set(Env.safeParse({}).error.issues.map(({ path }) => path[0]));
  const entries = Object.entries(Env.shape).map(([name, type]) => {
    const value = type.def.defaultValue ?? '';
    return `# ${type.description}\n${required.has(name) ? `${name}=` : `# ${name}=${value === false ? 0 : value}`}\n`;
  });
  return [header, ...entries].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  fs.writeFileSync(inRoot('.env.example'), renderEnvExample());

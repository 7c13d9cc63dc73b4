// `npm run env:example` writes .env.example from the schema that api and worker parse: every variable, explained.
import fs from 'node:fs';
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { inRoot } from './paths.mjs';

// Our sources import each other without an extension, which Node by itself does not resolve.
const isSource = (name, from) => /^\.\.?\/[\w/-]+$/.test(name) && from?.endsWith('.ts');
registerHooks({
  resolve: (name, context, next) => next(isSource(name, context.parentURL) ? `${name}.ts` : name, context),
});
const { Env } = await import('../libs/platform/src/env.ts');

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

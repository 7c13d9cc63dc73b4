import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'rolldown';

/**
 * The one build of every Node app: bundles our own sources and leaves npm packages where they are.
 * `entries` maps the name of an output file to its source, both without extension and the latter below `src`.
 */
export function nodeApp(configUrl, entries = { main: 'main' }) {
  return defineConfig(output(configUrl, entries, { dir: 'dist', crashPoints: false }));
}

/** The same, and beside it in `dist-faults` the build that tests kill: see libs/platform/src/crash-points.ts. */
export function nodeAppWithFaults(configUrl, entries = { main: 'main' }) {
  return defineConfig([
    output(configUrl, entries, { dir: 'dist', crashPoints: false }),
    output(configUrl, entries, { dir: 'dist-faults', crashPoints: true }),
  ]);
}

function output(configUrl, entries, { dir, crashPoints }) {
  const root = path.dirname(fileURLToPath(configUrl));
  return {
    cwd: root,
    input: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, path.join(root, `src/${file}.ts`)])),
    platform: 'node',
    tsconfig: path.join(root, 'tsconfig.json'),
    external: (id) => !isOurs(id),
    transform: { define: { CRASH_POINTS: String(crashPoints) } },
    treeshake: { manualPureFunctions: crashPoints ? [] : ['crashPoint'] }, // a call whose answer nobody takes is left out
    output: { dir: path.join(root, dir), format: 'esm', sourcemap: true, cleanDir: true },
  };
}

/** `@oxc-project` holds the decorator helpers that the transformer injects: they are no dependency of ours. */
function isOurs(id) {
  return id.startsWith('.') || path.isAbsolute(id) || id.startsWith('@parley/') || id.startsWith('@oxc-project/');
}

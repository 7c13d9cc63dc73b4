import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { webBuild } from './web-process';

interface Manifest {
  /** The framework's own scripts, the same on every page. */
  rootMainFiles: string[];
  /** For browsers that know no modules: none that is supported asks for them. */
  polyfillFiles: string[];
}

/** Scripts that a page names itself and that are ours, gzipped, in kB (1,000 bytes). */
export async function weightOf(origin: string, address: string): Promise<number> {
  const { rootMainFiles, polyfillFiles } = JSON.parse(
    readFileSync(path.join(webBuild, 'build-manifest.json'), 'utf8'),
  ) as Manifest;
  const framework = new Set([...rootMainFiles, ...polyfillFiles].map((file) => path.basename(file)));
  const html = await (await fetch(origin + address)).text();
  const named = new Set([...html.matchAll(/\/_next\/static\/chunks\/([^"\\]+\.js)/g)].map(([, file]) => file ?? ''));
  if (!rootMainFiles.every((file) => named.has(path.basename(file))))
    throw new Error(`${address} is of another build.`);
  const sizes = [...named].filter((file) => !framework.has(file)).map(sizeOf);
  return sizes.reduce((sum, size) => sum + size, 0) / 1_000;
}

function sizeOf(file: string): number {
  return gzipSync(readFileSync(path.join(webBuild, 'static/chunks', file)), { level: 9 }).length;
}

// The last step of the build: makes `dist` the package as it is published, which stands alone.
import fs from 'node:fs';
import path from 'node:path';

const here = import.meta.dirname;
const dist = path.join(here, 'dist');
const types = path.join(dist, 'types');
const read = (file) => fs.readFileSync(path.join(here, file), 'utf8');

// The compiler leaves the names of modules as the workspace knows them.
for (const file of fs.readdirSync(types, { recursive: true }).filter((name) => name.endsWith('.d.ts'))) {
  const place = path.join(types, file);
  const contracts = path.posix.relative(path.dirname(file), 'libs/contracts/src');
  const text = fs
    .readFileSync(place, 'utf8')
    .replace(
      /(\bfrom |\bimport\()(['"])(@parley\/contracts|\.{1,2})\/([^'"]+)\2/g,
      (_all, before, quote, base, name) => {
        const folder = base.startsWith('.') ? base : contracts;
        return `${before}${quote}${folder}/${name}.js${quote}`;
      },
    );
  fs.writeFileSync(place, text);
}

const { name, version, description } = JSON.parse(read('package.json'));
const { zod } = JSON.parse(read('../contracts/package.json')).dependencies;
const { license } = JSON.parse(read('../../package.json'));
const manifest = {
  name,
  version,
  description,
  license,
  type: 'module',
  sideEffects: false,
  engines: { node: '>=20.3' },
  exports: { '.': { types: './types/libs/client/src/index.d.ts', default: './index.js' } },
  files: ['index.js', 'types', 'examples'],
  dependencies: { zod: `^${zod}` }, // of the types alone
};
fs.writeFileSync(path.join(dist, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
fs.copyFileSync(path.join(here, '../../LICENSE'), path.join(dist, 'LICENSE'));
fs.writeFileSync(path.join(dist, 'README.md'), read('README.md').split('\n## In this repository')[0]);
fs.cpSync(path.join(here, 'examples'), path.join(dist, 'examples'), { recursive: true });

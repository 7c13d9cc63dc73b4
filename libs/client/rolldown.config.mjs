import { fileURLToPath } from 'node:url';
import { defineConfig, rolldown } from 'rolldown';

const tsconfig = fileURLToPath(new URL('tsconfig.json', import.meta.url));
const CONTRACT = '@parley/contracts/routes';

export default defineConfig({
  input: fileURLToPath(new URL('src/index.ts', import.meta.url)),
  platform: 'neutral',
  tsconfig,
  plugins: [{ name: 'addresses', resolveId: (id) => (id === CONTRACT ? `\0${CONTRACT}` : null), load: addresses }],
  output: { file: fileURLToPath(new URL('dist/index.js', import.meta.url)), format: 'esm' },
});

/** In place of the contract's routes: where each of them is, as the contract says now. */
async function addresses(id) {
  if (id !== `\0${CONTRACT}`) return null;
  const contract = await rolldown({ input: fileURLToPath(import.meta.resolve(CONTRACT)), platform: 'node', tsconfig });
  const { output } = await contract.generate({ format: 'esm' });
  const { routes } = await import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString('base64')}`);
  const places = Object.entries(routes).map(([name, { method, path }]) => [name, { method, path }]);
  return `export const routes = ${JSON.stringify(Object.fromEntries(places))};`;
}

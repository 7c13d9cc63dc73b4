import fs from 'node:fs';
import { expect, it } from 'vitest';
import { renderEnvExample } from './env-example.mjs';
import { inRoot } from './paths.mjs';

it('lists every variable of the schema: else run `npm run env:example`', () => {
  expect(fs.readFileSync(inRoot('.env.example'), 'utf8')).toBe(renderEnvExample());
});

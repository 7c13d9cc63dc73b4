import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Store } from './store';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('keeps the last of every row, also one changed in place, and none that was deleted', async () => {
  const store = new Store(folder);
  const table = store.table<{ n: number }>('t');
  const row = table.set('a', { n: 1 });
  table.set('b', { n: 2 });
  row.n = 3;
  table.touch('a');
  table.delete('b');
  await store.close();
  expect([...new Store(folder).table('t').values()]).toEqual([{ n: 3 }]);
});

it('survives a line that a kill cut short', async () => {
  const store = new Store(folder);
  store.table('t').set('a', 1);
  await store.close();
  appendFileSync(path.join(folder, 'state.jsonl'), '["t","b",');
  expect([...new Store(folder).table('t').values()]).toEqual([1]);
});

it('rewrites a file that mostly holds what is no longer true', async () => {
  const lines = Array.from({ length: 3000 }, (_, n) => JSON.stringify(['t', 'a', n])).join('\n');
  appendFileSync(path.join(folder, 'state.jsonl'), `${lines}\n`);
  expect(new Store(folder).table('t').get('a')).toBe(2999);
  expect(readFileSync(path.join(folder, 'state.jsonl'), 'utf8')).toBe('["t","a",2999]\n');
});

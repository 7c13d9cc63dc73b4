import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FileMissing } from './file-store';
import { LocalFiles } from './local-files';

let root: string;
let files: LocalFiles;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'files-'));
  files = new LocalFiles(root);
});
afterEach(() => rm(root, { recursive: true }));

async function* pieces(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}
async function* broken() {
  yield Buffer.from('half');
  throw new Error('the line broke');
}

it('keeps what comes, and reads all of it or a part', async () => {
  expect(await files.put('t/a', pieces('hello ', 'there'))).toBe(11);
  expect((await buffer(await files.read('t/a'))).toString()).toBe('hello there');
  expect((await buffer(await files.read('t/a', { start: 6, end: 8 }))).toString()).toBe('the');
});

it('replaces a file in one step, and keeps the old one where the new one breaks off', async () => {
  await files.put('t/a', pieces('old'));
  await expect(files.put('t/a', broken())).rejects.toThrow('the line broke');
  expect((await buffer(await files.read('t/a'))).toString()).toBe('old');
  expect(await readdir(path.join(root, 'unfinished'))).toEqual([]);
  await files.put('t/a', pieces('new'));
  expect((await buffer(await files.read('t/a'))).toString()).toBe('new');
});

it('takes a file up in parts, keeps what came of one that breaks off, and goes on from there', async () => {
  expect(await files.append('t/a', 0, broken())).toBe(4);
  expect(await files.append('t/a', 4, pieces(' and', ' half'))).toBe(13);
  expect((await buffer(await files.read('t/a'))).toString()).toBe('half and half');
  expect(await files.append('t/a', 4, pieces('-time'))).toBe(9); // the same place again: what was there is written over
  expect((await buffer(await files.read('t/a', { start: 0, end: 8 }))).toString()).toBe('half-time');
  expect(await files.append('t/b', 0, pieces())).toBe(0);
  await expect(files.append('t/c', 3, pieces('x'))).rejects.toThrow('ENOENT');
});

it('says of what is not there that it is missing, and removes it without a word', async () => {
  await expect(files.read('t/none')).rejects.toBeInstanceOf(FileMissing);
  await files.remove('t/none');
});

it.each(['../a', '/a', 't/../../a', 't//a', '', 't/a.b', 't\\a'])('takes no key like %j', async (key) => {
  await expect(files.put(key, pieces('x'))).rejects.toThrow('not a key');
});

it('sweeps what was begun long ago, and nothing else', async () => {
  await files.put('t/a', pieces('kept'));
  const [old, young] = ['old', 'young'].map((name) => path.join(root, 'unfinished', name));
  await Promise.all([old, young].map((part) => writeFile(part ?? '', 'x')));
  await utimes(old ?? '', new Date(0), new Date(0));
  await files.sweep();
  expect(await readdir(path.join(root, 'unfinished'))).toEqual(['young']);
  expect((await buffer(await files.read('t/a'))).toString()).toBe('kept');
});

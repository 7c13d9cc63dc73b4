import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { LocalFiles } from './local-files';
import { StoreWatch } from './store-watch';

class Hanging extends LocalFiles {
  looks = 0;
  readonly answer = Promise.withResolvers<void>();
  override check(): Promise<void> {
    this.looks++;
    return this.answer.promise;
  }
}

it('asks a store that hangs no second time', async () => {
  const files = new Hanging(tmpdir());
  let nowMs = 0;
  const watch = new StoreWatch(files, { now: () => nowMs });
  for (; nowMs < 60_000; nowMs += 5_000) watch.isReachable();
  expect(files.looks).toBe(1);
  files.answer.resolve();
  await files.answer.promise;
  await new Promise(setImmediate);
  watch.isReachable();
  expect(files.looks).toBe(2);
});

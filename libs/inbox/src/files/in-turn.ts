let last: Promise<unknown> = Promise.resolve();

/** Waits for what came before: one picture at a time is in memory, however many come at once. Throws what `work` throws. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work);
  last = mine.catch(() => undefined);
  return mine;
}

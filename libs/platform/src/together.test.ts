import { expect, it } from 'vitest';
import { Together } from './together';

/** A query that is answered when the test says so. */
function slowQuery() {
  const asked: { keys: string[]; answer: (found: Map<string, number>) => void; fail: (error: Error) => void }[] = [];
  const query = (keys: string[]) =>
    new Promise<Map<string, number>>((answer, fail) => void asked.push({ keys, answer, fail }));
  return { asked, together: new Together(query) };
}

it('asks what is asked in one turn together, each key once', async () => {
  const { asked, together } = slowQuery();
  const answers = Promise.all([together.ask('a'), together.ask('b'), together.ask('a'), together.ask('c')]);
  await null;
  asked[0]?.answer(new Map([['a', 1], ['b', 2]])); // prettier-ignore
  expect(await answers).toEqual([1, 2, 1, undefined]);
  expect(asked.map(({ keys }) => keys)).toEqual([['a', 'b', 'c']]);
});

it('never answers with what was read before the question', async () => {
  const { asked, together } = slowQuery();
  const early = together.ask('a');
  await null;
  const late = [together.ask('a'), together.ask('b')];
  asked[0]?.answer(new Map([['a', 1]]));
  expect(await early).toBe(1);
  asked[1]?.answer(new Map([['a', 2]]));
  expect(await Promise.all(late)).toEqual([2, undefined]);
  expect(asked.map(({ keys }) => keys)).toEqual([['a'], ['a', 'b']]);
});

it('fails those who asked, and goes on with those who come then', async () => {
  const { asked, together } = slowQuery();
  const first = together.ask('a');
  await null;
  const second = together.ask('a');
  asked[0]?.fail(new Error('away'));
  await expect(first).rejects.toThrow('away');
  asked[1]?.answer(new Map([['a', 3]]));
  expect(await second).toBe(3);
});

it('lets the one fail whose data are at fault, and no other', async () => {
  const together = new Together((keys: number[]) =>
    keys.includes(2)
      ? Promise.reject(Object.assign(new Error('no number'), { code: '22P02' }))
      : Promise.resolve(new Map(keys.map((key) => [key, key * 2]))),
  );
  const answers = await Promise.allSettled([1, 2, 3].map((key) => together.ask(key)));
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

it('asks once when the road to Postgres is at fault', async () => {
  let rounds = 0;
  const together = new Together((_: string[]) => {
    rounds++;
    return Promise.reject<Map<string, number>>(Object.assign(new Error('gone'), { code: 'ECONNRESET' }));
  });
  const answers = await Promise.allSettled([together.ask('a'), together.ask('b')]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(rounds).toBe(1);
});

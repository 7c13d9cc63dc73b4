import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { freePort } from '@parley/testing/app';

export interface ProviderPlan {
  port: number;
  /** How long an answer takes. */
  answerMs: number;
}

/** One call as it came in. */
export interface ProviderCall {
  /** ms since 1970, with fractions; the same clock as the generator's. */
  at: number;
  /** The account's phone number id. */
  number: string;
  text: string;
  /** False: it was answered with an error. */
  answered: boolean;
}

/** `calls` forgets them. */
export type ProviderWish = { tell: 'calls' | 'count'; dead?: string[] };

export interface FakeProvider {
  url: string;
  /** `host:port`, as the operator lets it through. */
  host: string;
  /** Calls that were answered well. */
  count(): Promise<number>;
  /** Those since the last question. */
  calls(): Promise<ProviderCall[]>;
  /** From now on these numbers' calls fail, and only theirs. */
  kill(numbers: string[]): Promise<void>;
  close(): Promise<void>;
}

export async function runProvider({ answerMs = 0 } = {}): Promise<FakeProvider> {
  const port = await freePort();
  const plan: ProviderPlan = { port, answerMs };
  const child = fork(path.join(import.meta.dirname, 'provider.js'), [JSON.stringify(plan)]);
  await once(child, 'message');
  let asked: Promise<unknown> = Promise.resolve();
  const ask = <T>(wish: ProviderWish): Promise<T> => {
    const answer = asked.then(async () => {
      child.send(wish);
      const [told] = (await once(child, 'message')) as [T];
      return told;
    });
    asked = answer;
    return answer;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    count: () => ask<number>({ tell: 'count' }),
    calls: () => ask<ProviderCall[]>({ tell: 'calls' }),
    kill: async (dead) => void (await ask<number>({ tell: 'count', dead })),
    async close() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

import { isOurFault } from './steady-pool';

interface Waiting<Value> {
  promise: Promise<Value | undefined>;
  resolve: (value: Value | undefined) => void;
  reject: (error: unknown) => void;
}

/**
 * Questions of many callers in one query: those that come while it runs are asked together in the next. So an answer is
 * never older than its question, and a thousand who come back at once cost a handful of queries. Whose own data are at
 * fault is alone in failing.
 */
export class Together<Key, Value> {
  private waiting = new Map<Key, Waiting<Value>>();
  private running = false;

  /** `query` answers all of the keys, or throws, in time; those it leaves out are answered `undefined`. */
  constructor(private readonly query: (keys: Key[]) => Promise<Map<Key, Value>>) {}

  ask(key: Key): Promise<Value | undefined> {
    const known = this.waiting.get(key);
    if (known) return known.promise;
    const mine = Promise.withResolvers<Value | undefined>();
    this.waiting.set(key, mine);
    if (!this.running) void this.run();
    return mine.promise;
  }

  private async run(): Promise<void> {
    this.running = true;
    await null; // all that are asked in this turn
    while (this.waiting.size) {
      const asked = this.waiting;
      this.waiting = new Map();
      try {
        const answers = await this.query([...asked.keys()]);
        for (const [key, { resolve }] of asked) resolve(answers.get(key));
      } catch (error) {
        await this.failed(asked, error);
      }
    }
    this.running = false;
  }

  private async failed(asked: Map<Key, Waiting<Value>>, error: unknown): Promise<void> {
    const alone = asked.size === 1 || !isOurFault(error);
    for (const [key, { resolve, reject }] of asked) {
      if (alone) reject(error);
      else await this.query([key]).then((answers) => resolve(answers.get(key)), reject);
    }
  }
}

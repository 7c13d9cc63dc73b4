import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Counted, CrowdOrder, CrowdWord, Opening } from './crowd-words';

/** Readers of event streams, in a process of their own. */
export interface Crowd {
  /** Opens one connection each, so many at a time. Throws when one is refused. */
  open(streams: Opening[], inFlight?: number): Promise<void>;
  /** Counts from now on. `all`: once so many streams have each heard of so many events. */
  count(
    wanted: { events: number; streams: number },
    progress?: (least: number) => void,
  ): Promise<{ all: Promise<Counted> }>;
  cut(): Promise<void>;
  close(): Promise<void>;
}

export function gather(): Crowd {
  const child = fork(path.join(import.meta.dirname, 'crowd.js'));
  const died = once(child, 'exit').then(() => Promise.reject(new Error('the crowd ended')));
  died.catch(() => {}); // in the end it is told to
  const order = (one: CrowdOrder) => void child.send(one);
  const until = <W extends CrowdWord['word']>(word: W, meanwhile: (told: CrowdWord) => void = () => {}) => {
    let listener: (told: CrowdWord) => void = () => {};
    const heard = new Promise<Extract<CrowdWord, { word: W }>>((resolve) => {
      listener = (told) => {
        meanwhile(told);
        if (told.word === word) resolve(told as Extract<CrowdWord, { word: W }>); // by its name
      };
      child.on('message', listener);
    });
    return Promise.race([heard, died]).finally(() => child.off('message', listener));
  };
  return {
    async open(streams, inFlight = 50) {
      order({ order: 'open', streams, inFlight });
      const { refused } = await until('opened');
      if (refused) throw new Error(`${refused} of ${streams.length} streams were refused`);
    },
    async count(wanted, progress = () => {}) {
      const counting = until('counting');
      const counted = until('counted', (told) => told.word === 'least' && progress(told.events));
      order({ order: 'count', ...wanted });
      await counting;
      return { all: counted };
    },
    async cut() {
      order({ order: 'cut' });
      await until('cut');
    },
    async close() {
      child.kill('SIGKILL');
      await died.catch(() => {});
    },
  };
}

import { LANES } from '@parley/platform/jobs';
import type { ChaosCase } from '../case';
import { newBells } from './bells';

/** Whatever Redis says of who owns a lane, Postgres' own lock decides. */
export function lanesStolen(): ChaosCase {
  let bells: ReturnType<typeof newBells> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let [stolen, rung] = [0, 0];
  return {
    name: 'F38',
    title: 'two workers ring for the same lanes: locks of BullMQ deleted, every lane rung twice at once',
    async inject({ fleet }) {
      [stolen, rung] = [0, 0];
      const open = (bells = newBells(fleet));
      timer = setInterval(() => {
        open.stealLocks().then(
          (n) => (stolen += n),
          () => {},
        );
        open.ringTwice(rung++ % LANES).catch(() => {});
      }, 5);
    },
    async clear() {
      clearInterval(timer);
      await bells?.close();
    },
    random: true,
    async figures() {
      return [
        { what: 'locks stolen', value: stolen, gate: { atLeast: 1 } },
        { what: 'lanes rung twice at once', value: rung, gate: { atLeast: 100 } },
      ];
    },
  };
}

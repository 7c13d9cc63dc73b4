import type { ChaosCase } from '../case';
import { newBells } from './bells';

/** Whatever Redis says of who owns a lane, Postgres' own lock decides. */
export function lanesStolen(): ChaosCase {
  let bells: ReturnType<typeof newBells> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let [stolen, rung] = [0, 0];
  return {
    name: 'F38',
    title: 'two workers believe that they own a lane: all lanes rung 100 times a second, locks of BullMQ deleted',
    async inject({ fleet }) {
      [stolen, rung] = [0, 0];
      const open = (bells = newBells(fleet));
      timer = setInterval(() => {
        open.stealLocks().then(
          (n) => (stolen += n),
          () => {},
        );
        open.ringAll().then(
          () => rung++,
          () => {},
        );
      }, 10);
    },
    async clear() {
      clearInterval(timer);
      bells?.close();
    },
    random: true,
    async figures() {
      return [
        { what: 'locks stolen', value: stolen, gate: { atLeast: 1 } },
        { what: 'times that all lanes rang', value: rung, gate: { atLeast: 100 } },
      ];
    },
  };
}

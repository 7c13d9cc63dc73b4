import type { ChaosCase } from '../case';
import { newBells } from './bells';

/** Whatever Redis says of who has a lane or an account, Postgres' own locks decide. */
export function lanesStolen(): ChaosCase {
  let bells: ReturnType<typeof newBells> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let rung = 0;
  return {
    name: 'F38',
    title: 'two workers believe that they own a lane, or an account: all of them rung 100 times a second',
    async inject({ fleet }) {
      rung = 0;
      const open = (bells = newBells(fleet));
      timer = setInterval(() => {
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
      return [{ what: 'times that all of them rang', value: rung, gate: { atLeast: 100 } }];
    },
  };
}

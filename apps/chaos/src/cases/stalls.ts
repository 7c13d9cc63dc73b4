import type { FleetProcess } from '@parley/testing/rig/fleet';
import type { ChaosCase } from '../case';

const STALL_MS = 5_000;

/** Put into a process when it starts: at SIGUSR2 nothing else runs for a while, and its threads go on. */
const HOOK = `process.on("SIGUSR2",()=>{const end=Date.now()+${STALL_MS};while(Date.now()<end);})`;
const STALLABLE = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(HOOK)}` };

/** Something computes for 5 s in an api, and in a worker, which loses the locks of its bells meanwhile. */
export function eventLoopsStall(): ChaosCase {
  let died = 0;
  const deaths = (all: FleetProcess[]) => all.reduce((sum, one) => sum + one.deaths(), 0);
  return {
    name: 'F37',
    title: 'the event loop of an api, then of a worker, stalls for 5 s',
    inject: async () => {},
    clear: async () => {},
    async run({ fleet, perform }) {
      const [api, worker] = [fleet.apis[0], fleet.workers[0]];
      if (!api || !worker) throw new Error('nobody is there to stall');
      await Promise.all([api.start(STALLABLE), worker.start(STALLABLE)]);
      const before = deaths([api, worker]);
      const verdict = await perform({
        clearAfter: 15 + STALL_MS / 1000,
        inject: async () => api.kill('SIGUSR2'),
        clear: async () => worker.kill('SIGUSR2'),
      });
      died = deaths([api, worker]) - before;
      await Promise.all([api.start(), worker.start()]);
      return verdict;
    },
    async figures(_scene, { callsPerIntent }) {
      return [
        { what: 'processes that died of it', value: died, gate: { equal: 0 } },
        { what: 'calls per answer', value: callsPerIntent, gate: { atMost: 1 } },
      ];
    },
  };
}

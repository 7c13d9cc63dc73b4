import type { ChaosCase } from '../case';

/** A deploy: every process of ours ends in order and a new one takes its place, one after the other. */
export function everythingRestarted(): ChaosCase {
  return {
    name: 'F34',
    title: 'rolling restart of every api and worker',
    async inject({ fleet }) {
      for (const one of [...fleet.apis, ...fleet.workers]) await one.start();
    },
    clear: async () => {},
    random: true,
    async figures({ load }, { refused, callsPerIntent }) {
      const again = load.intents.filter(({ tries }) => tries > 1).length;
      return [
        { what: 'calls of providers refused', value: refused, gate: { equal: 0 } },
        { what: 'answers of agents that were not taken at once', value: again, gate: { equal: 0 } },
        { what: 'calls per answer', value: callsPerIntent, gate: { atMost: 1 } },
      ];
    },
  };
}

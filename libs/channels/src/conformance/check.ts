import type { recordingServer } from '../testing/recording-server';
import type { Sample } from './sample';

/** What a check has: the sample, a server that plays the provider, and a config that points there. */
export interface Stage {
  sample: Sample;
  server: Awaited<ReturnType<typeof recordingServer>>;
  config: unknown;
}

/** One rule of the port. `holds` throws where it does not. */
export interface Check {
  name: string;
  holds(stage: Stage): void | Promise<void>;
}

import type { Verdict } from '@parley/testing/rig/checker';
import type { Fleet, FleetOptions } from '@parley/testing/rig/fleet';
import type { Launcher } from '@parley/testing/rig/launcher';
import type { Load, LoadOptions } from '@parley/testing/rig/load';
import type { Watchers } from '@parley/testing/rig/watchers';

/** A row of the fault matrix. */
export interface ChaosCase {
  name: `F${number}`;
  title: string;
  fleet?: FleetOptions;
  load?: Partial<LoadOptions>;
  /** Begins the fault: called 15 s after the load began. */
  inject(scene: Scene): Promise<void>;
  /** Ends it: called 15 s later. Leaves the fleet in order, unless `spoils`. */
  clear(scene: Scene): Promise<void>;
  /** The row's own figures; called when all has drained. */
  figures?(scene: Scene, verdict: Verdict): Promise<Figure[]>;
  /** May be drawn in the random run, which holds it for a few seconds. */
  random?: boolean;
  /** One of the two minutes of `npm test`. */
  quick?: boolean;
  /** Why it cannot run on this machine; undefined where it can. */
  obstacle?(launcher: Launcher): Promise<string | undefined>;
  /** No other case may use the fleet after this one. */
  spoils?: boolean;
  /** Called at the end of one that spoils its fleet, once that is gone: takes away what it had brought. */
  after?(): Promise<void>;
  /** Instead of the one common load with one fault: what it does, and what came of it. `inject` and `clear` are not called. */
  run?(scene: RunScene): Promise<Verdict>;
}

/** What a case has at hand. */
export interface Scene {
  launcher: Launcher;
  fleet: Fleet;
  load: Load;
  watchers: Watchers;
  /** 0 ≤ x < 1, from the seed. */
  random(): number;
  /** What is worth a line below the table. */
  note(text: string): void;
  /** Epoch ms; 0 before it happened. */
  marks: { injectedAt: number; clearedAt: number };
}

export interface RunScene extends Omit<Scene, 'load' | 'watchers'> {
  /** A load with clients that watch, a fault in it, and what came of it. Seconds count from the begin of the load. */
  perform(plan: Plan): Promise<Verdict>;
}

export interface Plan {
  load?: Partial<LoadOptions>;
  injectAfter?: number;
  clearAfter?: number;
  inject?(scene: Scene): Promise<void>;
  clear?(scene: Scene): Promise<void>;
}

/** One of the row's own figures, with its gate. */
export interface Figure {
  what: string;
  value: number;
  unit?: string;
  gate: { atMost?: number; atLeast?: number; equal?: number };
}

import type { ChaosCase } from '../case';

/** Every row of the fault matrix that can run, in order. */
export const cases: ChaosCase[] = [];

import { within } from '@parley/platform/deadline';

/** The work's own result, or an error after so long: a case that hangs must not hang the run. */
export const inTime = <T>(ms: number, what: string, work: Promise<T>): Promise<T> =>
  within(ms, work, () => new Error(`${what} took longer than ${ms / 1000} s`));

/** Milliseconds since 1970. Due times use it, so that tests can move time. */
export interface Clock {
  now(): number;
}
export const systemClock: Clock = { now: () => Date.now() };
/** Nest token. */
export const CLOCK = Symbol('Clock');

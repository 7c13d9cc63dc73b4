/**
 * A connection to Redis on which a question is not answered for so long is dead, whatever nobody says of it: a firewall that
 * forgets connections tells neither side. `socketTimeout` of ioredis.
 */
export const REDIS_SILENCE_MS = 5_000;

/** Lanes of the install: an account's webhooks all go through one, in order. */
export const LANES = 64;

/** The lane of an account. Stable for ever: rows that wait carry it. FNV-1a. */
export function laneOf(accountId: string): number {
  let hash = 2166136261;
  for (let i = 0; i < accountId.length; i++) hash = Math.imul(hash ^ accountId.charCodeAt(i), 16777619);
  return (hash >>> 0) % LANES;
}

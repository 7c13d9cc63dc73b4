const LONGEST_MS = 300_000;

/** How long to wait after the n-th refusal that passes: 2, 4, 8 s, then with jitter up to 5 min. */
export function retryDelayMs(tries: number, random: () => number = Math.random): number {
  const delay = Math.min(LONGEST_MS, 1000 * 2 ** Math.min(tries, 20));
  return tries <= 3 ? delay : Math.round(delay * (0.5 + random() / 2));
}

const FIRST_MS = 300;
const LAST_MS = 30_000;

/** How long to wait after so many failures in a row: twice as long each time, up to 30 s, and never all at one moment. */
export function backoffMs(failures: number): number {
  const most = Math.min(FIRST_MS * 2 ** failures, LAST_MS);
  return most / 2 + (Math.random() * most) / 2;
}

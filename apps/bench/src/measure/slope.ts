/** Growth per ms of the least values of each `window` of ms: the line with the least squares through them. */
export function slopeOf(points: { at: number; value: number }[], windowMs: number): number {
  const least = new Map<number, { at: number; value: number }>();
  for (const point of points) {
    const window = Math.floor(point.at / windowMs);
    const known = least.get(window);
    if (!known || point.value < known.value) least.set(window, point);
  }
  const lows = [...least.values()];
  const mean = (of: (point: { at: number; value: number }) => number) =>
    lows.reduce((sum, point) => sum + of(point), 0) / lows.length;
  const [at, value] = [mean((point) => point.at), mean((point) => point.value)];
  const spread = lows.reduce((sum, point) => sum + (point.at - at) ** 2, 0);
  if (spread === 0) return 0;
  return lows.reduce((sum, point) => sum + (point.at - at) * (point.value - value), 0) / spread;
}

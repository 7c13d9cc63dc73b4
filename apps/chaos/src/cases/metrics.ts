import type { Fleet } from '@parley/testing/rig/fleet';

/** What a process says of itself now, summed over the labels; 0 when it has no such metric. `name`: without `parley_`. */
export async function metricOf({ app }: Pick<Fleet, 'app'>, { url }: { url: string }, name: string): Promise<number> {
  const headers = { authorization: `Bearer ${app.env.METRICS_TOKEN}` };
  const text = await (await fetch(`${url}/metrics`, { headers })).text();
  let sum = 0;
  for (const [, count] of text.matchAll(new RegExp(`^parley_${name}(?:\\{[^}]*\\})? (\\d+)$`, 'gm')))
    sum += Number(count);
  return sum;
}

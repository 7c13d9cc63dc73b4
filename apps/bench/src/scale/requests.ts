import type { Reading } from '@parley/testing/grown/readings';

/** A request that is asked again and again. */
export interface Request {
  url: string;
  cookie: string;
}

export function requestsOf(origin: string, readings: Reading[], kind: Reading['kind']): Request[] {
  return readings
    .filter((one) => one.kind === kind)
    .flatMap(({ paths, reader: { cookie } }) => paths.map((path) => ({ url: origin + path, cookie })));
}

/** ms that each took, one after the other, in turn through all of them. */
export async function timed(requests: Request[], count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const one = requests[i % requests.length];
    if (!one) throw new Error('there is nothing to ask');
    const began = performance.now();
    const response = await fetch(one.url, { headers: { cookie: one.cookie } });
    await response.arrayBuffer();
    times.push(performance.now() - began);
    if (!response.ok) throw new Error(`${one.url} answered ${response.status}`);
  }
  return times;
}

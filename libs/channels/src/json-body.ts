import { cleanText } from './clean-text';

const utf8 = new TextDecoder();

/** Throws on what is no JSON. Bytes that are no UTF-8 become U+FFFD. Any depth: V8 parses without recursion. */
export function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    throw new Error('The body is not JSON'); // V8's own words quote it, and errors are logged
  }
}

/** `undefined` for what is too deep to be written: V8 writes with recursion and gives up some thousand levels down. */
export function writeJson(value: unknown): Uint8Array | undefined {
  try {
    return Buffer.from(JSON.stringify(value));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** What stands at a path, `undefined` where there is no such place: for looking at what was not checked yet. */
export function peek(value: unknown, ...path: string[]): unknown {
  let found = value;
  for (const name of path) {
    if (found === null || typeof found !== 'object' || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name]; // an object with this own property
  }
  return found;
}

/** A name as our columns and indexes can hold it; `undefined` for anything else. */
export function peekName(value: unknown, ...path: string[]): string | undefined {
  const found = peek(value, ...path);
  if (typeof found !== 'string') return undefined;
  const name = cleanText(found);
  return name !== '' && name.length <= MAX_NAME ? name : undefined;
}

/** Ids longer than this would not fit an index of Postgres; no provider makes such. */
export const MAX_NAME = 512;

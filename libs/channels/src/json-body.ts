import { cleanText } from './clean-text';
import { Unreadable } from './unreadable';

const utf8 = new TextDecoder();

/** Throws on what is no JSON. Bytes that are no UTF-8 become U+FFFD. Any depth: V8 parses without recursion. */
export function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    throw new Unreadable('The body is not JSON'); // V8's own words quote it, and errors are logged
  }
}

/** The same of a call that must be a JSON object, or it throws. */
export function readObject(body: Uint8Array): object {
  const call = readJson(body);
  if (call === null || typeof call !== 'object' || Array.isArray(call))
    throw new Unreadable('The call is not a JSON object');
  return call;
}

/** Writes what `readJson` gave, at any depth: V8's own writer recurses and gives up some thousand levels down. */
export function writeJson(value: unknown): Uint8Array {
  try {
    return Buffer.from(JSON.stringify(value));
  } catch (error) {
    if (error instanceof RangeError) return Buffer.from(writeDeep(value));
    throw error;
  }
}

function writeDeep(whole: unknown): string {
  const written: string[] = [];
  const waiting: Part[] = [{ value: whole }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if ('text' in next) written.push(next.text);
    else for (const part of partsOf(next.value).toReversed()) waiting.push(part);
  }
  return written.join('');
}

type Part = { text: string } | { value: unknown };

function partsOf(value: unknown): Part[] {
  if (Array.isArray(value)) return bracketed('[', value.map(unnamed), ']');
  if (value !== null && typeof value === 'object') return bracketed('{', Object.entries(value).flatMap(named), '}');
  return [{ text: JSON.stringify(value) }];
}

interface Member {
  before: string;
  value: unknown;
}
const unnamed = (value: unknown): Member => ({ before: '', value });
const named = ([name, value]: [string, unknown]): Member[] =>
  value === undefined ? [] : [{ before: `${JSON.stringify(name)}:`, value }];

function bracketed(open: string, members: Member[], close: string): Part[] {
  const inside = members.flatMap(({ before, value }, index) => [
    { text: `${index === 0 ? '' : ','}${before}` },
    { value },
  ]);
  return [{ text: open }, ...inside, { text: close }];
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

import { malformed } from '../testing/malformed';
import type { Random } from './random';
import type { Sample } from './sample';

/** Bodies out of one fixture by chance, beside the systematic ones of `malformed`. */
const BY_CHANCE = 20;
/** Fixtures, spread over all, of which every place is tried with every wrong value. */
const THOROUGH = 10;

interface Hostile {
  name: string;
  body: Uint8Array;
  /** Words and numbers of people in the call that it was made from. */
  private: string[];
}

/** Calls that no provider should send, and that some day arrive. */
export function* hostileCalls({ fixtures }: Sample, random: Random): Generator<Hostile> {
  const step = Math.max(1, Math.floor(fixtures.length / THOROUGH));
  for (const [index, [name, { call, events }]] of fixtures.entries()) {
    const words = privateWords(events);
    const valid = jsonIn(call.body);
    for (let round = 0; round < BY_CHANCE; round++) {
      const body = valid === undefined || round % 4 === 0 ? torn(call.body, random) : mixed(valid, random);
      yield { name: `${name}, by chance ${round}`, body, private: words };
    }
    if (valid === undefined || index % step !== 0) continue;
    for (const [what, body] of malformed(valid)) yield { name: `${name}, ${what}`, body, private: words };
  }
}

/** Leaves out what a word of ours may contain by chance. */
export function privateWords(events: unknown): string[] {
  const words = new Set<string>();
  const collect = (value: unknown, name: string) => {
    if (typeof value === 'string' && value.length >= 5 && PRIVATE.has(name)) words.add(value);
    else if (value !== null && typeof value === 'object')
      for (const [inner, one] of Object.entries(value)) collect(one, Array.isArray(value) ? name : inner);
  };
  collect(events, '');
  return [...words];
}

const PRIVATE = new Set(['address', 'addresses', 'name', 'text', 'caption', 'title', 'phones', 'emails', 'image']);

function jsonIn(body: Uint8Array): object | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString());
    return value !== null && typeof value === 'object' ? value : undefined;
  } catch {
    return undefined; // a form, or what the provider writes otherwise: torn alone
  }
}

/** Bytes cut off, doubled or changed. */
function torn(body: Uint8Array, random: Random): Uint8Array {
  const copy = Buffer.from(body);
  if (copy.length === 0) return copy;
  for (let times = random.below(4); times >= 0; times--) copy[random.below(copy.length)] = random.below(256);
  const end = random.below(3) === 0 ? random.below(copy.length) : copy.length;
  return Buffer.concat([copy.subarray(0, end), copy.subarray(0, random.below(4) === 0 ? end : 0)]);
}

/** The call with some of its values in other places, of other kinds, or gone. */
function mixed(valid: object, random: Random): Uint8Array {
  const copy = structuredClone(valid);
  const places = placesIn(copy);
  for (let times = random.below(3); times >= 0; times--) {
    const { owner, name } = random.pick(places);
    const other = random.pick(places);
    switch (random.below(4)) {
      case 0:
        delete owner[name];
        break;
      case 1:
        owner[name] = other.value; // may lead back to where it stands: `written` ends that
        break;
      case 2:
        owner[name] = random.pick(WRONG);
        break;
      default:
        owner[name] = [owner[name], owner[name]];
    }
  }
  return written(copy);
}

const WRONG: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  0.5,
  '',
  '\0',
  '\ud800',
  '0'.repeat(600),
  [],
  {},
  [[]],
  { id: {} },
  '__proto__',
  '9'.repeat(30),
];

interface Place {
  owner: Record<string, unknown>;
  name: string;
  value: unknown;
}

function placesIn(value: object): Place[] {
  const owner = value as Record<string, unknown>; // an array is one too, by its indexes
  return Object.entries(owner).flatMap(([name, inner]) => [
    { owner, name, value: inner },
    ...(inner !== null && typeof inner === 'object' ? placesIn(inner) : []),
  ]);
}

/** JSON, with nothing in the place of what contains itself. */
function written(value: object): Uint8Array {
  const open: unknown[] = [];
  const text = JSON.stringify(value, function (this: unknown, _name, inner: unknown) {
    while (open.length > 0 && open.at(-1) !== this) open.pop();
    if (inner === null || typeof inner !== 'object') return inner;
    if (open.includes(inner)) return null;
    open.push(inner);
    return inner;
  });
  return Buffer.from(text);
}

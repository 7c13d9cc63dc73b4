/** Bodies that no provider should send and that some day arrive: each must end in items or an Error, soon, and nothing else. */
export function malformed(valid: object): [name: string, body: Uint8Array][] {
  const whole = JSON.stringify(valid);
  const texts: Record<string, string> = {
    nothing: '',
    'no JSON': 'hello',
    'half of the JSON': whole.slice(0, whole.length / 2),
    null: 'null',
    'a number': '1e999',
    'a string': '"x"',
    'an array': '[]',
    'an array of calls': `[${whole}]`,
    'an empty object': '{}',
    'a deep array': '['.repeat(10_000) + ']'.repeat(10_000),
    'a deep object': '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000),
    'a byte order mark': `\ufeff${whole}`,
    'numbers that overflow': whole.replace(/\d{10}/g, '1e999'),
    'a stolen prototype': whole.replace(
      '{',
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},',
    ),
  };
  const written = Object.entries(texts).map(([name, text]): [string, Uint8Array] => [name, Buffer.from(text)]);
  const swapped = mutations(valid).map(([name, body]): [string, Uint8Array] => [
    name,
    Buffer.from(JSON.stringify(body)),
  ]);
  const deep = deepMutations(whole);
  return [
    ...written,
    ['truncated UTF-8', Buffer.concat([Buffer.from(whole.slice(0, -2)), Buffer.from([0xf0, 0x9f])])],
    ...swapped,
    ...deep,
  ];
}

const wrongs: [name: string, value: unknown][] = [
  ['null', null],
  ['a number', 7],
  ['a string', 'x'],
  ['NUL', '\0'],
  ['a lone surrogate', '\ud800'],
  ['an empty array', []],
  ['an array of null', [null]],
  ['an object', { constructor: null, __proto__: null }],
  ['true', true],
];

/** Every place of the call with every wrong value in it. */
function mutations(valid: object): [string, unknown][] {
  return placesOf(valid).flatMap((place) =>
    wrongs.map(([name, value]): [string, unknown] => [`${place.join('.')} is ${name}`, replaced(valid, place, value)]),
  );
}

/** Every text of the call replaced by something deep, without ever writing it with JSON.stringify. */
function deepMutations(whole: string): [string, Uint8Array][] {
  const deep = '['.repeat(10_000) + ']'.repeat(10_000);
  return [...whole.matchAll(/:("[^"]*")/g)].map((match): [string, Uint8Array] => {
    const at = match.index + 1;
    return [`deep at ${at}`, Buffer.from(whole.slice(0, at) + deep + whole.slice(at + (match[1] ?? '').length))];
  });
}

function placesOf(value: unknown, path: string[] = []): string[][] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, inner]) => [[...path, name], ...placesOf(inner, [...path, name])]);
}

function replaced(value: unknown, [name, ...rest]: string[], by: unknown): unknown {
  if (name === undefined) return by;
  const inner = replaced((value as Record<string, unknown>)[name], rest, by); // a place that `placesOf` found
  if (Array.isArray(value)) return value.map((one: unknown, index) => (String(index) === name ? inner : one));
  return { ...(value as object), [name]: inner };
}

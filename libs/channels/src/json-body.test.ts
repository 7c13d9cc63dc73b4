import fc from 'fast-check';
import { expect, it } from 'vitest';
import { peek, peekName, readJson, writeJson } from './json-body';

it('writes what it read, at any depth', () => {
  const deep = `{"a":${'[1,{"b":'.repeat(10_000)}"é\\ud800\\u0000"${',"c":null}]'.repeat(10_000)}}`;
  expect(Buffer.from(writeJson(readJson(Buffer.from(deep)))).toString()).toBe(deep);
});

it('writes deep what V8 writes shallow', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      let deep: unknown = value;
      for (let depth = 0; depth < 8_000; depth++) deep = [deep];
      const written = Buffer.from(writeJson(deep)).toString();
      expect(written.slice(8_000, -8_000)).toBe(JSON.stringify(value));
    }),
    { numRuns: 50 },
  );
});

it('finds own properties alone', () => {
  expect(peek({ a: [{ b: 1 }] }, 'a', '0', 'b')).toBe(1);
  expect(peek({}, 'constructor', 'name')).toBeUndefined();
  expect(peek(null, 'a')).toBeUndefined();
  expect(peekName({ a: 'x\0\ud800' }, 'a')).toBe('x\ufffd');
  expect(peekName({ a: 'x'.repeat(513) }, 'a')).toBeUndefined();
});

it('says nothing of a body that it cannot read', () => {
  expect(() => readJson(Buffer.from('call +15550107788'))).toThrow(/^The body is not JSON$/);
});

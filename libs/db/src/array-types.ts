import type { PostgresType } from 'postgres';

type Element = string | number | boolean | Date | Uint8Array | null | undefined;

const text = (value: string) => value;
const number = (value: string) => Number(value);
const date = (value: string) => new Date(value);

/** Array types by their oid in `pg_type`, which never change, and how an element is read. */
const elements: Record<number, (value: string) => Element> = {
  1000: (value) => value === 't', // bool
  1001: (value) => Buffer.from(value.slice(2), 'hex'), // bytea
  1003: text, // name
  1005: number, // int2
  1007: number, // int4
  1009: text, // text
  1015: text, // varchar
  1016: number, // int8: ours all fit
  1021: number, // float4
  1022: number, // float8
  1028: number, // oid
  1182: date, // date
  1185: date, // timestamptz
  1231: text, // numeric
  2951: text, // uuid
  3807: (value) => JSON.parse(value) as Element, // jsonb
};

/**
 * How lists go to Postgres and come back. postgres.js asks each new connection for these (`fetch_types`); when the
 * connection is lost meanwhile, nobody handles the failure of that question, and the process ends.
 */
export const arrayTypes: Record<string, PostgresType<Element[]>> = Object.fromEntries(
  Object.entries(elements).map(([oid, parse]) => [
    `array${oid}`,
    { to: Number(oid), from: [Number(oid)], serialize: writeArray, parse: (value: string) => readArray(value, parse) },
  ]),
);

/** What is a literal already stays one. */
function writeArray(values: Element[] | string): string {
  return typeof values === 'string' ? values : `{${values.map(writeElement).join(',')}}`;
}

function writeElement(value: Element): string {
  if (value === null) return 'null';
  if (value === undefined) throw new TypeError('undefined in a list for Postgres');
  return `"${textOf(value).replace(/["\\]/g, '\\$&')}"`;
}

function textOf(value: string | number | boolean | Date | Uint8Array): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  return String(value);
}

/** One dimension. */
function readArray(literal: string, parse: (value: string) => Element): Element[] {
  const items: Element[] = [];
  const pattern = /"((?:[^"\\]|\\.)*)"|([^",{}]+)/gs;
  for (const [, quoted, bare] of literal.matchAll(pattern)) {
    if (quoted !== undefined) items.push(parse(quoted.replace(/\\(.)/gs, '$1')));
    else if (bare !== undefined) items.push(bare === 'NULL' ? null : parse(bare));
  }
  return items;
}

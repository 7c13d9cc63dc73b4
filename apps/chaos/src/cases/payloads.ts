import { evolutionCall, postAs, textCall } from '@parley/testing/system/provider-calls';
import type { LiveAccount } from '@parley/testing/system/system';
import type { ChaosCase } from '../case';
import { chosenOf } from './accounts';
import { oldestPendingMs } from './backlog';
import { Samples } from './samples';

const DEEP = 10_000;
const MUTATIONS = 200;

/** What no provider should send, and some day one does. */
export function payloadsPoisoned(): ChaosCase {
  let answers: number[] = [];
  let posted = 0;
  let kept = 0;
  let waits: Samples | undefined;
  return {
    name: 'F24',
    title: 'payloads that are broken in every way',
    random: true,
    async inject({ fleet, random }) {
      waits = new Samples(200, () => oldestPendingMs(fleet.sql));
      answers = [];
      for (const account of chosenOf(fleet)) {
        for (const body of corpusOf(account, random)) {
          answers.push(await postAs(fleet, account, body, { url: fleet.entry }));
        }
      }
      posted = answers.length;
    },
    async clear({ fleet }) {
      await waits?.stop();
      const ids = chosenOf(fleet).map(({ id }) => id);
      const [row] = await fleet.sql<{ n: number }[]>`
        select count(*)::int n from pending where dead is not null and account_id = any(${ids}::uuid[])`;
      kept = row?.n ?? 0;
    },
    async figures() {
      return [
        { what: 'broken payloads', value: posted, gate: { atLeast: 2 * MUTATIONS } },
        {
          what: 'answers that were neither 200 nor 413',
          value: answers.filter((one) => one !== 200 && one !== 413).length,
          gate: { equal: 0 },
        },
        { what: 'kept as unreadable, to be replayed', value: kept, gate: { atLeast: 1 } },
        { what: 'longest wait in a lane', value: waits?.most ?? NaN, unit: 'ms', gate: { atMost: 1_000 } },
      ];
    },
  };
}

let runs = 0;

function corpusOf(account: LiveAccount, random: () => number): (string | Uint8Array)[] {
  const run = runs++;
  const from = '+12185550142';
  const text = (name: string, words: string) => textCall(account, { id: `P${run}-${name}`, from, text: words });
  const plain = text('plain', 'MARK');
  const inPlace = (name: string, json: string) => text(name, 'MARK').replace('"MARK"', () => json);
  return [
    text('nul', 'before \u0000 after'),
    inPlace('surrogate', '"\\ud800 alone"'),
    inPlace('escaped-nul', '"\\u0000"'),
    text('long', 'x'.repeat(2 ** 20)),
    inPlace('deep', '['.repeat(DEEP) + ']'.repeat(DEEP)),
    inPlace('deep-objects', '{"a":'.repeat(DEEP) + '1' + '}'.repeat(DEEP)),
    inPlace('proto', '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
    ...['null', '42', 'true', '[]', '{}', '-1e999', '""'].map((json, i) => inPlace(`type${i}`, json)),
    Buffer.concat([Buffer.from(plain.slice(0, -20)), Buffer.from([0xe2, 0x82])]), // in the middle of a character
    Buffer.from(text('latin', 'caf\u00e9'), 'latin1'),
    '', ' ', 'null', '[]', '"text"', '{}', '{', 'a=1&b=2',
    evolutionCall(account, 'messages.upsert', null),
    evolutionCall(account, 'messages.upsert', []),
    evolutionCall(account, '__proto__', {}),
    ...Array.from({ length: MUTATIONS }, (_, i) => mutated(text(`fuzz${i}`, `fuzz ${i}`), random)),
  ]; // prettier-ignore
}

/** A few bytes of it are others, fewer or more. */
function mutated(body: string, random: () => number): Uint8Array {
  let bytes = Buffer.from(body);
  for (let i = 0; i < 1 + random() * 4; i++) {
    const at = Math.floor(random() * bytes.length);
    const piece = Buffer.from([Math.floor(random() * 256)]);
    const gone = Math.floor(random() * 3);
    bytes = Buffer.concat([bytes.subarray(0, at), ...(random() < 0.5 ? [piece] : []), bytes.subarray(at + gone)]);
  }
  return bytes;
}
